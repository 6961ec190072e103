import type { Logger } from "../../base/logger.ts";
import { toJsonText } from "../../base/json.ts";
import { startPeriodic } from "../../base/concurrency/periodic.ts";
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
  return startPeriodic(async () => await sweep(restate, now()), {
    intervalMs,
    failure: "cannot sweep schedules",
    logger,
  });
}

async function sweep(restate: Pick<RestateClient, "query" | "send">, now: number): Promise<void> {
  for (const { id, generation } of await listLostSchedules(restate, now)) {
    const target = { object: scheduleObjectName, key: id, handler: "arm" };
    await restate.send(target, toJsonText({ generation }));
  }
}
