/** The thread that writes console lines, with a connection of its own: here waiting for a lock or a disk holds up nobody. */
import { parentPort, workerData } from "node:worker_threads";
import { messageOf } from "../domain/errors.ts";
import { openDatabase } from "./database.ts";
import type { LogTask, LogTaskDone } from "./log-messages.ts";
import { createLogStore } from "./logs.ts";

const store = createLogStore(openDatabase(workerData as string));

parentPort?.on("message", (task: LogTask) => parentPort?.postMessage(carryOut(task), []));

function carryOut(task: LogTask): LogTaskDone {
  try {
    if ("append" in task) store.append(task.append);
    else store.remove(task.remove);
    return {};
  } catch (error) {
    return { failed: messageOf(error) };
  }
}
