/** The thread that writes console lines, with a connection of its own: here waiting for a lock or a disk holds up nobody. */
import { parentPort, workerData } from "node:worker_threads";
import { messageOf } from "../domain/errors.ts";
import type { ExecutionId } from "../domain/ids.ts";
import { openDatabase } from "./database.ts";
import { isLine } from "./log-messages.ts";
import type { LogTask, LogTaskDone, StoredRow } from "./log-messages.ts";
import { createLogStore } from "./logs.ts";
import { createUsageStore } from "./usages.ts";
import type { UsageRow } from "./usages.ts";

const database = openDatabase(workerData as string);
const logs = createLogStore(database);
const usages = createUsageStore(database);

parentPort?.on("message", (task: LogTask) => parentPort?.postMessage(carryOut(task), []));

function carryOut(task: LogTask): LogTaskDone {
  try {
    if ("append" in task) append(task.append);
    else if ("remove" in task) remove(task.remove);
    else usages.removeBefore(task.removeUsages.before, task.removeUsages.limit);
    return {};
  } catch (error) {
    return { failed: messageOf(error) };
  }
}

/** In one transaction: what it takes is the sync at its end. */
function append(rows: readonly StoredRow[]): void {
  const write = () => {
    logs.append(rows.filter(isLine));
    usages.append(rows.filter((row): row is UsageRow => !isLine(row)));
  };
  database.queries.transaction(write, { behavior: "immediate" });
}

function remove(executionIds: readonly ExecutionId[]): void {
  const write = () => {
    logs.remove(executionIds);
    usages.remove(executionIds);
  };
  database.queries.transaction(write, { behavior: "immediate" });
}
