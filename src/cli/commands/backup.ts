import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Command } from "commander";
import { examplesText } from "../shared/cli.ts";
import type { Cli } from "../shared/cli.ts";

/** `backup` and `restore`: of the installation on this machine whose data directory the environment names. */
export function backupCommands(cli: Cli): readonly Command[] {
  return [
    local("backup", "Back up the installation on this machine, also while it runs", [
      "backup",
      "backup /mnt/backups/monday.tar --without-master-key",
    ])
      .argument("[file]", "the file to make; by default a name with the date, in this folder")
      .option("--without-master-key", "leave out the key that secrets are encrypted with")
      .action((file: string | undefined, { withoutMasterKey }: { readonly withoutMasterKey?: true }) =>
        run(cli, "back-up.ts", [
          ...(file === undefined ? [] : [file]),
          ...(withoutMasterKey === true ? ["--without-master-key"] : []),
        ]),
      ),
    local("restore", "Restore a backup into an empty data directory on this machine", ["restore backup.tar"])
      .argument("<file>", "the file that `backup` has made")
      .action((file: string) => run(cli, "restore.ts", [file])),
  ];
}

function local(name: string, summary: string, examples: readonly string[]): Command {
  return new Command(name)
    .description(`${summary}. DURANIUM_DATA_DIR names its data directory, ./data by default`)
    .summary(summary)
    .addHelpText("after", examplesText(examples));
}

const sourceFolder = fileURLToPath(new URL("../..", import.meta.url));

/** The server's own programs: they read its configuration and its data, which commands that talk to the API do not. */
function run({ exitWith }: Cli, program: string, args: readonly string[]): void {
  const command = [...process.execArgv, join(sourceFolder, program), ...args];
  const { status } = spawnSync(process.execPath, command, { stdio: "inherit" });
  exitWith(status ?? 1);
}
