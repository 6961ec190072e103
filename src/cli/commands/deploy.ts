import { resolve } from "node:path";
import type { Command } from "commander";
import { diagnosticLines } from "../output/diagnostics.ts";
import { printableLine } from "../output/printable.ts";
import { durationText } from "../output/times.ts";
import { command, connected, show } from "../shared/cli.ts";
import type { Cli, CommonOptions } from "../shared/cli.ts";

type DeployOptions = CommonOptions & { readonly workflow?: string; readonly note?: string };

/** `deploy`: sends a workflow with everything that it imports. */
export function deployCommand(cli: Cli): Command {
  return command("deploy", {
    summary: "Deploy a workflow with all that it imports, npm packages too; new executions get it",
    examples: [
      "deploy",
      "deploy workflows/purchase.ts",
      'deploy src/main.ts --workflow purchase --note "Refund in full"',
    ],
  })
    .argument("[file]", "the file that exports run, or its folder", "workflow.ts")
    .option("--workflow <workflow>", "its id. Without it: the file's name, or the project's for workflow.ts")
    .option("--note <text>", "what this version changes, and why, for those who read the list of versions")
    .addHelpText(
      "after",
      "\nPackages are those that are installed in node_modules/: what the workflow does not import is not sent.",
    )
    .action(async (file: string, options: DeployOptions) => {
      const { client } = await connected(cli, options);
      // With the compiler, which the other commands do without.
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
          `new executions get it.${deployed.unchanged ? " Its source is that of the version before." : ""}`,
        cli.terminal.style("dim", `Execute it: npx duranium execute ${printableLine(workflowId)} --wait`),
      ]);
    });
}
