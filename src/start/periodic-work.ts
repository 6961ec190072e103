import type { ExecutionId } from "../domain/ids.ts";
import { startScheduleSweep } from "../objects/schedules/schedule-sweep.ts";
import { existingExecutions } from "../read-model/queries.ts";
import { startArtifactRetention } from "../services/retention/artifact-retention.ts";
import { assertDatabase, assertExecutions } from "../services/retention/data-loss.ts";
import { startExecutionRetention } from "../services/retention/execution-retention.ts";
import { startLogRetention } from "../services/retention/log-retention.ts";
import type { ArtifactStorage } from "../stores/artifacts/artifacts.ts";
import type { LogWriter } from "../stores/logs/log-writer.ts";
import { shownLocation } from "../stores/sql/open-database.ts";
import { startAlerts } from "./alert-monitor.ts";
import type { Parts } from "./parts.ts";

/** Starts what runs periodically for the whole installation. Each task runs in the API process that holds its lease. */
export async function startPeriodicWork(parts: Parts, writer: LogWriter): Promise<void> {
  startRetention(parts, writer);
  const { config, log, restate, stack, stores } = parts;
  const sweep = () =>
    startScheduleSweep({
      restate,
      now: () => Date.now(),
      intervalMs: config.scheduleSweepMs,
      logger: log.part("schedules"),
    });
  stack.use(stores.database.lease("schedules", sweep));
  await startAlerts(parts, writer);
}

/** Deletes log lines, executions and artifacts whose retention has ended. */
function startRetention(parts: Parts, writer: LogWriter): void {
  const { config, stack, log, restate, stores } = parts;
  const { retentionHours } = config;
  const { artifacts, database, engines, logs, packages, settings, versions } = stores;
  const checkOnce = createCheck(parts);
  const known = async (ids: readonly ExecutionId[]) => {
    await checkOnce();
    return await existingExecutions(restate, ids);
  };
  const checked: Pick<ArtifactStorage, "sweep"> = {
    async sweep(options) {
      await checkOnce();
      return await artifacts.sweep(options);
    },
  };
  const retentionMs = retentionHours * 60 * 60 * 1_000;
  const logger = log.part("retention");
  const owners = [versions, engines, packages];
  const tasks = {
    "log-retention": () => startLogRetention({ logs, writer, known, retentionMs, logger: log.part("logs") }),
    "execution-retention": () =>
      startExecutionRetention({ settings, restate, writer, maxRetentionHours: retentionHours, logger }),
    "artifact-retention": () =>
      startArtifactRetention({ artifacts: checked, owners, engines, packages, logger }),
  };
  for (const [name, start] of Object.entries(tasks)) stack.use(database.lease(name, start));
}

/**
 * Returns a function that compares the database with Restate, until they once belonged together: if one of them had lost its
 * data, the console lines of all executions or all artifacts would be deleted. An executor checks this before it runs executions.
 */
function createCheck({ accepted, config, restate, stores }: Parts): () => Promise<void> {
  const options = { accepted, restate, database: shownLocation(config) };
  let isChecked = false;
  return async () => {
    if (isChecked) return;
    await assertDatabase(stores.inventory, options);
    await assertExecutions(stores.inventory, options);
    isChecked = true;
  };
}
