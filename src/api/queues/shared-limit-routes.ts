import { sharedLimit } from "../contract/queue.ts";
import type { QueueService } from "../contract/services.ts";
import { json, noContent } from "../http/answer.ts";
import { jsonBody } from "../http/body.ts";
import { defineRoute, type Route } from "../http/route.ts";
import { limitParameters, setLimitRequest, sharedLimits } from "./queue-schema.ts";

const tag = "Queues";

export function sharedLimitRoutes(queues: QueueService): readonly Route[] {
  return [list(queues), get(queues), set(queues), remove(queues)];
}

function list(queues: QueueService): Route {
  return defineRoute({
    method: "get",
    path: "/limits",
    access: "executions:read",
    operationId: "listSharedLimits",
    tag,
    summary: "List the limits that workflows share",
    answer: json(sharedLimits, "The limits, by name"),
    errors: ["restate-unavailable"],
    handle: async () => ({ items: await queues.limits() }),
  });
}

function get(queues: QueueService): Route {
  return defineRoute({
    method: "get",
    path: "/limits/:name",
    access: "executions:read",
    operationId: "getSharedLimit",
    tag,
    summary: "Get a limit that workflows share",
    params: limitParameters,
    answer: json(sharedLimit, "The limit"),
    errors: ["queue-not-found", "restate-unavailable"],
    handle: async ({ params }) => await queues.limit(params.name),
  });
}

function set(queues: QueueService): Route {
  return defineRoute({
    method: "put",
    path: "/limits/:name",
    access: "queues:manage",
    operationId: "setSharedLimit",
    isAudited: true,
    tag,
    summary: "Set a limit that workflows share",
    description:
      "Workflows use it by name: `limits: [name]` in their flow control. It applies at once, also to executions that wait.",
    params: limitParameters,
    body: jsonBody(setLimitRequest),
    answer: json(sharedLimit, "The limit was set"),
    errors: ["restate-unavailable"],
    handle: async ({ params: { name }, body: limit }) => {
      await queues.setLimit(name, limit);
      return { name, limit };
    },
  });
}

function remove(queues: QueueService): Route {
  return defineRoute({
    method: "delete",
    path: "/limits/:name",
    access: "queues:manage",
    operationId: "removeSharedLimit",
    isAudited: true,
    tag,
    summary: "Remove a limit that workflows share",
    description: "Workflows that use it are no longer limited by it.",
    params: limitParameters,
    answer: noContent("The limit was removed"),
    errors: ["queue-not-found", "restate-unavailable"],
    handle: async ({ params }) => await queues.removeLimit(params.name),
  });
}
