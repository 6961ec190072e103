import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, readdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { extract } from "tar";
import { dataLockName } from "../stores/data-directory/data-lock.ts";
import { assertIntact } from "../stores/sql/sqlite.ts";
import { temporaryPrefix } from "./backup.ts";
import type { InstallationPaths } from "./backup.ts";
import { assertSame, DamagedBackupError, digestsOf, manifestName, parseManifest } from "./manifest.ts";
import type { Manifest } from "./manifest.ts";

/**
 * Restores a backup into an empty data directory. The whole backup is verified before the first file is moved into
 * place, and no file is ever overwritten or deleted.
 *
 * @throws {DamagedBackupError} if the file is not a backup, or is incomplete
 * @throws an error that names the existing files that prevent the restore
 */
export async function restoreBackup(file: string, paths: InstallationPaths): Promise<Manifest> {
  await mkdir(paths.dataDir, { recursive: true, mode: 0o700 });
  const places = placesOf(paths);
  await assertEmpty(paths.dataDir, places);
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(paths.dataDir, temporaryPrefix));
  stack.defer(async () => await rm(folder, { recursive: true, force: true }));
  const manifest = await unpack(file, folder);
  for (const [part, place] of places) {
    if (!existsSync(join(folder, part))) continue;
    await mkdir(dirname(place), { recursive: true, mode: 0o700 });
    await rename(join(folder, part), place);
  }
  return manifest;
}

/** The destination of each entry of a backup. */
function placesOf(paths: InstallationPaths): readonly (readonly [part: string, place: string])[] {
  const { dataDir, databaseUrl, artifactsDir } = paths;
  const ownPlace = (part: string) => [part, join(dataDir, part)] as const;
  return [
    ["duranium.sqlite", databaseUrl],
    ["artifacts", artifactsDir],
    ["restate", paths.restateDir ?? join(dataDir, "restate")],
    ["master.key", paths.masterKeyFile ?? join(dataDir, "master.key")],
    ["restate-identity.pem", paths.identityKeyFile ?? join(dataDir, "restate-identity.pem")],
    ["restate-identity.pem.pub", `${paths.identityKeyFile ?? join(dataDir, "restate-identity.pem")}.pub`],
    // Backups of the first releases have `crashes`.
    ...["engines", "turn-markers", "crashes"].map(ownPlace),
  ];
}

async function assertEmpty(dataDir: string, places: ReturnType<typeof placesOf>): Promise<void> {
  const [first] = (await readdir(dataDir)).filter((name) => name !== dataLockName);
  const taken =
    first === undefined ? places.find(([, place]) => existsSync(place))?.[1] : join(dataDir, first);
  if (taken === undefined) return;
  throw new Error(
    `${taken} is in the way: move the old data aside (mv "${dataDir}" "${dataDir}.old"), or set DURANIUM_DATA_DIR to a folder that is empty`,
  );
}

async function unpack(file: string, folder: string): Promise<Manifest> {
  await extract({ file, cwd: folder, strict: true, preserveOwner: false }).catch((cause: unknown) => {
    throw new DamagedBackupError("it cannot be unpacked", { cause });
  });
  const path = join(folder, manifestName);
  if (!existsSync(path)) throw new DamagedBackupError(`it has no ${manifestName}`);
  const manifest = parseManifest(await readFile(path, "utf8"));
  assertSame(manifest.files, await digestsOf(folder));
  assertIntact(join(folder, "duranium.sqlite"));
  return manifest;
}
