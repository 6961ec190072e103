import type { Schemas } from "#client";
import { api } from "../../api.ts";
import { sourceOf } from "../../drafts/draft-api.ts";
import type { Draft } from "../../drafts/draft.ts";

export type CheckReport = Schemas["ReplayCheck"];

/** The executions of one check, unless a deploy requires more. */
export const checkedExecutions = 50;

/** Seconds that a request waits for the end of a check before it returns the progress. */
const progressWait = 1;

/** Starts a check of a draft as it is in the editor, against the last executions. It returns before the check has ended. */
export async function startCheck(workflowId: string, draft: Draft, last: number): Promise<CheckReport> {
  return await api.post("/workflows/{workflowId}/replay-checks", {
    params: { path: { workflowId } },
    body: { ...sourceOf(draft), select: { last } },
  });
}

/** The progress, or the report as soon as the check has ended. */
export async function readCheck(report: CheckReport, signal: AbortSignal): Promise<CheckReport> {
  const { workflowId, id: checkId } = report;
  return await api.get("/workflows/{workflowId}/replay-checks/{checkId}", {
    params: { path: { workflowId, checkId }, query: { wait: progressWait } },
    signal,
  });
}

export async function cancelCheck({ workflowId, id: checkId }: CheckReport): Promise<CheckReport> {
  return await api.post("/workflows/{workflowId}/replay-checks/{checkId}/cancel", {
    params: { path: { workflowId, checkId } },
  });
}

/** Whether there is anything to check against. */
export async function hasExecutions(workflowId: string): Promise<boolean> {
  const { items } = await api.get("/executions", { params: { query: { workflow: workflowId, limit: 1 } } });
  return items.length > 0;
}

/** The number of executions that a check must include before a deploy; `undefined` if a deploy requires no check. */
export async function requiredExecutions(workflowId: string): Promise<number | undefined> {
  const { deploy } = await api.get("/workflows/{workflowId}/settings", { params: { path: { workflowId } } });
  const required = deploy?.requireReplayCheck;
  return required === undefined ? undefined : (required.last ?? checkedExecutions);
}
