/** A thread that resolves or unpacks packages once. Everything that it reads was written by strangers. */
import { once } from "node:events";
import { parentPort, workerData } from "node:worker_threads";
import { sendError } from "../sandbox/threads/thread-messages.ts";
import { findPackages } from "./find-packages.ts";
import type { FromPackagesThread, PackageTask, StoredByIntegrity } from "./messages.ts";
import { integrityOf } from "./integrity.ts";
import { unpack } from "./unpack.ts";

const task = workerData as PackageTask;
if (parentPort === null) throw new Error("Not in a thread");
const port = parentPort;
perform().then(tell, (error: unknown) => tell({ failed: sendError(error) }));

function tell(message: FromPackagesThread): void {
  port.postMessage(message, []);
}

async function perform(): Promise<FromPackagesThread> {
  if (task.kind === "resolve") return { resolved: await findPackages(task, askStored) };
  const { tarball } = task;
  const unpacked = await unpack(tarball, "upload");
  return { unpacked: { ...unpacked, from: "upload", integrity: integrityOf(tarball) } };
}

async function askStored(integrities: readonly string[]): Promise<StoredByIntegrity> {
  tell({ ask: integrities });
  const [stored] = (await once(port, "message")) as [StoredByIntegrity];
  return stored;
}
