import { resolve } from "node:path";
import type { Command } from "commander";
import type { DevOptions } from "../dev/develop.ts";
import { command } from "../shared/cli.ts";
import type { Cli } from "../shared/cli.ts";
import { withPackageOptions } from "../shared/package-options.ts";

/** `dev`: runs a workflow on this machine, again after every change. */
export function devCommand(cli: Cli): Command {
  const dev = command("dev", {
    summary:
      "Run a workflow locally, without a server, and again after every change (same engine, virtual clock)",
    examples: [
      `dev --payload '{ "item": "lamp" }'`,
      "dev workflows/purchase.ts --payload @order.json --allow 127.0.0.1:4000",
      "dev --once --json --payload - < order.json",
      "dev flow.py --payload @order.json",
    ],
  });
  return withPackageOptions(dev)
    .argument("[file]", "file that exports run, or its folder", "workflow.ts")
    .option("-p, --payload <json>", "JSON, @file (read again for each run), or - for standard input", "null")
    .option("--entry-point <name>", "value of ctx.entryPoint")
    .option("--workflow <workflow>", "workflow ID")
    .option("--real-time", "run sleeps in real time instead of skipping them")
    .option(
      "--allow <addresses>",
      "destinations allowed in addition to public addresses (as DURANIUM_EGRESS_ALLOW)",
    )
    .option("--once", "run once and exit with its outcome")
    .action(async (file: string, options: DevOptions) => {
      // Imported here because only this command needs the engine.
      const [{ develop }, { workflowFile }] = await Promise.all([
        import("../dev/develop.ts"),
        import("../shared/project.ts"),
      ]);
      await develop(cli, workflowFile(resolve(cli.folder, file)), options);
    });
}
