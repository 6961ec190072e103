import { readFileSync, readdirSync, statSync } from "node:fs";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { usageError } from "../output/cli-error.ts";
import { diskTree, wheelTree } from "./file-tree.ts";
import type { FileTree } from "./file-tree.ts";

/** Where the packages of an author are. */
export interface PackagePlaces {
  readonly trees: readonly FileTree[];
  /** For messages: the folders that were searched. Empty if there are none. */
  readonly folders: readonly string[];
}

export interface EnvironmentOptions {
  /** The folder of the entry file, absolute. */
  readonly from: string;
  /** Folders of `--packages`, which replace the virtual environment. */
  readonly packages: readonly string[];
  readonly variables: Readonly<Record<string, string | undefined>>;
}

/**
 * The packages of `--packages`, else of the active virtual environment, else of `.venv` or `venv` in the entry's folder or
 * one above it.
 *
 * @throws {CliError} if a folder of `--packages` does not exist
 */
export function packagePlaces({ from, packages, variables }: EnvironmentOptions): PackagePlaces {
  const folders = packages.length > 0 ? packages : environmentFolders(from, variables);
  for (const folder of packages) {
    if (!isFolder(folder)) throw usageError(`Folder ${folder} of --packages not found`);
  }
  return { trees: folders.flatMap(treesOf), folders };
}

function environmentFolders(from: string, variables: EnvironmentOptions["variables"]): readonly string[] {
  const active = variables["VIRTUAL_ENV"] ?? variables["CONDA_PREFIX"];
  if (active !== undefined && active !== "") return sitePackages(active);
  for (let folder = from; ; folder = dirname(folder)) {
    for (const name of [".venv", "venv"]) {
      const found = sitePackages(join(folder, name));
      if (found.length > 0) return found;
    }
    if (dirname(folder) === folder) return [];
  }
}

/** The `site-packages` of a virtual environment: of its newest Python, where it has several. */
function sitePackages(environment: string): readonly string[] {
  const versions = namesIn(join(environment, "lib")).filter((name) => /^python3\.\d+$/.test(name));
  const newest = versions.toSorted((a, b) => minorOf(b) - minorOf(a));
  const candidates = [
    ...newest.map((name) => join(environment, "lib", name, "site-packages")),
    join(environment, "Lib", "site-packages"),
  ];
  return candidates.filter(isFolder).slice(0, 1);
}

function minorOf(name: string): number {
  return Number(name.slice("python3.".length));
}

/** A folder, the wheels in it, and the folders that its `.pth` files name, such as a project that is installed editable. */
function treesOf(folder: string): readonly FileTree[] {
  const names = namesIn(folder);
  const wheels = names.filter((name) => name.endsWith(".whl")).map((name) => readWheel(join(folder, name)));
  const linked = names.filter((name) => name.endsWith(".pth")).flatMap((name) => linkedFolders(folder, name));
  return [diskTree(folder), ...wheels, ...linked.map(diskTree)];
}

function readWheel(path: string): FileTree {
  try {
    return wheelTree(path);
  } catch (cause) {
    throw usageError(
      `Cannot read wheel ${path}: ${(cause as Error).message}`,
      "Download it again, or delete it",
    );
  }
}

function linkedFolders(folder: string, file: string): readonly string[] {
  const lines = readFileSync(join(folder, file), "utf8").split(/\r?\n/);
  const paths = lines.filter((line) => line !== "" && !/^(?:#|import\s)/.test(line));
  return paths.map((line) => (isAbsolute(line) ? line : resolve(folder, line))).filter(isFolder);
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).toSorted();
  } catch {
    return [];
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
