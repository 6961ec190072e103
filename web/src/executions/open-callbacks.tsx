import type { Execution } from "#client";
import { useQuery } from "@tanstack/react-query";
import { api } from "../api.ts";
import { CopyButton } from "../components/copy-button.tsx";
import { Problem } from "../components/problem.tsx";
import { useRefusal } from "../session/session.tsx";
import "./open-callbacks.css";

/** The callback URLs that an execution waits for. They work without a key, so only keys that may manage the execution see them. */
export function OpenCallbacks({ execution }: { readonly execution: Execution }) {
  const { executionId, workflowId, waitingFor } = execution;
  const refusal = useRefusal("executions:manage", workflowId);
  const awaited = waitingFor.filter((each) => /^callback\b/.test(each)).length;
  const { data, error } = useQuery({
    queryKey: ["callbacks", executionId, awaited],
    queryFn: async ({ signal }) =>
      await api.get("/executions/{executionId}/callbacks", { params: { path: { executionId } }, signal }),
    enabled: refusal === undefined && awaited > 0,
  });
  if (awaited === 0) return null;
  if (refusal !== undefined)
    return <p className="soft small">The callback URL is not available: {refusal}</p>;
  if (error !== null) return <Problem error={error} />;
  return (
    <ul className="callbacks" aria-label="Callback URLs">
      {data?.items.map(({ callback, url }) => (
        <li key={callback} className="callback">
          <code>{url}</code>
          <CopyButton text={() => url} what={`URL of callback ${callback + 1}`} />
        </li>
      ))}
    </ul>
  );
}
