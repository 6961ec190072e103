import { listResumable } from "../read-model/queries.ts";
import type { RestateClient } from "../restate/client/restate-client.ts";
import { maxResumedInvocations } from "./limits.ts";

/** The number of concurrent requests to Restate. */
const resumeConcurrency = 8;

/**
 * Resumes the invocations that are backing off, after an executor has started. Their attempts failed because there was no
 * executor, and the back-off grows with each failure: without this, an executor that keeps being killed might never live
 * long enough to receive the next attempt.
 *
 * Paused executions stay paused, since an operator may have paused them. Paused invocations of the state and event objects
 * are resumed: only the retry policy pauses those, and no operator watches them.
 */
export async function resumeBackingOff(restate: RestateClient): Promise<void> {
  const ids = (await listResumable(restate, maxResumedInvocations)).values();
  const lanes = Array.from({ length: resumeConcurrency }, async () => {
    for (const id of ids) await restate.resume(id);
  });
  await Promise.all(lanes);
}
