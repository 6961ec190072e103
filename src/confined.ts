import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { readConfig, readLogFormat } from "./config/config.ts";
import type { Config } from "./config/config.ts";
import { credentialFilesOf } from "./config/object-storage.ts";
import { messageOf } from "./domain/errors.ts";
import { openEngines } from "./sandbox/engine/engine-archive.ts";
import { checkStart } from "./start/checks.ts";
import { openLog } from "./start/log.ts";

/**
 * Starts `main.ts` with Node's permission model on: it reads the release and its own folders, writes the latter, and
 * loads no WASI and no other native library than there is among its packages' addons. Meant for executors.
 * `docs/operating/security.md` says what this holds and what it does not.
 *
 * The process stays the same: signals and exit codes are those of `main.ts`.
 */
async function main(): Promise<void> {
  const config = readConfig();
  await checkStart(config);
  // To build and to copy it takes rights that are given up here.
  await openEngines({
    directory: config.enginesDir,
    archiveDir: join(config.dataDir, "engines"),
    onProgress: (line) => log.info(line),
  }).current();
  if (process.execve === undefined) throw new Error("Node's permission model needs Linux or macOS here");
  const main = join(project, "src", "main.ts");
  const args = [...process.execArgv, ...permissions(config), main, ...process.argv.slice(2)];
  process.execve(process.execPath, [process.execPath, ...args]);
}

const project = fileURLToPath(new URL("..", import.meta.url));

/** What of a release is read at run time. */
const releaseParts = [
  "src",
  "docs",
  "web",
  "node_modules",
  "migrations",
  "wit",
  "package.json",
  "restate.toml",
];

function permissions(config: Config): readonly string[] {
  const { dataDir, databaseUrl, artifactsDir, enginesDir, packagesDir, masterKeyFile } = config;
  const own = [dataDir, dirname(databaseUrl), artifactsDir].flatMap(withContents);
  const read = [
    ...releaseParts.map((part) => join(project, part)),
    ...own,
    enginesDir,
    packagesDir,
    masterKeyFile,
    config.restate.identityKeyFile,
    ...(config.objectStorage === undefined ? [] : credentialFilesOf(config.objectStorage.credentials)),
    ...Object.values(config.tracing?.exporter.certificates ?? {}),
    // For metrics of the process, and thread IDs.
    "/proc/self",
    "/proc/thread-self",
  ];
  return [
    "--permission",
    "--disable-warning=SecurityWarning",
    "--disable-warning=ExperimentalWarning",
    "--allow-worker",
    "--allow-net",
    // SQLite.
    "--allow-addons",
    // esbuild, for deploys.
    "--allow-child-process",
    ...read.filter((path) => path !== undefined).map((path) => `--allow-fs-read=${path}`),
    ...own.map((path) => `--allow-fs-write=${path}`),
  ];
}

/** Said both ways: a folder that is not there yet is taken for a file. */
function withContents(folder: string): readonly string[] {
  return [folder, join(folder, "*")];
}

const log = openLog(readLogFormat());

try {
  await main();
} catch (error) {
  log.fatal(messageOf(error));
  process.exitCode = 1;
}
