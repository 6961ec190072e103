import { DuraniumError } from "../errors.ts";
import type { WorkflowId } from "../ids.ts";

/** The id of a queue: of one workflow, of a limit that workflows share, or of a host that they send requests to. */
export type QueueId = `${QueueKind}:${string}`;

export type QueueKind = "workflow" | "shared" | "host";

export function workflowQueue(workflowId: WorkflowId): QueueId {
  return `workflow:${workflowId}`;
}

/** @param name as the schema of flow control accepts it */
export function sharedQueue(name: string): QueueId {
  return `shared:${name}`;
}

const queueIdPattern = /^(?:(?:workflow|shared):[a-z][a-z0-9-]{0,62}|host:[a-z0-9.:[\]-]{1,260})$/;

/** @throws {DuraniumError} `queue-not-found`, because a malformed id cannot be of a queue */
export function parseQueueId(text: string): QueueId {
  if (queueIdPattern.test(text)) return text as QueueId;
  throw new DuraniumError("queue-not-found", `Queue "${text.slice(0, 80)}" not found`);
}
