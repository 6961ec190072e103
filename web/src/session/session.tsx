import type { Schemas } from "#client";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import type { QueryClient } from "@tanstack/react-query";
import { createContext, use } from "react";
import type { ReactNode } from "react";
import { Redirect } from "wouter";
import { api } from "../api.ts";
import { Loading } from "../components/loading.tsx";
import { Problem } from "../components/problem.tsx";

export type Session = Schemas["Session"];

export type Scope = Session["scopes"][number];

const SessionContext = createContext<Session | undefined>(undefined);

/** Renders its children if logged in, and redirects to the login page otherwise. */
export function SessionGate({ children, from }: { readonly children: ReactNode; readonly from: string }) {
  const { data, error, isPending } = useQuery({
    queryKey: ["session"],
    queryFn: readSession,
    staleTime: 60_000,
  });
  if (data === null) return <Redirect to={`/login?to=${encodeURIComponent(from)}`} replace />;
  if (data !== undefined) return <SessionContext value={data}>{children}</SessionContext>;
  if (isPending) return <Loading what="session" />;
  return <Problem error={error} />;
}

/** @throws if not logged in; use it only below `SessionGate` */
export function useSession(): Session {
  const session = use(SessionContext);
  if (session === undefined) throw new Error("No session");
  return session;
}

/** Why the key lacks a permission, as a sentence; `undefined` if it has it. */
export function useRefusal(scope: Scope, workflowId?: string): string | undefined {
  const { scopes, workflows } = useSession();
  if (!scopes.includes(scope)) return `Your API key lacks the scope ${scope}.`;
  if (workflowId === undefined || workflows === undefined || workflows.includes(workflowId)) return undefined;
  return `Your API key has no access to the workflow ${workflowId}.`;
}

/** Whether the Restate UI is accessible. It shows all workflows and can cancel and restart all executions. */
export function useOpensRestate(): boolean {
  const { scopes, workflows } = useSession();
  return scopes.includes("executions:manage") && workflows === undefined;
}

/** `null` if not logged in. */
async function readSession(): Promise<Session | null> {
  return (await api.get("/session/status")).session;
}

/** Exchanges an API key for a session in a cookie that scripts cannot read. */
export function useLogIn(): (key: string) => Promise<void> {
  const queries = useQueryClient();
  return async (key) => {
    const session = await api.post("/session", { body: { key } });
    forgetAll(queries);
    queries.setQueryData(["session"], session);
  };
}

export function useLogOut(): () => Promise<void> {
  const queries = useQueryClient();
  return async () => {
    await api.delete("/session");
    queries.setQueryData(["session"], null);
    forgetAll(queries);
  };
}

/** Data of one key must not be shown to the next. */
function forgetAll(queries: QueryClient): void {
  queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== "session" });
}
