import { setTimeout as delay } from "node:timers/promises";
import { messageOf } from "../domain/errors.ts";
import type { ExecutionId } from "../domain/ids.ts";
import { maxWokenInvocations } from "../domain/limits.ts";
import { executionObjectName } from "./execution-object.ts";
import type { RestateClient } from "./restate-client.ts";
import { workflowStateName } from "./workflow-state.ts";

/** How long a Restate server of somebody else may take to come up beside us. */
const patienceMs = 60_000;

/** Tells Restate where the executor is, as often as it takes. Saying it again changes nothing. */
export async function registerExecutor(restate: RestateClient, executorUrl: string): Promise<void> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    try {
      await restate.register(executorUrl);
      return;
    } catch (error) {
      if (Date.now() > deadline) {
        throw new Error(
          `Restate does not take the executor at ${executorUrl} (${messageOf(error)}): check DURANIUM_EXECUTOR_URL and RESTATE_ADMIN_URL`,
          { cause: error },
        );
      }
      await delay(500);
    }
  }
}

/** How many are woken at once. */
const wakingLanes = 8;

/**
 * Lets what waits for its next attempt go on at once: there is an executor now. Its attempts failed because there was
 * none, and Restate waits longer after each, in all for longer than an executor lives that keeps being killed.
 *
 * Executions that are paused stay so, since a person may have said it. What keeps state and events has no person
 * who would look after it, and is woken.
 */
export async function wakeWaiting(restate: RestateClient): Promise<void> {
  const rows = await restate.query(
    `SELECT id FROM sys_invocation
     WHERE status = 'backing-off'
        OR (status = 'paused' AND target_service_name IN ('${workflowStateName}', '${executionObjectName}'))
     LIMIT ${maxWokenInvocations}`,
  );
  const ids = rows.map(({ id }) => String(id) as ExecutionId).values();
  const lanes = Array.from({ length: wakingLanes }, async () => {
    for (const id of ids) await restate.resume(id);
  });
  await Promise.all(lanes);
}
