import cluster from "node:cluster";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { readConfig, readLogFormat } from "./config/config.ts";
import type { Config } from "./config/config.ts";
import { lossOptions } from "./domain/accepted-losses.ts";
import type { AcceptedLosses, LossOption } from "./domain/accepted-losses.ts";
import { messageOf } from "./domain/errors.ts";
import { checkStart } from "./start/checks.ts";
import { openLog } from "./start/log.ts";
import type { Running } from "./start/start.ts";
import { lockDataDirectory } from "./stores/data-directory/data-lock.ts";
import { keepNewFilesPrivate, tightenExistingFiles } from "./stores/data-directory/private-files.ts";

/**
 * The process: reads the configuration, starts what it asks for, says so, and stops everything in order
 * on SIGINT or SIGTERM. Any other reason is logged in one line.
 */
async function main(): Promise<void> {
  const { accepted, isCheck } = readOptions();
  const config = readConfig();
  keepNewFilesPrivate();
  if (cluster.isWorker) return await runExecutorProcess(config, accepted);
  assertWritable(config.dataDir);
  tightenExistingFiles(config, log);
  const stopped = firstSignal();
  await using stack = new AsyncDisposableStack();
  if (config.restate.kind === "embedded") stack.use(lockDataDirectory(config.dataDir));
  await checkStart(config);
  if (isCheck) return;
  // What is checked above is refused before the rest is loaded.
  const { start } = await import("./start/start.ts");
  const running = await Promise.race([start(config, { stack, log, accepted }), stopped]);
  if (running === undefined) return;
  announce(config, running);
  const failure = await Promise.race([running.failed, stopped]);
  if (failure !== undefined) throw new Error(failure);
  log.info("stopping");
  await running.drain();
}

/** One of several executor processes. The process that started it listens, checks and reports for all of them. */
async function runExecutorProcess(config: Config, accepted: AcceptedLosses): Promise<void> {
  const { answerRequests, stopRequested } = await import("./start/processes/channel.ts");
  const stopped = stopRequested(process);
  const terminated = new Promise<"terminated">((resolve) =>
    process.on("SIGTERM", () => resolve("terminated")),
  );
  // A message to the process that started this one, which was killed. This one exits as soon as Node notices.
  cluster.worker?.on("error", () => {});
  // Ctrl-C reaches all processes of a terminal, and the one that started this one asks it to stop.
  process.on("SIGINT", () => {});
  await using stack = new AsyncDisposableStack();
  const { startExecutorProcess } = await import("./start/start.ts");
  const requests = await Promise.race([startExecutorProcess(config, { stack, log, accepted }), stopped]);
  if (requests === undefined) return;
  answerRequests(process, requests);
  if ((await Promise.race([stopped, terminated])) === "terminated")
    await requests.leave(config.drainTimeoutMs);
}

interface Options {
  readonly accepted: AcceptedLosses;
  /** `--check`: only whether the configuration could be started with; `npm start` does that before it builds the page. */
  readonly isCheck: boolean;
}

/** @throws an error that names an option which is unknown */
function readOptions(): Options {
  const names = Object.keys(lossOptions) as LossOption[];
  const options = Object.fromEntries([...names, "check"].map((name) => [name, { type: "boolean" as const }]));
  const { values } = parseArgs({ options });
  const accepted = new Set(names.filter((name) => values[name] === true));
  return { accepted, isCheck: values["check"] === true };
}

function announce({ role }: Config, { url, hasWebUi, monitoringUrl, rootKey }: Running): void {
  log.announce("");
  if (url !== undefined) log.announce(`API         ${url}`);
  if (url !== undefined && hasWebUi === true) log.announce(`web UI      ${url}/app`);
  if (monitoringUrl !== undefined) log.announce(`monitoring  ${monitoringUrl}`);
  if (url !== undefined) log.announce(`Restate UI  ${url}/ui/`);
  if (rootKey !== undefined) log.announce(`root key    ${rootKey}   (shown only once)`);
  log.announce("");
  log.announce(`ready: ${url ?? role}`);
}

/** @throws an error that names the variable */
function assertWritable(dataDir: string): void {
  const probe = join(dataDir, `.probe-${process.pid}`);
  try {
    makeFolder(dataDir);
    writeFileSync(probe, "");
    rmSync(probe);
  } catch (cause) {
    throw new Error(
      `cannot write to ${dataDir} (${messageOf(cause)}): set DURANIUM_DATA_DIR to a folder that can be written`,
      {
        cause,
      },
    );
  }
}

/** One folder at a time: Node's recursive `mkdir` never ends where folders cannot be made, as in `/proc`. */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  mkdirSync(path);
}

/** Resolves at the first signal; the second one ends the process at once. */
async function firstSignal(): Promise<void> {
  await new Promise<void>((resolve) => {
    const onSignal = () => {
      resolve();
      for (const signal of ["SIGINT", "SIGTERM"] as const) {
        process.off(signal, onSignal);
        process.once(signal, () => process.exit(130));
      }
    };
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, onSignal);
  });
}

const log = openLog(readLogFormat());

try {
  await main();
} catch (error) {
  log.fatal(messageOf(error));
  process.exitCode = 1;
}
// Nothing that is left, such as a socket that lingers, may keep a stopped process alive.
process.exit();
