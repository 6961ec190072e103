import { resolve } from "node:path";
import type { Command } from "commander";
import { diagnosticLines } from "../output/diagnostics.ts";
import { printableLine } from "../output/printable.ts";
import { durationText } from "../output/times.ts";
import { command, connected, show } from "../shared/cli.ts";
import type { Cli, CommonOptions } from "../shared/cli.ts";

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
      "\nPackages are read from node_modules/. Only files that the workflow imports are sent.",
    )
    .action(async (file: string, options: DeployOptions) => {
      const { client } = await connected(cli, options);
      // Imported here because only some commands need the compiler.
      const { readProject, workflowFile, workflowIdOf } = await import("../shared/project.ts");
      const source = await readProject(workflowFile(resolve(cli.folder, file)));
      const workflowId = options.workflow ?? workflowIdOf(source);
      const count = Object.keys(source.files).length;
      cli.terminal.progress(
        `Deploying ${printableLine(workflowId)}: ${count} file${count === 1 ? "" : "s"}…`,
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
        cli.terminal.style("dim", `Execute it: npx duranium execute ${printableLine(workflowId)} --wait`),
      ]);
    });
}
