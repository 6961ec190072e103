import { once } from "node:events";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { Parser } from "tar";
import type { ReadEntry } from "tar";
import { messageOf } from "../domain/errors.ts";
import { archiveOf } from "../sandbox/compile/resolution/package-archives.ts";
import type { PackageArchive } from "../sandbox/compile/resolution/package-archives.ts";
import {
  maxManifestBytes,
  maxPackageFiles,
  maxPackagePathLength,
  maxTarballEntries,
  maxUnpackedBytes,
} from "./limits.ts";
import { readManifest } from "./manifest.ts";
import type { Manifest } from "./manifest.ts";
import { packageRefused } from "./package-refused.ts";

/** A package as it is stored: only files that can be imported, and types. */
export interface UnpackedPackage extends Manifest {
  readonly archive: PackageArchive;
  readonly files: number;
}

/**
 * Unpacks what `npm pack` makes. Nothing is written to a disk and no script runs.
 *
 * @param what the package as errors name it
 * @throws {DuraniumError} `package-refused`, with the file and the reason
 */
export async function unpack(tarball: Uint8Array, what: string): Promise<UnpackedPackage> {
  const bytes = await decompress(tarball, what);
  const files = await readFiles(bytes, what);
  return packageOf(files, what);
}

/** @throws {DuraniumError} `package-refused` if there is no valid `package.json`, or too many files */
export function packageOf(files: Readonly<Record<string, string>>, what: string): UnpackedPackage {
  const text = Object.hasOwn(files, "package.json") ? files["package.json"] : undefined;
  if ((text?.length ?? 0) > maxManifestBytes) {
    const reason = `its package.json has more than ${maxManifestBytes / 1_024} KiB`;
    throw packageRefused(what, reason, { file: "package.json" });
  }
  const manifest = text === undefined ? undefined : readManifest(text);
  if (manifest === undefined) {
    const reason = text === undefined ? "it has none" : "it needs a valid name and version";
    throw packageRefused(what, `its package.json is not valid: ${reason}`, { file: "package.json" });
  }
  const count = Object.keys(files).length;
  if (count > maxPackageFiles) {
    throw packageRefused(what, `it has ${count} files and the limit is ${maxPackageFiles}`, {
      hint: "Bundle what you need of it, and deploy the bundle",
    });
  }
  return { ...manifest, archive: archiveOf(files), files: count };
}

/** Files that a workflow or the editor can use. Maps, pages, pictures and binaries are not stored. */
export function isStored(path: string): boolean {
  return /\.(?:[cm]?[jt]sx?|json|txt)$/.test(path);
}

async function decompress(tarball: Uint8Array, what: string): Promise<Uint8Array> {
  if (!isGzip(tarball)) throw packageRefused(what, "the file is not a .tgz, as `npm pack` makes it");
  try {
    const bytes = await promisify(gunzip)(tarball, { maxOutputLength: maxUnpackedBytes });
    // The parser would decompress it again, beyond the limit.
    if (isGzip(bytes)) throw new Error("it is compressed twice");
    return bytes;
  } catch (error) {
    const isTooLarge = error instanceof RangeError;
    const limit = `it has more than ${maxUnpackedBytes / 2 ** 20} MiB unpacked`;
    throw packageRefused(what, isTooLarge ? limit : `it cannot be decompressed: ${messageOf(error)}`);
  }
}

function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

async function readFiles(bytes: Uint8Array, what: string): Promise<Record<string, string>> {
  const files = new Map<string, string>();
  let entries = 0;
  let problem: unknown;
  const refuse = (error: unknown) => (problem ??= error);
  const parser = new Parser({
    strict: true,
    zstd: false,
    onReadEntry(entry) {
      entries += 1;
      if (entries > maxTarballEntries) {
        refuse(packageRefused(what, `it has more than ${maxTarballEntries} entries`));
      }
      const path = pathOf(entry, what, refuse);
      if (path === undefined || problem !== undefined || !isStored(path)) {
        entry.resume();
        return;
      }
      const chunks: Uint8Array[] = [];
      entry.on("data", (chunk: Uint8Array) => chunks.push(chunk));
      entry.on("end", () => files.set(path, new TextDecoder().decode(Buffer.concat(chunks))));
    },
  });
  parser.on("error", (error: unknown) =>
    refuse(packageRefused(what, `its tarball is damaged: ${messageOf(error)}`)),
  );
  const ended = once(parser, "end").catch(() => undefined);
  parser.end(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  await ended;
  if (problem !== undefined) throw problem;
  assertNoFileIsFolder(files, what);
  return Object.fromEntries(files);
}

/** A disk cannot have both, so that a deploy would lack a file that a preview has. */
function assertNoFileIsFolder(files: ReadonlyMap<string, string>, what: string): void {
  for (const path of files.keys()) {
    for (let end = path.indexOf("/"); end !== -1; end = path.indexOf("/", end + 1)) {
      const file = path.slice(0, end);
      if (files.has(file))
        throw packageRefused(what, `its file ${JSON.stringify(file)} is also a folder`, { file });
    }
  }
}

/**
 * The path of a file in its package: without the first folder, which is `package` from `npm pack` and anything from other tools.
 * Whatever no published package contains is refused, not left out: it is an attempt, or a mistake that would show only later.
 */
function pathOf(
  { path, type }: ReadEntry,
  what: string,
  refuse: (error: unknown) => void,
): string | undefined {
  if (type === "Directory" || type === "GNUDumpDir") return undefined;
  const shown = JSON.stringify(path.length > 200 ? `${path.slice(0, 200)}…` : path);
  const why =
    type === "File" || type === "OldFile" || type === "ContiguousFile"
      ? whyNotPath(path)
      : `it is a ${type.replace("SymbolicLink", "symbolic link").replace(/^Link$/, "link")}, and packages have only files`;
  if (why === undefined) return path.replace(/^(?:\.\/)?[^/]+\//, "");
  refuse(packageRefused(what, `its file ${shown} is not allowed: ${why}`, { file: path.slice(0, 200) }));
  return undefined;
}

function whyNotPath(path: string): string | undefined {
  const parts = path.replace(/^\.\//, "").split("/");
  if (path.startsWith("/") || /^[A-Za-z]:/.test(path)) return "its path is absolute";
  if (parts.includes("..")) return "its path leads out of the package";
  if (parts.length < 2) return "it is outside of the package's folder";
  if (path.length > maxPackagePathLength) return `its path has more than ${maxPackagePathLength} characters`;
  // oxlint-disable-next-line no-control-regex -- the pattern rejects control characters
  if (/[\u0000-\u001f\u007f\\]/.test(path)) return "its path has control characters or backslashes";
  if (parts.some((part) => Buffer.byteLength(part) > maxNameBytes))
    return "it has a name that no disk can store";
  if (parts.some((part) => ["", ".", "__proto__"].includes(part))) return "its path has an invalid part";
  return undefined;
}

/** Of one file or folder, on all usual file systems. */
const maxNameBytes = 255;
