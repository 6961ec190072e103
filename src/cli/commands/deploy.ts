import { resolve } from "node:path";
import type { Command } from "commander";
import { checkBeforeDeploy } from "../replay/deploy-check.ts";
import { diagnosticLines } from "../output/diagnostics.ts";
import { printableLine } from "../output/printable.ts";
import { formatDuration } from "../../base/duration-text.ts";
import { command, connected, show } from "../shared/cli.ts";
import type { Cli, CommonOptions } from "../shared/cli.ts";
import { parseCount } from "../shared/input.ts";
import { withPackageOptions } from "../shared/package-options.ts";
import type { PackageOptions } from "../shared/package-options.ts";
import { payloadHint } from "../shared/payload-hint.ts";
import { sentSource } from "../shared/sent-source.ts";
import type { ProjectSource } from "../shared/project.ts";

interface DeployOptions extends CommonOptions, PackageOptions {
  readonly workflow?: string;
  readonly note?: string;
  readonly check?: number;
  readonly failOn?: string;
  readonly skipReplayCheck?: string;
}

/** `deploy`: sends a workflow with everything it imports. */
export function deployCommand(cli: Cli): Command {
  const deploy = command("deploy", {
    summary: "Deploy a workflow with everything it imports, including packages of npm and PyPI",
    examples: [
      "deploy",
      "deploy workflows/purchase.ts",
      'deploy src/main.ts --workflow purchase --note "Refund in full"',
      "deploy --check 50 --fail-on different,throws",
      "deploy flow.py --packages vendor",
      "deploy flow.wasm",
    ],
  });
  return withPackageOptions(deploy)
    .argument("[file]", "file that exports run, or its folder", "workflow.ts")
    .option(
      "--workflow <workflow>",
      "workflow ID; defaults to the file name, or to the project name for workflow.ts",
    )
    .option("--note <text>", "what this version changes and why, shown in the list of versions")
    .option("--check <count>", "replay this many of the latest executions on it first", parseCount)
    .option(
      "--fail-on <outcomes>",
      "outcomes of --check that prevent the deploy, separated by commas; all except same by default",
    )
    .option(
      "--skip-replay-check <reason>",
      "deploy without the replay check that the settings of the workflow require; the audit log stores the reason",
    )
    .addHelpText(
      "after",
      "\nPackages are read from node_modules/, and those of a .py file from its virtual environment. Only files that the workflow imports are sent, and the settings in package.json and tsconfig.json that affect them.",
    )
    .action(async (file: string, options: DeployOptions) => {
      const { client } = await connected(cli, options);
      // Imported here because only some commands need the compiler.
      const { readProject, workflowFile, workflowIdOf } = await import("../shared/project.ts");
      const source = await readProject(workflowFile(resolve(cli.folder, file)), { ...cli, ...options });
      const workflowId = options.workflow ?? workflowIdOf(source);
      if (options.check !== undefined) {
        const check = { last: options.check, failOn: options.failOn };
        await checkBeforeDeploy(cli, { client, workflowId, source, ...check });
      }
      cli.terminal.progress(
        `Deploying ${printableLine(workflowId)}: ${printableLine(fileNames({ ...source.files, ...source.binaryFiles }))}…`,
      );
      const deployed = await client.post("/workflows/{workflowId}/deploy", {
        params: { path: { workflowId }, query: skipQuery(options) },
        body: { ...sentSource(source), ...(options.note === undefined ? {} : { note: options.note }) },
      });
      cli.terminal.progress("");
      const { bundleMs, evaluateMs, imageMs } = deployed.timings;
      show(cli, options, deployed, () => [
        ...(deployed.warnings ?? []).flatMap((warning) => diagnosticLines(warning, cli.terminal.style)),
        `Deployed ${printableLine(workflowId)}, version ${deployed.version}, in ${formatDuration(bundleMs + evaluateMs + imageMs)}: ` +
          `it is now the current version.${deployed.unchanged ? " The source is identical to the previous version." : ""}`,
        cli.terminal.style("dim", `Execute it: ${printableLine(executeLine(workflowId, source))}`),
      ]);
    });
}

function skipQuery({ skipReplayCheck: reason }: DeployOptions): { readonly "skip-replay-check"?: string } {
  return reason === undefined ? {} : { "skip-replay-check": reason };
}

/** The names of a few files, or the first ones and the number of the others. */
function fileNames(files: ProjectSource["files"]): string {
  const names = Object.keys(files);
  if (names.length <= maxShownNames) return names.join(", ");
  return `${names.slice(0, maxShownNames - 1).join(", ")} and ${names.length - maxShownNames + 1} more files`;
}

const maxShownNames = 4;

/** The command that executes the workflow, with a payload to fill in if it takes one. */
function executeLine(workflowId: string, { entry, files }: ProjectSource): string {
  const payload = payloadHint(files[entry] ?? "");
  return `npx duranium execute ${workflowId}${payload === undefined ? "" : ` --payload '${payload}'`} --wait`;
}
