/** The thread that writes console lines, with its own database connection. */
import { parentPort, workerData } from "node:worker_threads";
import { messageOf } from "../../domain/errors.ts";
import { openArtifacts } from "../artifacts/open-artifacts.ts";
import { openSqlite } from "../sql/sqlite.ts";
import { withLineMapping } from "./log-mapping.ts";
import type { LogTask, LogTaskDone, LogThreadData } from "./log-messages.ts";
import { createSqliteLogSink } from "./sqlite-log-sink.ts";

const { databasePath, mapping } = workerData as LogThreadData;
const rows = createSqliteLogSink(openSqlite(databasePath));
const sink =
  mapping === undefined
    ? rows
    : withLineMapping(rows, { ...mapping, artifacts: await openArtifacts(mapping.artifacts) });

/** Tasks run sequentially, and responses are sent in the same order. */
let done = Promise.resolve();
parentPort?.on("message", (task: LogTask) => {
  done = done.then(async () => parentPort?.postMessage(await carryOut(task), []));
});

async function carryOut(task: LogTask): Promise<LogTaskDone> {
  try {
    if ("append" in task) await sink.append(task.append);
    else if ("remove" in task) await sink.remove(task.remove);
    else await sink.removeEnds(task.removeEnds.before, task.removeEnds.limit);
    return {};
  } catch (error) {
    return { failed: messageOf(error) };
  }
}
