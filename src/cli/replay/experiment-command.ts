import { resolve } from "node:path";
import type { Command } from "commander";
import type { JsonValue } from "../../base/json.ts";
import { parseDuration } from "../../base/duration.ts";
import { experimentKinds, experimentOutcomes } from "../../experiments/experiment.ts";
import type { ExperimentKind, ExperimentReport } from "../../experiments/experiment.ts";
import type { MockedFetch } from "../../preview/contract/mock-response.ts";
import type { PreviewedWorkflow } from "../../preview/contract/preview.ts";
import type { Recording } from "../../recordings/recording.ts";
import { CliError, exitCodes, usageError } from "../output/cli-error.ts";
import { command, show } from "../shared/cli.ts";
import type { Cli, CommonOptions } from "../shared/cli.ts";
import { enginesFolder } from "../shared/engines-folder.ts";
import { readJson } from "../shared/input.ts";
import { withPackageOptions } from "../shared/package-options.ts";
import type { PackageOptions } from "../shared/package-options.ts";
import { experimentLines } from "./experiment-text.ts";
import { matchingFiles, readRecordingFile } from "./recording-files.ts";

interface ExperimentOptions extends CommonOptions, PackageOptions {
  readonly recordings?: readonly string[];
  readonly payload?: string;
  readonly entryPoint?: string;
  readonly allow?: string;
  readonly answers?: string;
  readonly downtime?: string;
  readonly failOn?: string;
}

/** `experiment`: runs a workflow again and again, each time with one failure, on this machine. */
export function experimentCommand(cli: Cli): Command {
  const experimentation = command("experiment", {
    summary: "Fail every call once, or crash at each step: what would the workflow do?",
    examples: [
      "experiment fail-each-call workflow.ts --recordings tests/*.json",
      "experiment crash-each-step workflow.ts --recordings tests/*.json --fail-on fails,repeats",
      `experiment fail-each-call workflow.ts --payload '{ "item": "lamp" }'`,
    ],
  });
  return withPackageOptions(experimentation)
    .argument("<kind>", experimentKinds.join(" or "))
    .argument("<file>", "file that exports run, or its folder")
    .option("--recordings <files...>", "files of `recordings download`, or patterns")
    .option("-p, --payload <json>", "run it first, with real requests: JSON, @file, or - for standard input")
    .option("--entry-point <name>", "value of ctx.entryPoint, with --payload")
    .option("--allow <addresses>", "destinations allowed in addition to public addresses, with --payload")
    .option("--answers <file>", "JSON: responses to requests that were not recorded")
    .option("--downtime <duration>", "how long a crashed process does not run", "10s")
    .option("--fail-on <outcomes>", "exit with 1 for these outcomes, or for repeats, separated by commas")
    .action(async (kind: string, file: string, options: ExperimentOptions) => {
      await experiment(cli, { kind: parseKind(kind), file, options });
    });
}

async function experiment(
  cli: Cli,
  {
    kind,
    file,
    options,
  }: { readonly kind: ExperimentKind; readonly file: string; readonly options: ExperimentOptions },
): Promise<void> {
  const failing = parseFailing(options.failOn);
  const downtimeMs = parseDuration(options.downtime ?? "");
  if (Number.isNaN(downtimeMs)) throw usageError(`Invalid duration "${options.downtime}"`, "For example 10s");
  const answers = options.answers === undefined ? [] : await readAnswers(cli, options.answers);
  // Imported here because only some commands need the compiler and the engine.
  const [
    { createNodePreview },
    { readProject, workflowFile, workflowIdOf },
    { runExperiment },
    { localEngine },
  ] = await Promise.all([
    import("../../preview/node-preview.ts"),
    import("../shared/project.ts"),
    import("../../experiments/run-experiment.ts"),
    import("../dev/local-engine.ts"),
  ]);
  const source = await readProject(workflowFile(resolve(cli.folder, file)), { ...cli, ...options });
  const { terminal } = cli;
  const allow = options.allow ?? cli.environment["DURANIUM_EGRESS_ALLOW"];
  await using preview = await createNodePreview({
    enginesDir: enginesFolder(cli),
    ...(await localEngine(cli, options, source.entry)),
    ...(allow === undefined ? {} : { egressAllow: allow }),
    onProgress: (message) => terminal.note(terminal.style("dim", message)),
  });
  const workflow = await preview.open(source);
  const signal = cli.interrupted();
  const reports: ExperimentReport[] = [];
  for (const recording of await recordingsFor(cli, { options, workflow, workflowId: workflowIdOf(source) })) {
    let done = 0;
    const onRow = (_row: unknown, total: number) => terminal.progress(`Run ${(done += 1)} of ${total}…`);
    reports.push(await runExperiment({ workflow, recording, kind, answers, downtimeMs, signal, onRow }));
  }
  terminal.progress("");
  show(cli, options, { reports }, () => reports.flatMap((report) => experimentLines(report, terminal)));
  if (reports.some((report) => hasFailing(report, failing))) cli.exitWith(exitCodes.failed);
  if (signal.aborted) cli.exitWith(exitCodes.interrupted);
}

async function recordingsFor(
  cli: Cli,
  {
    options,
    workflow,
    workflowId,
  }: {
    readonly options: ExperimentOptions;
    readonly workflow: PreviewedWorkflow;
    readonly workflowId: string;
  },
): Promise<readonly Recording[]> {
  const { recordings, payload, entryPoint } = options;
  if ((recordings === undefined) === (payload === undefined)) {
    throw usageError(
      "Nothing to repeat",
      "Name recordings with --recordings, or give a --payload to run first",
    );
  }
  if (recordings !== undefined) {
    return await Promise.all((await matchingFiles(cli, recordings)).map(readRecordingFile));
  }
  using run = await workflow.run({
    workflowId,
    payload: (await readJson(cli, payload ?? "null", "payload")) as JsonValue,
    ...(entryPoint === undefined ? {} : { entryPoint }),
  });
  const { promise, resolve: stop } = Promise.withResolvers<void>();
  run.subscribe(({ status }) => {
    if (status === "waiting") stop();
  });
  await Promise.race([run.ended, promise]);
  if (run.state.status !== "waiting") return [run.recording()];
  throw new CliError(`The workflow is waiting for input: ${run.state.waitingFor.join(", ")}`, {
    exitCode: exitCodes.stillRunning,
    hint: "Use a recording of an execution: `npx duranium recordings download`",
  });
}

function parseKind(text: string): ExperimentKind {
  const kind = experimentKinds.find((each) => each === text);
  if (kind !== undefined) return kind;
  throw usageError(`Unknown experiment "${text}"`, `Experiments: ${experimentKinds.join(", ")}`);
}

/** @throws {CliError} if there is no such outcome */
function parseFailing(text: string | undefined): ReadonlySet<string> {
  const names = text === undefined ? [] : text.split(",").map((name) => name.trim());
  const known: readonly string[] = [...experimentOutcomes, "repeats"];
  const unknown = names.find((name) => !known.includes(name));
  if (unknown === undefined) return new Set(names);
  throw usageError(`Unknown outcome "${unknown}"`, `Outcomes: ${known.join(", ")}`);
}

function hasFailing({ rows }: ExperimentReport, failing: ReadonlySet<string>): boolean {
  return rows.some(
    ({ outcome, repeats }) =>
      failing.has(outcome) || (failing.has("repeats") && repeats.some(({ isIdempotent }) => !isIdempotent)),
  );
}

/** @throws {CliError} if the file does not contain responses */
async function readAnswers(cli: Cli, file: string): Promise<readonly MockedFetch[]> {
  const answers = await readJson(cli, `@${file}`, "answers");
  if (Array.isArray(answers) && answers.every(isMockedFetch)) return answers;
  throw usageError(
    `Invalid answers in ${file}`,
    'For example [{ "url": "https://api.example.com/*", "response": { "status": 200 } }]',
  );
}

function isMockedFetch(value: unknown): value is MockedFetch {
  const { url, response } = Object(value) as { readonly url?: unknown; readonly response?: unknown };
  return typeof url === "string" && typeof response === "object" && response !== null;
}
