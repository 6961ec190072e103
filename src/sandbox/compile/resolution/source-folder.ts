import {
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join, sep } from "node:path";
import type { WorkflowSource } from "../../../domain/workflow.ts";
import { packageRootOf } from "./package-root.ts";
import { folderOf } from "./paths.ts";
import { safeNames } from "./source-tree.ts";
import type { SourceTree } from "./source-tree.ts";

/**
 * Writes a workflow into its own folder, so that esbuild can resolve imports there. Only manifests are
 * written with their text: esbuild receives all other texts from memory, so those files are empty. A file
 * whose name the file system does not accept cannot be imported.
 *
 * @param within an existing folder
 */
export function writeSourceFolder(
  source: WorkflowSource,
  { within, packagesDir }: { readonly within: string; readonly packagesDir?: string | undefined },
): SourceTree & Disposable {
  const directory = realpathSync(mkdtempSync(join(within, "source-")));
  const supplied = Object.keys(source.dependencies ?? {}).length === 0 ? undefined : packagesDir;
  const packages = supplied === undefined ? undefined : realpathSync(supplied);
  writeFiles(source, directory);
  return {
    ...namesBelow(source, directory, packages),
    [Symbol.dispose]: () => {
      rmSync(directory, { recursive: true, force: true });
      rmSync(emptyFileOf(directory), { force: true });
    },
  };
}

function writeFiles(source: WorkflowSource, directory: string): void {
  const emptyFile = emptyFileOf(directory);
  writeFileSync(emptyFile, "");
  const made = new Set<string>();
  const makeFolder = (folder: string) => {
    if (made.has(folder)) return;
    mkdirSync(join(directory, folder), { recursive: true });
    made.add(folder);
  };
  // Ends the search for packages in parent folders.
  writeFileSync(join(directory, "package.json"), "{}");
  for (const name of safeNames(source)) {
    const isManifest = name.endsWith("package.json");
    try {
      makeFolder(folderOf(name));
      if (isManifest) writeFileSync(join(directory, name), source.files[name] ?? "");
      else makeEmptyFile(join(directory, name), emptyFile);
    } catch {
      // The name is too long, or another file has a folder of this name.
    }
  }
}

function emptyFileOf(directory: string): string {
  return `${directory}.empty`;
}

/** Packages have thousands of files. Another link to one file takes a twentieth of the time of another file. */
function makeEmptyFile(path: string, emptyFile: string): void {
  try {
    linkSync(emptyFile, path);
  } catch {
    writeFileSync(path, "");
  }
}

/** If the workflow brings a package itself, none of the installation's files of that package are used. */
function namesBelow(source: WorkflowSource, directory: string, packages: string | undefined): SourceTree {
  const own = new Map(Object.entries(source.files));
  const brought = new Set([...own.keys()].map(packageRootOf));
  const isSupplied = (name: string) => {
    const root = packageRootOf(name);
    return packages !== undefined && root !== undefined && !brought.has(root) && !own.has(name);
  };
  const suppliedPath = (name: string) => join(packages ?? "", name.slice(prefix.length));
  return {
    directory,
    ...(packages === undefined ? {} : { packagesDir: packages }),
    pathOf: (name) => (isSupplied(name) ? suppliedPath(name) : join(directory, name)),
    nameOf(path) {
      const name = nameBelow(path, directory);
      if (name !== undefined) return own.has(name) ? name : undefined;
      const inPackages = packages === undefined ? undefined : nameBelow(path, packages);
      if (inPackages === undefined || inPackages.startsWith(".")) return undefined;
      return `${prefix}${inPackages}`;
    },
    read(name) {
      if (!isSupplied(name)) return own.get(name);
      const path = suppliedPath(name);
      return isFileBelow(path, packages ?? "") ? readFileSync(path, "utf8") : undefined;
    },
  };
}

const prefix = "node_modules/";

function nameBelow(path: string, folder: string): string | undefined {
  return path.startsWith(folder + sep) ? path.slice(folder.length + 1).replaceAll(sep, "/") : undefined;
}

/** Excludes files that package managers keep next to the packages, and links that lead outside of them. */
function isFileBelow(path: string, folder: string): boolean {
  try {
    const file = realpathSync(path);
    return file.startsWith(folder + sep) && !file.startsWith(`${folder}${sep}.`) && statSync(file).isFile();
  } catch {
    return false;
  }
}
