import { toJsonText } from "../../base/json.ts";
import type { JsonValue } from "../../base/json.ts";
import type { ExecutionId } from "../../domain/ids.ts";
import { queueObjectName } from "../../journal/object-names.ts";
import type { ReclaimInput } from "../../journal/queue-inputs.ts";
import { listSlots } from "../../read-model/queues/queue-records.ts";
import type { RestateClient } from "../../restate/client/restate-client.ts";

/**
 * Resumes an execution. A paused one has given its slots back: it acquires them again, in the same order, and is resumed
 * then.
 */
export async function resumeExecution(
  restate: Pick<RestateClient, "query" | "resume" | "send">,
  executionId: ExecutionId,
  isPaused: boolean,
): Promise<void> {
  const slots = isPaused ? await listSlots(restate, executionId) : [];
  const [first] = slots;
  if (first === undefined) return await restate.resume(executionId);
  const target = { object: queueObjectName, key: first.queue, handler: "reclaim" };
  const input: ReclaimInput = { executionId, number: first.number, slots, index: 0 };
  await restate.send(target, toJsonText(input as unknown as JsonValue));
}
