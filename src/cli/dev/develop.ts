import { resolve } from "node:path";
import { createInterface } from "node:readline";
import type { JsonValue } from "../../base/json.ts";
import type { PreviewRun, PreviewState } from "../../preview/contract/preview.ts";
import { createNodePreview } from "../../preview/node-preview.ts";
import type { NodePreview } from "../../preview/node-preview.ts";
import { CliError, exitCodes, toCliError } from "../output/cli-error.ts";
import { errorLines } from "../output/error-text.ts";
import { endedPreviewLines } from "../output/preview-text.ts";
import { printableJson, printableText } from "../output/printable.ts";
import type { Cli, CommonOptions } from "../shared/cli.ts";
import { enginesFolder } from "../shared/engines-folder.ts";
import { readJson } from "../shared/input.ts";
import type { PackageOptions } from "../shared/package-options.ts";
import { readProject } from "../shared/project.ts";
import { localEngine } from "./local-engine.ts";
import { startRun, obey } from "./run.ts";
import { checkTypes } from "./type-check.ts";
import { watchFolder } from "./watch.ts";

export interface DevOptions extends CommonOptions, PackageOptions {
  readonly payload: string;
  readonly entryPoint?: string;
  readonly workflow?: string;
  readonly realTime?: true;
  readonly once?: true;
  readonly allow?: string;
}

/** Runs a workflow on this machine: once, or again after every change until Ctrl-C. */
export async function develop(cli: Cli, path: string, options: DevOptions): Promise<void> {
  const { terminal } = cli;
  const allow = options.allow ?? cli.environment["DURANIUM_EGRESS_ALLOW"];
  await using preview = await createNodePreview({
    enginesDir: enginesFolder(cli),
    ...(await localEngine(cli, options, path)),
    ...(allow === undefined ? {} : { egressAllow: allow }),
    onProgress: (message) => terminal.note(terminal.style("dim", message)),
  });
  if (options.once === true) await runOnce({ cli, preview, path, options });
  else await runOnChange({ cli, preview, path, options });
}

interface Development {
  readonly cli: Cli;
  readonly preview: NodePreview;
  readonly path: string;
  readonly options: DevOptions;
}

async function runOnce(development: Development): Promise<void> {
  const { cli } = development;
  const interrupted = cli.interrupted();
  using run = await startPreview(development);
  const ended = [run.ended, untilStuck(run)];
  const state = await Promise.race([...ended, untilAborted(interrupted).then(() => undefined)]);
  if (state === undefined) return cli.exitWith(exitCodes.interrupted);
  if (state.status === "waiting") throw waitsForSomebody(state);
  showEnd(development, state);
  cli.exitWith(state.status === "completed" ? exitCodes.done : exitCodes.terminalFailure);
}

/** Without an interactive terminal, no events or responses can be sent. */
async function untilStuck(run: PreviewRun): Promise<PreviewState> {
  return await new Promise((resolve) => {
    const look = (state: PreviewState) => state.status === "waiting" && resolve(state);
    run.subscribe(look);
    look(run.state);
  });
}

function waitsForSomebody({ waitingFor }: PreviewState): CliError {
  return new CliError(`The workflow is waiting for input: ${waitingFor.join(", ")}`, {
    exitCode: exitCodes.stillRunning,
    hint: "Run without --once and type the input",
  });
}

async function runOnChange(development: Development): Promise<void> {
  const { cli, path, options } = development;
  const { terminal } = cli;
  const { folder } = await readProject(path, { ...cli, ...options }).catch(() => ({
    folder: resolve(path, ".."),
  }));
  const interrupted = cli.interrupted();
  let current: PreviewRun | undefined;
  let latest = 0;
  const again = async () => {
    const number = ++latest;
    current?.[Symbol.dispose]();
    current = undefined;
    terminal.note(terminal.style("dim", `── ${new Date().toLocaleTimeString("en-GB")} ──`));
    try {
      const run = await startPreview(development);
      if (number !== latest) return run[Symbol.dispose]();
      current = run;
      const [state] = await Promise.all([run.ended, tellTypes(development, folder, interrupted)]);
      if (number === latest) showEnd(development, state);
    } catch (error) {
      for (const line of errorLines(toCliError(error), terminal.style)) terminal.note(line);
    }
  };
  using _watcher = watchFolder(folder, () => void again());
  const quit = new AbortController();
  using _reader = readLines((line) => {
    if (line === "again") void again();
    else if (line === "quit") quit.abort();
    else if (line !== "" && current !== undefined) {
      const complaint = obey(current, line);
      if (complaint !== undefined) terminal.note(printableText(complaint));
    }
  });
  void again();
  await untilAborted(AbortSignal.any([interrupted, quit.signal]));
  current?.[Symbol.dispose]();
}

async function startPreview({ cli, preview, path, options }: Development): Promise<PreviewRun> {
  const source = await readProject(path, { ...cli, ...options });
  const payload = (await readJson(cli, options.payload, "payload")) as JsonValue;
  const { entryPoint, workflow } = options;
  return await startRun(
    preview,
    source,
    {
      payload,
      realTime: options.realTime === true,
      ...(entryPoint === undefined ? {} : { entryPoint }),
      ...(workflow === undefined ? {} : { workflowId: workflow }),
    },
    cli.terminal,
  );
}

async function tellTypes({ cli }: Development, folder: string, signal: AbortSignal): Promise<void> {
  const { complaints } = await checkTypes(folder, signal);
  if (complaints !== "") cli.terminal.note(cli.terminal.style("yellow", printableText(complaints)));
}

function showEnd({ cli: { terminal }, options }: Development, state: PreviewState): void {
  if (options.json === true) terminal.print(printableJson(state, 2));
  else for (const line of endedPreviewLines(state, terminal)) terminal.print(line);
}

/**
 * The folder of the engine: that of a server started in the current folder, of this release, or of a server started in Duranium's own folder. A missing engine is built there.
 */
function readLines(onLine: (line: string) => void): Disposable {
  const reader = createInterface({ input: process.stdin });
  reader.on("line", (line) => onLine(line.trim()));
  return { [Symbol.dispose]: () => reader.close() };
}

async function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
}
