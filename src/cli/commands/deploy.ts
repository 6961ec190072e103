import { resolve } from "node:path";
import type { Command } from "commander";
import { diagnosticLines } from "../output/diagnostics.ts";
import { printableLine } from "../output/printable.ts";
import { durationText } from "../output/times.ts";
import { command, connected, show } from "../shared/cli.ts";
import type { Cli, CommonOptions } from "../shared/cli.ts";
import { payloadHint } from "../shared/payload-hint.ts";
import type { ProjectSource } from "../shared/project.ts";

type DeployOptions = CommonOptions & { readonly workflow?: string; readonly note?: string };

/** `deploy`: sends a workflow with everything it imports. */
export function deployCommand(cli: Cli): Command {
  return command("deploy", {
    summary: "Deploy a workflow with everything it imports, including npm packages",
    examples: [
      "deploy",
      "deploy workflows/purchase.ts",
      'deploy src/main.ts --workflow purchase --note "Refund in full"',
    ],
  })
    .argument("[file]", "file that exports run, or its folder", "workflow.ts")
    .option(
      "--workflow <workflow>",
      "workflow ID; defaults to the file name, or to the project name for workflow.ts",
    )
    .option("--note <text>", "what this version changes and why, shown in the list of versions")
    .addHelpText(
      "after",
      "\nPackages are read from node_modules/. Only files that the workflow imports are sent, and the settings in package.json and tsconfig.json that affect them.",
    )
    .action(async (file: string, options: DeployOptions) => {
      const { client } = await connected(cli, options);
      // Imported here because only some commands need the compiler.
      const { readProject, workflowFile, workflowIdOf } = await import("../shared/project.ts");
      const source = await readProject(workflowFile(resolve(cli.folder, file)));
      const workflowId = options.workflow ?? workflowIdOf(source);
      cli.terminal.progress(
        `Deploying ${printableLine(workflowId)}: ${printableLine(fileNames(source.files))}…`,
      );
      const { entry, files } = source;
      const deployed = await client.post("/workflows/{workflowId}/deploy", {
        params: { path: { workflowId } },
        body: { entry, files, ...(options.note === undefined ? {} : { note: options.note }) },
      });
      cli.terminal.progress("");
      const { bundleMs, evaluateMs, imageMs } = deployed.timings;
      show(cli, options, deployed, () => [
        ...(deployed.warnings ?? []).flatMap((warning) => diagnosticLines(warning, cli.terminal.style)),
        `Deployed ${printableLine(workflowId)}, version ${deployed.version}, in ${durationText(bundleMs + evaluateMs + imageMs)}: ` +
          `it is now the current version.${deployed.unchanged ? " The source is identical to the previous version." : ""}`,
        cli.terminal.style("dim", `Execute it: ${printableLine(executeLine(workflowId, source))}`),
      ]);
    });
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
