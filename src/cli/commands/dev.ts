import { resolve } from "node:path";
import type { Command } from "commander";
import type { DevOptions } from "../dev/develop.ts";
import { command } from "../shared/cli.ts";
import type { Cli } from "../shared/cli.ts";

/** `dev`: runs a workflow on this machine, again after every change. */
export function devCommand(cli: Cli): Command {
  return command("dev", {
    summary:
      "Run a workflow here, without a server, and again after every change: the same engine, an own clock",
    examples: [
      `dev --payload '{ "item": "lamp" }'`,
      "dev workflows/purchase.ts --payload @order.json --allow 127.0.0.1:4000",
      "dev --once --json --payload - < order.json",
    ],
  })
    .argument("[file]", "the file that exports run, or its folder", "workflow.ts")
    .option("-p, --payload <json>", "JSON, @file (read again for each run), or - for standard input", "null")
    .option("--entry-point <name>", "what the workflow finds in ctx.entryPoint")
    .option("--workflow <workflow>", "its id")
    .option("--real-time", "let sleeps take their time, instead of skipping it")
    .option("--allow <addresses>", "where fetches may go beside public addresses (as DURANIUM_EGRESS_ALLOW)")
    .option("--once", "run it once, and end as it ends")
    .action(async (file: string, options: DevOptions) => {
      // With the engine and the compiler, which no other command needs.
      const [{ develop }, { workflowFile }] = await Promise.all([
        import("../dev/develop.ts"),
        import("../shared/project.ts"),
      ]);
      await develop(cli, workflowFile(resolve(cli.folder, file)), options);
    });
}
