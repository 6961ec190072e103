import { folderOf } from "./file-tree.ts";
import type { FileTree } from "./file-tree.ts";

/** A folder in which Python looks for modules: a search path. */
export interface SearchFolder {
  readonly tree: FileTree;
  /** The folder in the tree, `""` for its root. */
  readonly folder: string;
  /** False for the author's own files. */
  readonly isPackages: boolean;
}

/** A module's file. */
export interface ModuleFile {
  readonly at: SearchFolder;
  readonly path: string;
  /** A package: its `__init__.py`. */
  readonly isPackage: boolean;
  /** A C extension, without a Python file of the same name. */
  readonly isNative: boolean;
}

export interface Resolved {
  /** The files of the parts of the name that were found, without namespace packages. */
  readonly files: readonly ModuleFile[];
  /** How many parts were found. All of them if the module is there. */
  readonly found: number;
}

/** Finds `a.b.c` as Python does: regular packages and modules first, else folders of all places as one namespace package. */
export function resolveModule(places: readonly SearchFolder[], parts: readonly string[]): Resolved {
  const files: ModuleFile[] = [];
  let folders = places;
  for (const [index, part] of parts.entries()) {
    const file = firstOf(folders, (at) => moduleIn(at, part));
    if (file !== undefined) {
      files.push(file);
      folders = file.isPackage ? [{ ...file.at, folder: folderOf(file.path) }] : [];
      continue;
    }
    folders = folders
      .map((at) => ({ ...at, folder: join(at.folder, part) }))
      .filter(({ tree, folder }) => tree.list(folder).length > 0);
    if (folders.length === 0) return { files, found: index };
  }
  return { files, found: parts.length };
}

function moduleIn(at: SearchFolder, name: string): ModuleFile | undefined {
  const { tree, folder } = at;
  const place = join(folder, name);
  const module = { at, isPackage: false, isNative: false };
  if (tree.isFile(`${place}/__init__.py`))
    return { ...module, path: `${place}/__init__.py`, isPackage: true };
  if (tree.isFile(`${place}.py`)) return { ...module, path: `${place}.py` };
  const native = tree.list(folder).find((file) => isNativeModule(file, name));
  return native === undefined ? undefined : { ...module, path: join(folder, native), isNative: true };
}

/** `_speedups.cpython-313-x86_64-linux-gnu.so`, `_speedups.abi3.so`, `_speedups.pyd` */
function isNativeModule(file: string, name: string): boolean {
  return file.startsWith(`${name}.`) && /\.(?:so|pyd)$/.test(file);
}

function firstOf<From, To>(from: readonly From[], find: (each: From) => To | undefined): To | undefined {
  for (const each of from) {
    const found = find(each);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Joins a folder, which may be the root, and a name. */
export function join(folder: string, name: string): string {
  return folder === "" ? name : `${folder}/${name}`;
}
