import type * as ChildProcesses from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { parentPort, workerData } from "node:worker_threads";
import type * as Esbuild from "esbuild";
import { DuraniumError, messageOf } from "../../../domain/errors.ts";
import { sendError } from "../../threads/thread-messages.ts";
import { withPackages } from "../resolution/package-archives.ts";
import { openProject } from "../resolution/project-tree.ts";
import { writeSourceFolder } from "../resolution/source-folder.ts";
import type { Polyfill } from "../shims/polyfills.ts";
import type { ShimFiles } from "../shims/shim-files.ts";
import { bundleWorkflow } from "./bundle.ts";
import type {
  BundleRequest,
  BundlingSetup,
  FromBundlingWorker,
  ToBundlingWorker,
} from "./bundling-messages.ts";

/** A thread with its own esbuild process, which builds one bundle at a time. */

const { main, logFile, folder, helpers, polyfills } = workerData as BundlingSetup;
const require = createRequire(main);
let program: ChildProcess | undefined;
noteProgram();
const esbuild = require(main) as typeof Esbuild;

const texts = {
  helpers,
  readPolyfill: async (name: Polyfill) => await readFile(polyfills[name], "utf8"),
};

// Starts the process ahead of the first bundle. A failure here will occur again with the bundle.
esbuild.transform("").catch(() => {});

let shims: PromiseWithResolvers<ShimFiles> | undefined;

parentPort?.on("message", (message: ToBundlingWorker) => {
  if (message.kind === "shims") shims?.resolve(message.shims);
  else void respond(message).then(tell);
});

/** esbuild does not expose the process that it starts. */
function noteProgram(): void {
  const processes = require("node:child_process") as typeof ChildProcesses;
  const { spawn } = processes;
  processes.spawn = ((...args: Parameters<typeof spawn>) =>
    (program = spawn(...args))) as typeof processes.spawn;
}

/**
 * Ends esbuild and waits until it has exited, which takes seconds for a process with gigabytes of memory. A thread
 * that exits before its child process was waited for leaves a zombie until this process exits.
 */
async function stop(): Promise<void> {
  const isRunning = program?.exitCode === null && program.signalCode === null;
  const exited = isRunning ? once(program as ChildProcess, "exit") : undefined;
  await esbuild.stop();
  program?.kill("SIGKILL");
  await exited;
}

function tell(message: FromBundlingWorker): void {
  parentPort?.postMessage(message, []);
}

/** Cached, because this thread may build another bundle. */
async function readShims(): Promise<ShimFiles> {
  if (shims === undefined) {
    shims = Promise.withResolvers();
    tell({ wantsShims: true });
  }
  return await shims.promise;
}

async function respond(message: Exclude<ToBundlingWorker, { kind: "shims" }>): Promise<FromBundlingWorker> {
  if (message.kind === "stop") {
    await stop();
    return { stopped: true };
  }
  try {
    return await bundle(message);
  } catch (error) {
    return error instanceof DuraniumError
      ? { failed: sendError(error) }
      : { ended: readLog() || messageOf(error) };
  }
}

async function bundle(request: BundleRequest): Promise<FromBundlingWorker> {
  if (request.kind === "project") {
    const project = openProject(request.folder);
    const bundled = await bundleWorkflow(
      { entry: request.entry, tree: project, ...texts, readShims },
      esbuild.build,
    );
    return { bundled, files: project.files() };
  }
  const { packagesDir, archives } = request;
  const source = withPackages(request.source, archives);
  using tree = writeSourceFolder(source, { within: folder, packagesDir });
  const bundled = await bundleWorkflow({ entry: source.entry, tree, ...texts, readShims }, esbuild.build);
  return { bundled, files: undefined };
}

function readLog(): string {
  try {
    const file = openSync(logFile, "r");
    const bytes = Buffer.alloc(1_000);
    const length = readSync(file, bytes);
    closeSync(file);
    return bytes.toString("utf8", 0, length);
  } catch {
    return "";
  }
}
