import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { Command } from "commander";
import type { ReplayItem } from "../../replay/replay-item.ts";
import { exitCodes } from "../output/cli-error.ts";
import { command, show } from "../shared/cli.ts";
import type { Cli, CommonOptions } from "../shared/cli.ts";
import { enginesFolder } from "../shared/engines-folder.ts";
import { withPackageOptions } from "../shared/package-options.ts";
import type { PackageOptions } from "../shared/package-options.ts";
import { parseFailOn } from "./fail-on.ts";
import { junitReport } from "./junit.ts";
import { matchingFiles, readRecordingFile } from "./recording-files.ts";
import { reportLines, summaryText } from "./report-text.ts";

interface ReplayOptions extends CommonOptions, PackageOptions {
  readonly recordings: readonly string[];
  readonly failOn?: string;
  readonly junit?: string;
}

/** `replay`: runs a workflow on recordings, on this machine. */
export function replayCommand(cli: Cli): Command {
  const replay = command("replay", {
    summary: "Replay recordings on a workflow: what would it do differently?",
    examples: [
      "replay workflow.ts --recordings tests/*.json",
      "replay workflow.ts --recordings tests/*.json --junit report.xml --fail-on different,throws",
    ],
  });
  return withPackageOptions(replay)
    .argument("<file>", "file that exports run, or its folder")
    .requiredOption("--recordings <files...>", "files of `recordings download`, or patterns")
    .option("--fail-on <outcomes>", "outcomes that fail, separated by commas; all except same by default")
    .option("--junit <file>", "write a report in JUnit's XML")
    .action(async (file: string, options: ReplayOptions) => await replayFiles(cli, file, options));
}

async function replayFiles(cli: Cli, file: string, options: ReplayOptions): Promise<void> {
  const failing = parseFailOn(options.failOn);
  const paths = await matchingFiles(cli, options.recordings);
  // Imported here because only some commands need the compiler and the engine.
  const [
    { createNodeReplays },
    { readProject, workflowFile, workflowIdOf },
    { checkRecording },
    { localEngine },
  ] = await Promise.all([
    import("../../preview/node-replays.ts"),
    import("../shared/project.ts"),
    import("../../replay/check-recording.ts"),
    import("../dev/local-engine.ts"),
  ]);
  const source = await readProject(workflowFile(resolve(cli.folder, file)), { ...cli, ...options });
  const { terminal } = cli;
  await using replays = await createNodeReplays({
    enginesDir: enginesFolder(cli),
    ...(await localEngine(cli, options, source.entry)),
    onProgress: (message) => terminal.note(terminal.style("dim", message)),
  });
  const candidate = await replays.version(source);
  const items: ReplayItem[] = [];
  for (const path of paths) {
    items.push(await checkRecording({ recording: await readRecordingFile(path), candidate }));
  }
  const suite = workflowIdOf(source);
  if (options.junit !== undefined) {
    await writeFile(resolve(cli.folder, options.junit), junitReport(items, { suite, failing }));
  }
  show(cli, options, { items }, () => [...reportLines(items, terminal), summaryText(items)]);
  if (items.some(({ outcome }) => failing.has(outcome))) cli.exitWith(exitCodes.failed);
}
