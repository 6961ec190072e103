import * as restate from "@restatedev/restate-sdk";
import type { JsonValue } from "../../base/json.ts";
import { workflowOfQueue } from "../../domain/flow/queue-id.ts";
import type { QueueId } from "../../domain/ids.ts";
import { queueObjectName } from "../../journal/object-names.ts";
import type { RemoveInput, SkipDeletedInput } from "../../journal/queue-inputs.ts";
import type { UsedQueue } from "../../read-model/queues/used-queues.ts";

/** Tickets in one request to a queue. */
const maxTickets = 500;

/** Ends the queue of a deleted workflow, and its executions that wait to start in shared ones. */
export function leaveQueues(ctx: restate.Context, queues: readonly UsedQueue[], at: number): void {
  for (const { queue, tickets } of queues) {
    if (workflowOfQueue(queue) !== undefined) send(ctx, queue, "remove", { at } satisfies RemoveInput);
    for (let from = 0; from < tickets.length; from += maxTickets) {
      const input: SkipDeletedInput = { tickets: tickets.slice(from, from + maxTickets) };
      send(ctx, queue, "skipDeleted", input);
    }
  }
}

function send(ctx: restate.Context, key: QueueId, method: string, input: object): void {
  ctx.genericSend({
    service: queueObjectName,
    key,
    method,
    parameter: input as JsonValue,
    inputSerde: restate.serde.json as restate.Serde<JsonValue>,
  });
}
