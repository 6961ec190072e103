import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { restoreBackup } from "./backup/restore.ts";
import { readConfig } from "./config/config.ts";
import { messageOf } from "./domain/errors.ts";
import { installationPaths } from "./start/backup.ts";

/** `duranium restore <file>`: restores a backup into the data directory that the environment names, which must be empty. */
try {
  const { positionals } = parseArgs({ allowPositionals: true });
  const [file] = positionals;
  if (file === undefined) throw new Error("name the file of the backup");
  const config = readConfig();
  const { createdAt, release, hasExecutions } = await restoreBackup(resolve(file), installationPaths(config));
  process.stdout.write(
    [
      `Restored into ${config.dataDir}: the backup of ${createdAt}, made by Duranium ${release}`,
      ...(hasExecutions
        ? []
        : ["Executions were not part of it: restore the data of your Restate server as well"]),
      "",
    ].join("\n"),
  );
} catch (error) {
  process.stderr.write(`duranium: Cannot restore the backup: ${messageOf(error)}\n`);
  process.exitCode = 1;
}
