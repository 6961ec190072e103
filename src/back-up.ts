import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { backupName, makeBackup } from "./backup/backup.ts";
import { requestBackup } from "./backup/control.ts";
import { readConfig } from "./config/config.ts";
import { messageOf } from "./domain/errors.ts";
import { backupLine, installationPaths } from "./start/backup.ts";
import { packageVersion } from "./start/parts.ts";
import { lockDataDirectory } from "./stores/data-directory/data-lock.ts";

/**
 * `duranium backup [file]`: makes a backup of the installation whose data directory the environment names. One that runs is
 * asked for it, and stops its Restate server for a moment; one that does not run is read here.
 */
try {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { "without-master-key": { type: "boolean" } },
  });
  const file = resolve(positionals[0] ?? backupName(new Date()));
  if (existsSync(file)) throw new Error(`${file} exists already`);
  process.stdout.write(`${await backUp(file, values["without-master-key"] !== true)}\n`);
} catch (error) {
  process.stderr.write(`duranium: Cannot make a backup: ${messageOf(error)}\n`);
  process.exitCode = 1;
}

async function backUp(file: string, withMasterKey: boolean): Promise<string> {
  const config = readConfig();
  if (config.postgresUrl !== undefined)
    throw new Error("the database is PostgreSQL, which is backed up with its own tools, such as pg_dump");
  const paths = installationPaths(config, withMasterKey);
  if (!existsSync(paths.databaseUrl)) {
    throw new Error(
      `there is no database at ${paths.databaseUrl}: set DURANIUM_DATA_DIR to the data directory`,
    );
  }
  if (paths.restateDir !== undefined) {
    const lines = await requestBackup(config.dataDir, { file, withMasterKey });
    if (lines !== undefined) return lines;
  }
  using _lock = paths.restateDir === undefined ? undefined : lockDataDirectory(config.dataDir);
  const manifest = await makeBackup({
    paths,
    file,
    release: packageVersion(),
    whileStopped: async (work) => await work(),
  });
  return backupLine(file, manifest, config);
}
