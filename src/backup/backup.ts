import { mkdir, mkdtemp, open, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { create, extract } from "tar";
import { assertIntact, copyDatabase } from "../stores/sql/sqlite.ts";
import { assertSame, digestsOf, manifestName } from "./manifest.ts";
import type { Manifest } from "./manifest.ts";
import { copied, restateFiles, snapshotFile, snapshotFolder, writtenOnce } from "./snapshot.ts";

/** The paths of the parts of an installation, all absolute. */
export interface InstallationPaths {
  readonly dataDir: string;
  readonly databaseUrl: string;
  readonly artifactsDir: string;
  /** Absent if the operator runs Restate. */
  readonly restateDir: string | undefined;
  /** Absent if the operator supplies the master key in the environment. */
  readonly masterKeyFile: string | undefined;
  /** Absent if the operator runs Restate. */
  readonly identityKeyFile: string | undefined;
}

export interface BackupOptions {
  readonly paths: InstallationPaths;
  /** The absolute path of the backup. */
  readonly file: string;
  readonly release: string;
  /** Runs `work` while no process writes to Restate's data. */
  readonly whileStopped: <T>(work: () => Promise<T>) => Promise<T>;
}

/**
 * Writes a backup of an installation as one tar file, and verifies it before giving it its final name.
 *
 * Restate's data is copied first: it refers to versions, and versions refer to artifacts, so each part that is copied
 * later contains everything that the earlier parts refer to. Restate is stopped only while its files are linked.
 *
 * @throws {DamagedBackupError} if the written backup cannot be read back
 */
export async function makeBackup({ paths, file, release, whileStopped }: BackupOptions): Promise<Manifest> {
  await using stack = new AsyncDisposableStack();
  const folder = await temporaryFolder(paths.dataDir, stack);
  const partial = `${file}.partial`;
  stack.defer(async () => await rm(partial, { force: true }));
  const { restateDir } = paths;
  if (restateDir !== undefined) {
    await whileStopped(async () => await snapshotFolder(restateDir, join(folder, "restate"), restateFiles));
  }
  await snapshotRest(paths, folder);
  const manifest: Manifest = {
    format: 1,
    createdAt: new Date().toISOString(),
    release,
    hasExecutions: restateDir !== undefined,
    hasMasterKey: paths.masterKeyFile !== undefined,
    files: await digestsOf(folder),
  };
  await writeFile(join(folder, manifestName), JSON.stringify(manifest, undefined, 2));
  await writeArchive(folder, partial);
  await assertReadable(partial, manifest, await temporaryFolder(paths.dataDir, stack));
  await rename(partial, file);
  return manifest;
}

/** Prefix of temporary folders of a backup or a restore. Folders that remain after a crash may be deleted. */
export const temporaryPrefix = ".backup-";

async function temporaryFolder(dataDir: string, stack: AsyncDisposableStack): Promise<string> {
  const folder = await mkdtemp(join(dataDir, temporaryPrefix));
  stack.defer(async () => await rm(folder, { recursive: true, force: true }));
  return folder;
}

async function snapshotRest(paths: InstallationPaths, folder: string): Promise<void> {
  const { dataDir, databaseUrl, artifactsDir, masterKeyFile, identityKeyFile } = paths;
  await copyDatabase(databaseUrl, join(folder, "duranium.sqlite"));
  await snapshotFolder(artifactsDir, join(folder, "artifacts"), writtenOnce);
  await snapshotFolder(join(dataDir, "engines"), join(folder, "engines"), writtenOnce);
  await snapshotFolder(join(dataDir, "turn-markers"), join(folder, "turn-markers"), copied);
  if (masterKeyFile !== undefined) await snapshotFile(masterKeyFile, join(folder, "master.key"));
  if (identityKeyFile === undefined) return;
  await snapshotFile(identityKeyFile, join(folder, "restate-identity.pem"));
  await snapshotFile(`${identityKeyFile}.pub`, join(folder, "restate-identity.pem.pub"));
}

/** Only its owner may read it, because it contains the master key. */
async function writeArchive(folder: string, file: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await (await open(file, "wx", 0o600)).close();
  await create({ file, cwd: folder, portable: true }, ["."]);
  await using written = await open(file, "r+");
  await written.sync();
}

async function assertReadable(file: string, manifest: Manifest, folder: string): Promise<void> {
  await extract({ file, cwd: folder, strict: true });
  assertSame(manifest.files, await digestsOf(folder));
  assertIntact(join(folder, "duranium.sqlite"));
}

/** The name of a backup at this time: `duranium-2026-11-29T18-05-00Z.tar`. */
export function backupName(now: Date): string {
  return `duranium-${now.toISOString().slice(0, 19).replaceAll(":", "-")}Z.tar`;
}
