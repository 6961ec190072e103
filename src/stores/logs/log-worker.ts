/**
 * The thread that writes console lines, with its own database connection, so that waiting for a lock or the disk does
 * not block the main thread.
 */
import { parentPort, workerData } from "node:worker_threads";
import { messageOf } from "../../domain/errors.ts";
import type { ExecutionId } from "../../domain/ids.ts";
import { openSqlite } from "../sql/sqlite.ts";
import { createExecutionEndStore } from "./execution-ends.ts";
import type { ExecutionEnd } from "./execution-ends.ts";
import { createLineMapper } from "./log-mapping.ts";
import { isLine } from "./log-messages.ts";
import type { LogTask, LogTaskDone, LogThreadData, StoredRow } from "./log-messages.ts";
import { createLogStore } from "./logs.ts";

const { databasePath, mapping } = workerData as LogThreadData;
const database = openSqlite(databasePath);
const logs = createLogStore(database);
const ends = createExecutionEndStore(database);

const mapLines = mapping === undefined ? undefined : createLineMapper(mapping);

/** Tasks run sequentially, and responses are sent in the same order. */
let done = Promise.resolve();
parentPort?.on("message", (task: LogTask) => {
  done = done.then(async () => parentPort?.postMessage(await carryOut(task), []));
});

async function carryOut(task: LogTask): Promise<LogTaskDone> {
  try {
    if ("append" in task) append((await mapLines?.(task.append)) ?? task.append);
    else if ("remove" in task) remove(task.remove);
    else ends.removeBefore(task.removeEnds.before, task.removeEnds.limit);
    return {};
  } catch (error) {
    return { failed: messageOf(error) };
  }
}

/** One transaction for all rows, because the sync at its end dominates the cost. */
function append(rows: readonly StoredRow[]): void {
  const write = () => {
    logs.append(rows.filter(isLine));
    ends.append(rows.filter((row): row is ExecutionEnd => !isLine(row)));
  };
  database.sync.transaction(write, { behavior: "immediate" });
}

function remove(executionIds: readonly ExecutionId[]): void {
  const write = () => {
    logs.remove(executionIds);
    ends.remove(executionIds);
  };
  database.sync.transaction(write, { behavior: "immediate" });
}
