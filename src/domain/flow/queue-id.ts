import { DuraniumError } from "../errors.ts";
import type { QueueId, WorkflowId } from "../ids.ts";

export function workflowQueue(workflowId: WorkflowId): QueueId {
  return `workflow:${workflowId}`;
}

/** @param name as the schema of flow control accepts it */
export function sharedQueue(name: string): QueueId {
  return `shared:${name}`;
}

/** @param host in lower case, without a port */
export function hostQueue(host: string): QueueId {
  return `host:${host}`;
}

/** Returns the host of a queue, or undefined if the queue is not of a host. */
export function hostOfQueue(queue: QueueId): string | undefined {
  return queue.startsWith("host:") ? queue.slice("host:".length) : undefined;
}

const queueIdPattern = /^(?:(?:workflow|shared):[a-z][a-z0-9-]{0,62}|host:[a-z0-9_.:[\]-]{1,260})$/;

/** @throws {DuraniumError} `queue-not-found`, because a malformed id cannot be of a queue */
export function parseQueueId(text: string): QueueId {
  if (queueIdPattern.test(text)) return text as QueueId;
  throw new DuraniumError("queue-not-found", `Queue "${text.slice(0, 80)}" not found`);
}

/** The workflow of a queue, unless several workflows share it. */
export function workflowOfQueue(queue: QueueId): WorkflowId | undefined {
  return queue.startsWith("workflow:") ? (queue.slice("workflow:".length) as WorkflowId) : undefined;
}
