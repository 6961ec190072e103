import { assertScope } from "../../domain/permissions.ts";
import type { ApiContext } from "../contract/context.ts";
import { replayCheck, replayChecks } from "../contract/replay-check.ts";
import type { ReplayCheckService } from "../contract/replay-check.ts";
import { json } from "../http/answer.ts";
import { defineRoute, type Route } from "../http/route.ts";
import { replayCheckBody, replayCheckParameters, replayCheckQuery } from "./replay-check-schema.ts";
import { workflowParameters } from "./workflow-schema.ts";

const tag = "Replay checks";
const checksPath = "/workflows/:workflowId/replay-checks";
const checkPath = `${checksPath}/:checkId`;

/** `closing` aborts when the API is about to close: waiting callers then get the progress. */
export function replayCheckRoutes(checks: ReplayCheckService, closing: AbortSignal): readonly Route[] {
  return [start(checks, closing), list(checks), get(checks, closing), cancel(checks)];
}

const ended = json(replayCheck, "The report");
const running = json(replayCheck, "The check has started", {
  status: 202,
  headers: { location: "URL of the check" },
});

function start(checks: ReplayCheckService, closing: AbortSignal): Route {
  return defineRoute({
    method: "post",
    path: checksPath,
    access: "workflows:deploy",
    operationId: "startReplayCheck",
    createsWork: true,
    isAudited: true,
    tag,
    summary: "Replay executions on another version",
    description:
      "Replays recordings of executions that have ended on the draft, a source or a version, and reports what differs. Nothing " +
      "that the code does has an effect: each call receives what was recorded. Needs the scope `executions:read` as well, " +
      "because the report contains data of executions. Reports are stored for a day.",
    params: workflowParameters,
    query: replayCheckQuery,
    body: replayCheckBody,
    otherAnswers: [ended, running],
    errors: [
      "invalid-workflow-id",
      "workflow-not-found",
      "version-not-found",
      "draft-not-found",
      "execution-not-found",
      "invalid-entry-point",
      "restate-unavailable",
    ],
    handle: async ({ params: { workflowId }, query, body }, context) => {
      const apiKey = context.get("apiKey");
      assertScope(apiKey, "executions:read");
      const { id } = await checks.start({ workflowId, ...body, requestedBy: apiKey.name });
      const signal = AbortSignal.any([context.req.raw.signal, closing]);
      const check = await checks.wait(workflowId, id, (query.wait ?? 0) * 1_000, signal);
      if (check.status !== "running") return ended.respond(check, context);
      context.header("location", `/workflows/${workflowId}/replay-checks/${id}`);
      return running.respond(check, context);
    },
  });
}

function list(checks: ReplayCheckService): Route {
  return defineRoute({
    method: "get",
    path: checksPath,
    access: "executions:read",
    operationId: "listReplayChecks",
    tag,
    summary: "List the replay checks of a workflow",
    description: "The checks of the last day, the latest first, without their items.",
    params: workflowParameters,
    answer: json(replayChecks, "The checks"),
    errors: ["invalid-workflow-id", "restate-unavailable"],
    handle: async ({ params }) => ({ items: [...(await checks.list(params.workflowId))] }),
  });
}

function get(checks: ReplayCheckService, closing: AbortSignal): Route {
  return defineRoute({
    method: "get",
    path: checkPath,
    access: "executions:read",
    operationId: "getReplayCheck",
    tag,
    summary: "Get the report of a replay check",
    description: "While the check is running, the report has the items so far.",
    params: replayCheckParameters,
    query: replayCheckQuery,
    answer: json(replayCheck, "The report"),
    errors: ["invalid-workflow-id", "replay-check-not-found", "restate-unavailable"],
    handle: async ({ params: { workflowId, checkId }, query }, context) => {
      const signal = AbortSignal.any([context.req.raw.signal, closing]);
      return await checks.wait(workflowId, checkId, (query.wait ?? 0) * 1_000, signal);
    },
  });
}

function cancel(checks: ReplayCheckService): Route {
  return defineRoute({
    method: "post",
    path: `${checkPath}/cancel`,
    access: "workflows:deploy",
    operationId: "cancelReplayCheck",
    isAudited: true,
    tag,
    summary: "Cancel a replay check",
    description: "The items so far stay in the report. A check that has ended stays as it is.",
    params: replayCheckParameters,
    answer: json(replayCheck, "The check"),
    errors: ["invalid-workflow-id", "replay-check-not-found", "restate-unavailable"],
    handle: async ({ params: { workflowId, checkId } }, context: ApiContext) => {
      assertScope(context.get("apiKey"), "executions:read");
      await checks.cancel(workflowId, checkId);
      return await checks.wait(workflowId, checkId, 5_000, context.req.raw.signal);
    },
  });
}
