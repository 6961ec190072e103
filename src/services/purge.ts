import type { ExecutionId } from "../domain/ids.ts";
import { executionObjectName } from "./execution-object.ts";
import type { RestateClient } from "./restate-client.ts";

/**
 * Forgets an execution that has ended. What is begun with its idempotency key afterwards gets its id from Restate, so what
 * was counted of its events and callbacks goes too: the new one counts from its first.
 *
 * @throws {DuraniumError} `execution-not-found`, `execution-not-ended`, `restate-unavailable`
 */
export async function purgeExecution(
  restate: Pick<RestateClient, "purge" | "clearState">,
  executionId: ExecutionId,
): Promise<void> {
  await restate.purge(executionId);
  await restate.clearState(executionObjectName, executionId);
}
