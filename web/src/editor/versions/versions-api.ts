import { ProblemError, type Version, type VersionWithSource, type Workflow } from "@duranium/client";
import { queryOptions } from "@tanstack/react-query";
import { api } from "../../api.ts";

/** The workflow; `null` where nothing was deployed under this id. */
export function workflowQuery(workflowId: string) {
  return queryOptions({
    queryKey: ["workflow", workflowId],
    queryFn: async (): Promise<Workflow | null> => {
      try {
        return await api.get("/workflows/{workflowId}", { params: { path: { workflowId } } });
      } catch (error) {
        if (error instanceof ProblemError && error.code === "workflow-not-found") return null;
        throw error;
      }
    },
  });
}

/** A version with its source, which never changes. */
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

/** A page of versions, the newest first. */
export async function readVersions(
  workflowId: string,
  cursor: string | undefined,
): Promise<{ readonly items: readonly Version[]; readonly cursor?: string }> {
  return await api.get("/workflows/{workflowId}/versions", {
    params: { path: { workflowId }, query: cursor === undefined ? {} : { cursor } },
  });
}

/** New executions get this version from now on. */
export async function activateVersion(workflowId: string, version: number): Promise<Version> {
  return await api.post("/workflows/{workflowId}/activate", {
    params: { path: { workflowId } },
    body: { version },
  });
}
