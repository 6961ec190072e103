import { setTimeout as delay } from "node:timers/promises";
import { messageOf } from "../../domain/errors.ts";
import type { RestateClient } from "../client/restate-client.ts";

/** How long a Restate server of somebody else may take to come up beside us. */
const registrationTimeoutMs = 60_000;

/** Tells Restate where the executor is, as often as it takes. Saying it again changes nothing. */
export async function registerExecutor(restate: RestateClient, executorUrl: string): Promise<void> {
  const deadline = Date.now() + registrationTimeoutMs;
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
