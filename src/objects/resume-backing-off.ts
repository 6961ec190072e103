import { maxResumedInvocations } from "../domain/limits.ts";
import { listResumable } from "../read-model/queries.ts";
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
  const ids = (await listResumable(restate, maxResumedInvocations)).values();
  const lanes = Array.from({ length: resumeConcurrency }, async () => {
    for (const id of ids) await restate.resume(id);
  });
  await Promise.all(lanes);
}
