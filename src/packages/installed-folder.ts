import { readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { maxManifestBytes, maxPackageFiles } from "./limits.ts";
import { readManifest } from "./manifest.ts";
import type { Manifest } from "./manifest.ts";
import { packageRefused, packagesRefused } from "./package-refused.ts";
import { isStored } from "./unpack.ts";

/** A package in the `node_modules` folder of the operator. */
export interface InstalledPackage extends Manifest {
  /** Its folder, relative to the operator's: `a`, `a/node_modules/b`. */
  readonly path: string;
}

/** The `node_modules` folder from which the operator supplies packages. Links out of it are treated as missing. */
export interface InstalledFolder {
  /** The names of the outermost packages, sorted. */
  names(): readonly string[];
  /**
   * Finds a package as an import does: next to the importing package, and in the folders around it.
   *
   * @param from the path of the importing package; empty for the workflow
   */
  find(name: string, from: string): InstalledPackage | undefined;
  /** The texts of a package's files that can be imported. */
  read(path: string): Readonly<Record<string, string>>;
}

export function openInstalledFolder(folder: string): InstalledFolder {
  const root = rootOf(folder);
  const packages = new Map<string, InstalledPackage | undefined>();
  const at = (path: string) => {
    if (!packages.has(path)) packages.set(path, readPackage(root, path));
    return packages.get(path);
  };
  return {
    names: () => namesIn(root),
    find(name, from) {
      for (let around = from; around !== ""; around = outer(around)) {
        const found = at(`${around}/node_modules/${name}`);
        if (found !== undefined) return found;
      }
      return at(name);
    },
    read: (path) => Object.fromEntries(filesBelow(root, join(root, path), path)),
  };
}

/** @throws {DuraniumError} `package-refused` with what an operator can do */
function rootOf(folder: string): string {
  try {
    return realpathSync(folder);
  } catch (cause) {
    const message = "Cannot read the packages folder of this installation";
    throw packagesRefused([{ message, hint: "Ask the operator to correct DURANIUM_PACKAGES_DIR" }], cause);
  }
}

/** `a/node_modules/b` → `a` → none. */
function outer(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/node_modules/")));
}

function readPackage(root: string, path: string): InstalledPackage | undefined {
  try {
    const file = realpathSync(join(root, path, "package.json"));
    if (!file.startsWith(root + sep) || statSync(file).size > maxManifestBytes) return undefined;
    const manifest = readManifest(textOf(file));
    return manifest === undefined ? undefined : { ...manifest, path };
  } catch {
    return undefined;
  }
}

/** Without a byte order mark, as in a tarball. */
function textOf(file: string): string {
  return new TextDecoder().decode(readFileSync(file));
}

function namesIn(root: string): readonly string[] {
  const outermost = readdirSync(root).filter((name) => !name.startsWith("."));
  const scoped = (scope: string) => {
    try {
      return readdirSync(join(root, scope)).map((name) => `${scope}/${name}`);
    } catch {
      return [];
    }
  };
  return outermost.flatMap((name) => (name.startsWith("@") ? scoped(name) : [name])).toSorted();
}

/** Without nested `node_modules`, which contain other packages, and without links. */
function filesBelow(root: string, folder: string, what: string): (readonly [string, string])[] {
  const files: (readonly [string, string])[] = [];
  const start = realpathSync(folder);
  const waiting = start.startsWith(root + sep) ? [start] : [];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    for (const entry of readdirSync(next, { withFileTypes: true })) {
      const path = join(next, entry.name);
      if (entry.isDirectory() && entry.name !== "node_modules") waiting.push(path);
      if (!entry.isFile() || !isStored(entry.name)) continue;
      files.push([relative(start, path).split(sep).join("/"), textOf(path)]);
      if (files.length > maxPackageFiles)
        throw packageRefused(what, `it has more than ${maxPackageFiles} files`);
    }
  }
  return files;
}
