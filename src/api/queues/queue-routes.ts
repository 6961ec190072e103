import { DuraniumError } from "../../domain/errors.ts";
import { workflowOfQueue } from "../../domain/flow/queue-id.ts";
import type { QueueId } from "../../domain/ids.ts";
import { assertWorkflowAccess } from "../../domain/permissions.ts";
import { workflowsOf } from "../access/permissions.ts";
import type { ApiContext } from "../contract/context.ts";
import { queueDetail } from "../contract/queue.ts";
import type { QueueService } from "../contract/services.ts";
import { json } from "../http/answer.ts";
import { jsonBody } from "../http/body.ts";
import { defineRoute, type Route } from "../http/route.ts";
import {
  changeQueueRequest,
  operateQueueRequest,
  queueParameters,
  queues as queueList,
} from "./queue-schema.ts";

const tag = "Queues";

export function queueRoutes(queues: QueueService): readonly Route[] {
  return [list(queues), get(queues), change(queues), operate(queues, "drain"), operate(queues, "purge")];
}

function list(queues: QueueService): Route {
  return defineRoute({
    method: "get",
    path: "/queues",
    access: "executions:read",
    operationId: "listQueues",
    tag,
    summary: "List the queues of flow control",
    description: "Lists queues that have limits, or in which executions wait or hold slots.",
    filtersByWorkflow: true,
    answer: json(queueList, "The queues, by ID"),
    errors: ["restate-unavailable"],
    handle: async (_input, context) => ({ items: await queues.list(workflowsOf(context)) }),
  });
}

function get(queues: QueueService): Route {
  return defineRoute({
    method: "get",
    path: "/queues/:queueId",
    access: "executions:read",
    operationId: "getQueue",
    tag,
    summary: "Get a queue: what runs, what waits, and what blocks it",
    filtersByWorkflow: true,
    params: queueParameters,
    answer: json(queueDetail, "The queue"),
    errors: ["queue-not-found", "restate-unavailable"],
    handle: async ({ params }, context) => await queues.get(permitted(params.queueId, context)),
  });
}

function change(queues: QueueService): Route {
  return defineRoute({
    method: "patch",
    path: "/queues/:queueId",
    access: "queues:manage",
    operationId: "changeQueue",
    isAudited: true,
    tag,
    summary: "Pause or resume a queue, or override its limits",
    filtersByWorkflow: true,
    params: queueParameters,
    body: jsonBody(changeQueueRequest),
    answer: json(queueDetail, "The queue after the change"),
    errors: ["queue-not-found", "restate-unavailable"],
    handle: async ({ params, body: { paused, override, note } }, context) => {
      const id = permitted(params.queueId, context);
      const noted = { by: context.get("apiKey").name, note };
      if (override !== undefined) await queues.change(id, { ...noted, action: "override", limits: override });
      if (paused === undefined) return await queues.get(id);
      return await queues.change(id, { ...noted, action: paused ? "pause" : "resume" });
    },
  });
}

const summaries = {
  drain: "Drain a queue",
  purge: "Skip the executions that wait in a queue",
} as const;

const descriptions = {
  drain:
    "Executions that wait now start as the limits allow. Executions that arrive later wait, and the queue is paused once the " +
    "others have started.",
  purge: "Executions that have not started end with the status `skipped`. Running ones continue.",
} as const;

function operate(queues: QueueService, action: "drain" | "purge"): Route {
  return defineRoute({
    method: "post",
    path: `/queues/:queueId/${action}`,
    access: "queues:manage",
    operationId: `${action}Queue`,
    isAudited: true,
    tag,
    summary: summaries[action],
    description: descriptions[action],
    filtersByWorkflow: true,
    params: queueParameters,
    body: jsonBody(operateQueueRequest),
    answer: json(queueDetail, "The queue after the change"),
    errors: ["queue-not-found", "restate-unavailable"],
    handle: async ({ params, body }, context) => {
      const id = permitted(params.queueId, context);
      return await queues.change(id, { by: context.get("apiKey").name, note: body.note, action });
    },
  });
}

/**
 * Keys that are bound to workflows may use the queues of these workflows only.
 *
 * @throws {DuraniumError} `forbidden`
 */
function permitted(queue: QueueId, context: ApiContext): QueueId {
  const apiKey = context.get("apiKey");
  const workflowId = workflowOfQueue(queue);
  if (workflowId !== undefined) assertWorkflowAccess(apiKey, workflowId);
  else if (apiKey.workflows !== undefined)
    throw new DuraniumError("forbidden", "The API key may not do this: it is for some workflows only");
  return queue;
}
