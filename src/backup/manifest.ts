import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir } from "node:fs/promises";
import { join, relative, sep } from "node:path";

/** The last entry of a backup. It lists the contents, so that a damaged or truncated file is detected. */
export interface Manifest {
  readonly format: 1;
  /** ISO 8601. */
  readonly createdAt: string;
  /** The version of Duranium that made the backup. */
  readonly release: string;
  /** True if the backup contains executions, which are Restate's data. */
  readonly hasExecutions: boolean;
  readonly hasMasterKey: boolean;
  /** SHA-256 digests by path, with `/` between folders. */
  readonly files: Readonly<Record<string, string>>;
}

export const manifestName = "manifest.json";

/** The contents of the backup differ from its manifest, or it has none. */
export class DamagedBackupError extends Error {
  override readonly name = "DamagedBackupError";
}

/** @throws {DamagedBackupError} */
export function parseManifest(text: string): Manifest {
  try {
    const manifest = JSON.parse(text) as Manifest;
    if (manifest.format === 1 && typeof manifest.files === "object") return manifest;
  } catch {
    // Invalid JSON is rejected below.
  }
  throw new DamagedBackupError("its manifest cannot be read by this release");
}

/** The digests of all files below a folder, by relative path. */
export async function digestsOf(folder: string): Promise<Record<string, string>> {
  const digests: Record<string, string> = {};
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    digests[relative(folder, path).replaceAll(sep, "/")] = await digestOfFile(path);
  }
  return digests;
}

/** @throws {DamagedBackupError} with the first file that is missing, changed or unexpected */
export function assertSame(expected: Manifest["files"], actual: Manifest["files"]): void {
  for (const [path, digest] of Object.entries(expected)) {
    if (actual[path] === undefined) throw new DamagedBackupError(`${path} is missing`);
    if (actual[path] !== digest) throw new DamagedBackupError(`${path} was changed`);
  }
  const extra = Object.keys(actual).find((path) => path !== manifestName && expected[path] === undefined);
  if (extra !== undefined) throw new DamagedBackupError(`${extra} is not in its manifest`);
}

async function digestOfFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest("hex");
}
