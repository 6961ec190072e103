import type { ExecutionId } from "../domain/ids.ts";
import { maxResumedInvocations } from "../domain/limits.ts";
import { executionObjectName, workflowStateName } from "../journal/object-names.ts";
import type { RestateClient } from "../restate/client/restate-client.ts";

/** How many are woken at once. */
const resumeConcurrency = 8;

/**
 * Lets what waits for its next attempt go on at once: there is an executor now. Its attempts failed because there was
 * none, and Restate waits longer after each, in all for longer than an executor lives that keeps being killed.
 *
 * Executions that are paused stay so, since a person may have said it. What keeps state and events has no person
 * who would look after it, and is woken.
 */
export async function resumeBackingOff(restate: RestateClient): Promise<void> {
  const rows = await restate.query(
    `SELECT id FROM sys_invocation
     WHERE status = 'backing-off'
        OR (status = 'paused' AND target_service_name IN ('${workflowStateName}', '${executionObjectName}'))
     LIMIT ${maxResumedInvocations}`,
  );
  const ids = rows.map(({ id }) => String(id) as ExecutionId).values();
  const lanes = Array.from({ length: resumeConcurrency }, async () => {
    for (const id of ids) await restate.resume(id);
  });
  await Promise.all(lanes);
}
