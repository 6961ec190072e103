import { mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { ExecutionStatus } from "#client";
import type { Command } from "commander";
import { usageError } from "../output/cli-error.ts";
import { printableLine } from "../output/printable.ts";
import { command, connected, group, show } from "../shared/cli.ts";
import type { Cli, CommonOptions } from "../shared/cli.ts";
import { parseCount } from "../shared/input.ts";
import { firstItems } from "../shared/pages.ts";

/** `recordings download` */
export function recordingCommands(cli: Cli): Command {
  return group("recordings", "Recordings of executions", [downloadCommand(cli)]);
}

interface DownloadOptions extends CommonOptions {
  readonly workflow?: string;
  readonly last?: number;
  readonly status?: ExecutionStatus;
  readonly out: string;
}

function downloadCommand(cli: Cli): Command {
  return command("download", {
    summary: "Write recordings to files, one for each execution",
    examples: [
      "recordings download inv_1gdJBtdVEcM942bjcDmb1c1khoaJe11Hbz --out tests",
      "recordings download --workflow purchase --last 20 --status completed --out tests",
    ],
  })
    .argument("[executions...]", "IDs of executions")
    .option("--workflow <workflow>", "the latest executions of this workflow")
    .option("--last <count>", "the number of executions", parseCount)
    .option("--status <status>", "filter by status: completed, failed…")
    .option("--out <folder>", "folder of the files", ".")
    .action(async (executions: readonly string[], options: DownloadOptions) => {
      if (executions.length === 0 && options.workflow === undefined) {
        throw usageError("No execution given", "Name executions, or a workflow with --workflow and --last");
      }
      const { client } = await connected(cli, options);
      const { workflow, last = 20, status } = options;
      const filter = {
        ...(workflow === undefined ? {} : { workflow }),
        ...(status === undefined ? {} : { status }),
      };
      const ids =
        executions.length > 0
          ? executions
          : (
              await firstItems(
                last,
                async (page) =>
                  await client.get("/executions", { params: { query: { ...filter, ...page } } }),
              )
            ).map(({ executionId }) => executionId);
      const folder = resolve(cli.folder, options.out);
      await mkdir(folder, { recursive: true });
      const files: string[] = [];
      for (const executionId of ids) {
        const path = { executionId };
        const recording = await client.get("/executions/{executionId}/recording", { params: { path } });
        const file = join(folder, `${fileName(recording.executionId)}.json`);
        await writeFile(file, `${JSON.stringify(recording, undefined, 2)}\n`);
        files.push(file);
      }
      show(cli, options, { files }, () => [
        ...files.map((file) => printableLine(file)),
        `Wrote ${files.length} ${files.length === 1 ? "recording" : "recordings"}`,
      ]);
    });
}

/** The ID comes from the server, and must not name another folder. */
function fileName(executionId: string): string {
  return executionId.replaceAll(/[^A-Za-z0-9_-]/g, "_");
}
