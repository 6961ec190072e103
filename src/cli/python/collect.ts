import type { Diagnostic } from "../../domain/errors.ts";
import { createDistributionIndex } from "./distributions.ts";
import { diskTree, folderOf } from "./file-tree.ts";
import type { FileTree } from "./file-tree.ts";
import { importsOf } from "./imports.ts";
import type { PythonImport } from "./imports.ts";
import { maxDataFileBytes } from "./limits.ts";
import { distributionOf, replacementOf } from "./native-packages.ts";
import { join, resolveModule } from "./resolver.ts";
import type { ModuleFile, SearchFolder } from "./resolver.ts";
import { sentFilesBelow, isSent } from "./sent-files.ts";
import { isOfEngine } from "./standard-library.ts";

/** Where packages are in the files of a deploy. */
export const packagesFolder = "site-packages";

export interface CollectRequest {
  /** The folder that paths are relative to, absolute. */
  readonly folder: string;
  readonly entry: string;
  readonly packages: readonly FileTree[];
  /** Names of packages that are left out, by their module or distribution. */
  readonly excluded: ReadonlySet<string>;
}

/** A file to send. */
export interface CollectedFile {
  /** Its path in the deploy. */
  readonly path: string;
  readonly tree: FileTree;
  readonly pathInTree: string;
}

export interface Collected {
  readonly files: readonly CollectedFile[];
  /** What the workflow imports that cannot be sent. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Collects a workflow's modules and those of its packages, transitively. A package is sent whole, because it may import
 * its modules by computed names and read its data files.
 *
 * First the modules that will certainly be imported, whose absence is an error, and then the optional ones.
 */
export function collect({ folder, entry, packages, excluded }: CollectRequest): Collected {
  const own = diskTree(folder);
  const places = searchPlaces(own, entry, packages);
  const distributionAt = createDistributionIndex();
  const visited = new Map<string, ModuleFile>();
  const diagnostics: Diagnostic[] = [];
  const later: ImportAt[] = [];

  function isExcluded({ at: { tree, isPackages }, path }: ModuleFile): boolean {
    if (!isPackages || excluded.size === 0) return false;
    const module = path.split(/[/.]/, 1)[0] ?? "";
    const distribution = distributionAt(tree, path)?.name ?? module;
    return excluded.has(normalized(module)) || excluded.has(normalized(distribution));
  }

  function visit(file: ModuleFile, queue: ImportAt[], by?: ImportAt): void {
    const key = `${file.at.tree.place}\0${file.path}`;
    if (file.isNative || visited.has(key) || isExcluded(file)) return;
    visited.set(key, file);
    const text = new TextDecoder().decode(file.at.tree.read(file.path));
    for (const each of importsOf(text)) {
      const isOptional = each.isOptional || (each.isInFunction && file.at.isPackages);
      (isOptional ? later : queue).push({ file, text, each, by });
    }
  }

  function follow(queue: ImportAt[], isRequired: boolean): void {
    for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
      const { file, each } = next;
      const found = lookUp(places, file, each);
      for (const one of found.files) visit(one, queue, next);
      if (isRequired && found.problem !== undefined) diagnostics.push(diagnosticOf(next, found.problem));
    }
  }

  const required: ImportAt[] = [];
  visit(entryFile(places, own, entry), required);
  follow(required, true);
  follow(later, false);
  const modules = [...visited.values()];
  return { files: filesOf(modules, distributionAt), diagnostics };
}

/** An import, the file that has it, and the import of that file. */
interface ImportAt {
  readonly by: ImportAt | undefined;
  readonly file: ModuleFile;
  readonly text: string;
  readonly each: PythonImport;
}

type Problem = { readonly kind: "missing" | "native"; readonly module: string };

interface LookedUp {
  readonly files: readonly ModuleFile[];
  readonly problem?: Problem;
}

/** The entry's folder, or that of its outermost package, comes first, as for a script of Python. */
function searchPlaces(own: FileTree, entry: string, packages: readonly FileTree[]): readonly SearchFolder[] {
  let folder = folderOf(entry);
  while (folder !== "" && own.isFile(`${folder}/__init__.py`)) folder = folderOf(folder);
  const folders = folder === "" ? [""] : [folder, ""];
  return [
    ...folders.map((each) => ({ tree: own, folder: each, isPackages: false })),
    ...packages.map((tree) => ({ tree, folder: "", isPackages: true })),
  ];
}

function entryFile(places: readonly SearchFolder[], tree: FileTree, entry: string): ModuleFile {
  const at = places[0] ?? { tree, folder: "", isPackages: false };
  return { at, path: entry, isPackage: false, isNative: false };
}

/** The files of an import, with the packages around them, and what is not there. */
function lookUp(places: readonly SearchFolder[], file: ModuleFile, each: PythonImport): LookedUp {
  const from = placesOf(places, file, each);
  const { files, found } = resolveModule(from, each.module);
  const last = files.at(-1);
  const isAnswered = each.level === 0 && isOfEngine(each.module[0] ?? "");
  if (isAnswered && last === undefined) return { files: [] };
  const name = `${".".repeat(each.level)}${each.module.join(".")}`;
  if (last?.isNative === true) return { files, problem: { kind: "native", module: nameOf(last) } };
  // A package can add modules to itself while it is imported, as six does.
  const isDynamic = last !== undefined && last.at.isPackages;
  if (found < each.module.length)
    return isDynamic ? { files } : { files, problem: { kind: "missing", module: name } };
  const inside = each.names.map((member) => resolveModule(from, [...each.module, member]).files);
  const native = inside.flat().find(({ isNative }) => isNative);
  const all = [...files, ...inside.flat()];
  return native === undefined
    ? { files: all }
    : { files: all, problem: { kind: "native", module: nameOf(native) } };
}

/** Where an import looks: relative to its file, in the author's files before the standard library, else everywhere. */
function placesOf(
  places: readonly SearchFolder[],
  { at, path }: ModuleFile,
  { level, module }: PythonImport,
): readonly SearchFolder[] {
  if (level === 0)
    return isOfEngine(module[0] ?? "") ? places.filter(({ isPackages }) => !isPackages) : places;
  let folder = folderOf(path);
  for (let above = 1; above < level; above += 1) folder = folderOf(folder);
  return [{ ...at, folder }];
}

/** The dotted name of a module's file. */
function nameOf({ path }: ModuleFile): string {
  const parts = path.split("/");
  return [...parts.slice(0, -1), parts.at(-1)?.split(".", 1)[0]].join(".");
}

/** At the author's line, with the packages between it and the module. */
function diagnosticOf(at: ImportAt, { kind, module }: Problem): Diagnostic {
  const through: string[] = [];
  let from = at;
  for (; from.file.at.isPackages && from.by !== undefined; from = from.by) through.unshift(nameOf(from.file));
  const packages = [...new Set(through.map((name) => name.split(".", 1)[0] ?? name))];
  const importedBy = packages.length === 0 ? "" : `, which is imported by ${packages.join(" → ")},`;
  const top = module.split(".", 1)[0] ?? module;
  const { file, text, each } = from;
  return {
    ...(kind === "native"
      ? {
          message: `Module "${module}"${importedBy} is a C extension and cannot run in the sandbox`,
          hint: replacementOf(top),
        }
      : { message: `Module "${module}"${importedBy} was not found`, hint: howToAdd(module, top) }),
    file: sentPath(file.at, file.path),
    line: each.line,
    column: each.column,
    lineText: text.split("\n", each.line)[each.line - 1] ?? "",
  };
}

function howToAdd(module: string, top: string): string {
  if (module.startsWith(".")) return "Add its file, or correct the name";
  return `Add its file beside the workflow, or install its package: \`pip install ${distributionOf(top)}\``;
}

/** The files of the imported packages and modules, sorted, each once. Of equal paths, the first one is imported. */
function filesOf(
  modules: readonly ModuleFile[],
  distributionAt: ReturnType<typeof createDistributionIndex>,
): readonly CollectedFile[] {
  const files = new Map<string, CollectedFile>();
  const add = (at: SearchFolder, path: string) => {
    const sent = sentPath(at, path);
    if (!files.has(sent)) files.set(sent, { path: sent, tree: at.tree, pathInTree: path });
  };
  const whole = new Set<unknown>();
  for (const { at, path } of modules) add(at, path);
  for (const { at, path } of modules) {
    const distribution = at.isPackages ? distributionAt(at.tree, path) : undefined;
    const folder = outermostPackage(at, path);
    const key = distribution ?? `${at.tree.place}\0${folder}`;
    if (whole.has(key)) continue;
    whole.add(key);
    const paths = distribution?.paths.filter((each) => isSent(each) && at.tree.isFile(each));
    for (const each of paths ?? (folder === undefined ? [] : sentFilesBelow(at.tree, folder))) {
      if (at.isPackages || at.tree.read(each).length <= maxDataFileBytes) add(at, each);
    }
  }
  return [...files.values()].toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

/** The folder of the outermost package around a module: it begins with the last folder without an `__init__.py`. */
function outermostPackage({ tree }: SearchFolder, path: string): string | undefined {
  let outermost: string | undefined;
  for (
    let folder = folderOf(path);
    folder !== "" && tree.isFile(join(folder, "__init__.py"));
    folder = folderOf(folder)
  )
    outermost = folder;
  return outermost;
}

function sentPath({ isPackages }: SearchFolder, path: string): string {
  return isPackages ? `${packagesFolder}/${path}` : path;
}

/** Distributions are named without regard to case and separators. */
export function normalized(name: string): string {
  return name.toLowerCase().replaceAll(/[-_.]+/g, "-");
}
