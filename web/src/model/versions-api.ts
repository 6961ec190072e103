import type { Version, VersionWithSource, Workflow } from "#client";
import { queryOptions } from "@tanstack/react-query";
import { api } from "../api.ts";

/** The workflow; `null` if it is not deployed. */
export function workflowQuery(workflowId: string) {
  return queryOptions({
    queryKey: ["workflow", workflowId],
    queryFn: async () => await readWorkflow(workflowId),
  });
}

/** `null` if it is not deployed. Read from a list, because browsers log a missing workflow as an error. */
export async function readWorkflow(workflowId: string): Promise<Workflow | null> {
  const { items } = await api.get("/workflows", { params: { query: { workflow: workflowId } } });
  return items[0] ?? null;
}

/** A version with its source. Only its note can change. */
export function versionQuery(workflowId: string, version: number) {
  return queryOptions({
    queryKey: ["version", workflowId, version],
    queryFn: async (): Promise<VersionWithSource> =>
      await api.get("/workflows/{workflowId}/versions/{version}", {
        params: { path: { workflowId, version } },
      }),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** A page of versions, newest first; empty if the workflow is not deployed. */
export async function readVersions(
  workflowId: string,
  cursor: string | undefined,
): Promise<{ readonly items: readonly Version[]; readonly cursor?: string }> {
  if (cursor === undefined && (await readWorkflow(workflowId)) === null) return { items: [] };
  return await api.get("/workflows/{workflowId}/versions", {
    params: { path: { workflowId }, query: cursor === undefined ? {} : { cursor } },
  });
}

/** Replaces the note of a version; an empty note removes it. */
export async function saveNote(workflowId: string, version: number, note: string): Promise<Version> {
  return await api.patch("/workflows/{workflowId}/versions/{version}", {
    params: { path: { workflowId, version } },
    body: { note },
  });
}

/** Activates a version for new executions. */
export async function activateVersion(workflowId: string, version: number): Promise<Version> {
  return await api.post("/workflows/{workflowId}/activate", {
    params: { path: { workflowId } },
    body: { version },
  });
}
