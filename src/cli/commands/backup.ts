import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Command } from "commander";
import { examplesText } from "../shared/cli.ts";
import type { Cli } from "../shared/cli.ts";

/** `backup`, `restore` and `migrate` of the installation on this machine, whose data directory is set in the environment. */
export function backupCommands(cli: Cli): readonly Command[] {
  return [
    local("backup", "Back up the installation on this machine, even while it runs", [
      "backup",
      "backup /mnt/backups/monday.tar --without-master-key",
    ])
      .argument("[file]", "backup file; defaults to a name with the date in the current folder")
      .option("--without-master-key", "exclude the key that encrypts secrets")
      .action((file: string | undefined, { withoutMasterKey }: { readonly withoutMasterKey?: true }) =>
        run(cli, "back-up.ts", [
          ...(file === undefined ? [] : [file]),
          ...(withoutMasterKey === true ? ["--without-master-key"] : []),
        ]),
      ),
    local("restore", "Restore a backup into an empty data directory on this machine", ["restore backup.tar"])
      .argument("<file>", "file created by `backup`")
      .action((file: string) => run(cli, "restore.ts", [file])),
    local("migrate", "Copy the database, or the artifacts and engines, of an installation to another store", [
      "migrate --from file:data/duranium.sqlite --to postgres://user:password@host/duranium",
      "migrate --from data/artifacts --to 's3://bucket/prefix?region=eu-central-1'",
    ])
      .requiredOption("--from <url>", "database or artifacts to copy: file:, postgres:, s3: or a folder")
      .requiredOption("--to <url>", "where to copy them")
      .option("--delete", "remove rows of the destination that were deleted since an earlier copy")
      .option("--count-lines", "compare console lines of each execution by their number only")
      .action((options: MigrateOptions) =>
        run(cli, "migrate.ts", [
          "--from",
          options.from,
          "--to",
          options.to,
          ...(options.delete === true ? ["--delete"] : []),
          ...(options.countLines === true ? ["--count-lines"] : []),
        ]),
      ),
  ];
}

interface MigrateOptions {
  readonly from: string;
  readonly to: string;
  readonly delete?: true;
  readonly countLines?: true;
}

function local(name: string, summary: string, examples: readonly string[]): Command {
  return new Command(name)
    .description(`${summary}. Set DURANIUM_DATA_DIR to its data directory (default: ./data)`)
    .summary(summary)
    .addHelpText("after", examplesText(examples));
}

const sourceFolder = fileURLToPath(new URL("../..", import.meta.url));

/** These run the server's own programs, which read its configuration and data. The other commands use the API. */
function run({ exitWith }: Cli, program: string, args: readonly string[]): void {
  const command = [...process.execArgv, join(sourceFolder, program), ...args];
  const { status } = spawnSync(process.execPath, command, { stdio: "inherit" });
  exitWith(status ?? 1);
}
