import { parseArgs } from "node:util";
import type { Logger } from "./base/logger.ts";
import { copyArtifacts } from "./backup/copy-artifacts.ts";
import { copyTables } from "./backup/copy-tables.ts";
import { readConfig, readConfigWith } from "./config/config.ts";
import type { Config } from "./config/config.ts";
import { messageOf } from "./domain/errors.ts";
import { artifactsLocation } from "./start/parts.ts";
import { openArtifacts } from "./stores/artifacts/open-artifacts.ts";
import { openDatabase } from "./stores/sql/open-database.ts";

const logger: Pick<Logger, "info" | "error"> = {
  info: () => {},
  error: (message) => void process.stderr.write(`duranium: ${message}\n`),
};

/**
 * `duranium migrate --from <url> --to <url>`: copies the database, or the artifacts, of an installation. Repeating it copies what
 * has changed since.
 */
try {
  const { values } = parseArgs({ options: { from: { type: "string" }, to: { type: "string" } } });
  const { from, to } = values;
  if (from === undefined || to === undefined) throw new Error("name --from and --to");
  if (isDatabase(from) !== isDatabase(to))
    throw new Error("--from and --to must both be databases, or both places of artifacts");
  await (isDatabase(from) ? migrateDatabase(from, to) : migrateArtifacts(from, to));
} catch (error) {
  process.stderr.write(`duranium: Cannot migrate: ${messageOf(error)}\n`);
  process.exitCode = 1;
}

function isDatabase(url: string): boolean {
  return /^(file|postgres(ql)?):/.test(url);
}

async function migrateDatabase(fromUrl: string, toUrl: string): Promise<void> {
  await using from = await openDatabase(databaseAt(fromUrl), { logger });
  await using to = await openDatabase(databaseAt(toUrl), { logger });
  await copyTables({ from, to, onCopied: printCopied });
  process.stdout.write("All rows are equal\n");
}

function printCopied(table: string, rows: number): void {
  process.stdout.write(`${table}: ${rows}\n`);
}

async function migrateArtifacts(fromUrl: string, toUrl: string): Promise<void> {
  await using from = await openArtifacts(artifactsLocation(artifactsAt(fromUrl)));
  await using to = await openArtifacts(artifactsLocation(artifactsAt(toUrl)));
  const copied = await copyArtifacts(from, to);
  process.stdout.write(`Copied ${copied} artifacts\n`);
}

function databaseAt(url: string): Config {
  return readConfig({ DURANIUM_DATABASE_URL: url, DURANIUM_MASTER_KEY: "not used" });
}

/** The credentials of a bucket are those of the environment. */
function artifactsAt(place: string): Config {
  const variable = place.startsWith("s3:") ? "DURANIUM_ARTIFACTS_URL" : "DURANIUM_ARTIFACTS_DIR";
  return readConfigWith({ DURANIUM_ARTIFACTS_URL: "", DURANIUM_ARTIFACTS_DIR: "", [variable]: place });
}
