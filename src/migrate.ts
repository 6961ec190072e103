import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import type { Logger } from "./base/logger.ts";
import { assertUnused } from "./backup/assert-unused.ts";
import { copyArtifacts } from "./backup/copy-artifacts.ts";
import { copyEngines } from "./backup/copy-engines.ts";
import { copyTables } from "./backup/copy-tables.ts";
import type { Copied } from "./backup/copy-tables.ts";
import { readConfig, readConfigWith, readDataDir } from "./config/config.ts";
import type { Config } from "./config/config.ts";
import { messageOf } from "./domain/errors.ts";
import { artifactsLocation } from "./start/parts.ts";
import { openBucketEngines } from "./stores/artifacts/bucket-engines.ts";
import type { EngineFiles } from "./stores/artifacts/engine-files.ts";
import { openFolderEngines } from "./stores/artifacts/folder-engines.ts";
import { openArtifacts } from "./stores/artifacts/open-artifacts.ts";
import type { Database } from "./stores/sql/database.ts";
import { openDatabase } from "./stores/sql/open-database.ts";

const logger: Pick<Logger, "info" | "error"> = {
  info: () => {},
  error: (message) => void process.stderr.write(`duranium: ${message}\n`),
};

interface DatabaseOptions {
  readonly from: string;
  readonly to: string;
  readonly mayRemove: boolean;
  readonly countsLines: boolean;
}

/**
 * `duranium migrate --from <url> --to <url>`: copies the database, or the artifacts and engines, of an installation. Repeating it
 * copies what has changed since.
 */
try {
  const { values } = parseArgs({
    options: {
      from: { type: "string" },
      to: { type: "string" },
      delete: { type: "boolean", default: false },
      "count-lines": { type: "boolean", default: false },
    },
  });
  const { from, to } = values;
  if (from === undefined || to === undefined) throw new Error("name --from and --to");
  if (isDatabase(from) !== isDatabase(to))
    throw new Error("--from and --to must both be databases, or both places of artifacts");
  const options = { from, to, mayRemove: values.delete, countsLines: values["count-lines"] };
  await (isDatabase(from) ? migrateDatabase(options) : migrateArtifacts(from, to));
} catch (error) {
  process.stderr.write(`duranium: Cannot migrate: ${messageOf(error)}\n`);
  process.exitCode = 1;
}

function isDatabase(url: string): boolean {
  return /^(file|postgres(ql)?):/.test(url);
}

async function migrateDatabase({ from: fromUrl, to: toUrl, ...options }: DatabaseOptions): Promise<void> {
  await using from = await openAt(fromUrl);
  await using to = await openAt(toUrl);
  await assertUnused(to);
  await copyTables({ ...options, from, to, onCopied: printCopied });
  process.stdout.write("All rows are equal to those at the start of this copy\n");
}

async function openAt(url: string): Promise<Database> {
  const config = readConfig({ DURANIUM_DATABASE_URL: url, DURANIUM_MASTER_KEY: "not used" });
  return await openDatabase(config, { logger, applicationName: "duranium migrate" });
}

function printCopied(table: string, { compared, written, removed }: Copied): void {
  process.stdout.write(`${table}: ${compared} rows compared, ${written} written, ${removed} removed\n`);
}

async function migrateArtifacts(fromPlace: string, toPlace: string): Promise<void> {
  const [fromConfig, toConfig] = [artifactsAt(fromPlace), artifactsAt(toPlace)];
  await using from = await openArtifacts(artifactsLocation(fromConfig));
  await using to = await openArtifacts(artifactsLocation(toConfig));
  const artifacts = await copyArtifacts(from, to);
  await using fromEngines = openEngineFiles(fromConfig);
  await using toEngines = openEngineFiles(toConfig);
  const engines = await copyEngines(fromEngines, toEngines);
  process.stdout.write(`Copied ${artifacts} artifacts and ${engines} engines\n`);
}

/** The credentials of a bucket are those of the environment. */
function artifactsAt(place: string): Config {
  if (place.startsWith("s3:"))
    return readConfigWith({ DURANIUM_ARTIFACTS_URL: place, DURANIUM_ARTIFACTS_DIR: "" });
  // The engines are beside the artifacts, unless the environment says where the data directory is.
  const dataDir = readDataDir() ?? dirname(resolve(place));
  return readConfigWith({
    DURANIUM_DATA_DIR: dataDir,
    DURANIUM_ARTIFACTS_URL: "",
    DURANIUM_ARTIFACTS_DIR: place,
  });
}

function openEngineFiles({ dataDir, objectStorage }: Config): EngineFiles {
  return objectStorage === undefined
    ? openFolderEngines(join(dataDir, "engines"))
    : openBucketEngines(objectStorage);
}
