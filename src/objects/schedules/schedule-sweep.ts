import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "../../base/logger.ts";
import { toJsonText } from "../../base/json.ts";
import { scheduleObjectName } from "../../journal/object-names.ts";
import { listLostSchedules } from "../../read-model/automation/schedules.ts";
import type { RestateClient } from "../../restate/client/restate-client.ts";

/**
 * Arms schedules whose pending invocations are gone, because they were killed or failed too often, or which are late because
 * the clocks of Restate and of this process differ. Arming is idempotent: the request names the generation that was found.
 */
export function startScheduleSweep({
  restate,
  now,
  intervalMs,
  logger,
}: {
  readonly restate: Pick<RestateClient, "query" | "send">;
  readonly now: () => number;
  readonly intervalMs: number;
  readonly logger: Logger;
}): AsyncDisposable {
  const stopping = new AbortController();
  const sweeping = (async () => {
    while (!stopping.signal.aborted) {
      await sweep(restate, now()).catch((error: unknown) =>
        logger.error("cannot sweep schedules", { error }),
      );
      await delay(intervalMs, undefined, { signal: stopping.signal }).catch(() => {});
    }
  })();
  return {
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await sweeping;
    },
  };
}

async function sweep(restate: Pick<RestateClient, "query" | "send">, now: number): Promise<void> {
  for (const { id, generation } of await listLostSchedules(restate, now)) {
    const target = { object: scheduleObjectName, key: id, handler: "arm" };
    await restate.send(target, toJsonText({ generation }));
  }
}
