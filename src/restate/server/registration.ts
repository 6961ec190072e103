import { setTimeout as delay } from "node:timers/promises";
import { messageOf } from "../../domain/errors.ts";
import type { RestateClient } from "../client/restate-client.ts";

/** How long an external Restate server that starts at the same time may take to accept the registration. */
const registrationTimeoutMs = 60_000;

/** Registers the executor with Restate, and retries until it succeeds or times out. Registration is idempotent. */
export async function registerExecutor(restate: RestateClient, executorUrl: string): Promise<void> {
  const deadline = Date.now() + registrationTimeoutMs;
  for (;;) {
    try {
      await restate.register(executorUrl);
      return;
    } catch (error) {
      if (Date.now() > deadline) {
        throw new Error(
          `Cannot register the executor at ${executorUrl} with Restate (${messageOf(error)}): check DURANIUM_EXECUTOR_URL and RESTATE_ADMIN_URL`,
          { cause: error },
        );
      }
      await delay(500);
    }
  }
}
