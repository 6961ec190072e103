import { existsSync, readFileSync, realpathSync, statSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { DuraniumError } from "../../../domain/errors.ts";
import { assignPackagePaths } from "./package-placement.ts";
import type { PackageImport } from "./package-placement.ts";
import { folderOf, joinPath } from "./paths.ts";
import { parseManifest } from "./source-tree.ts";
import type { SourceTree } from "./source-tree.ts";

/** A folder of an author, and the files that a deploy of a workflow in it has to send. */
export interface ProjectTree extends SourceTree {
  /**
   * Texts of all files that were read, and of the manifests by which they were found, by their names in a
   * deploy.
   */
  files(): Readonly<Record<string, string>>;
}

/**
 * Opens the folder of an author's project. The workflow may use its files and the packages that it finds: in
 * `node_modules` of the folder or of its parents, and packages of a workspace that are linked from there. No
 * other file of the machine is used, whatever a file imports or a link leads to.
 *
 * During bundling, files outside of the folder have names below `node_modules/.outside/`. A deploy has no
 * such names and no links: there, packages are laid out as npm does.
 *
 * @param folder absolute
 */
export function openProject(folder: string): ProjectTree {
  const directory = realpathSync(folder);
  const read = new Map<string, string>();
  const linked = new Set<string>();
  const imports: PackageImport[] = [];
  const manifests = new Set<string>();

  const pathOf = (name: string) =>
    name.startsWith(outside) ? `/${name.slice(outside.length)}` : join(directory, name);

  const packageFolder = (path: string): string => {
    const inModules = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(path)?.[0];
    const inLinked = [...linked].find((each) => path.startsWith(each + sep));
    const longest = [inModules, inLinked]
      .filter((each) => each !== undefined)
      .toSorted((a, b) => b.length - a.length);
    return longest[0] ?? directory;
  };

  /** True for a package of a workspace that a `node_modules` folder of the project links to. */
  const isLinked = (path: string): boolean => {
    if ([...linked].some((each) => path.startsWith(each + sep))) return true;
    const root = foldersUpwards(dirname(path)).find((each) => existsSync(join(each, "package.json")));
    if (root === undefined) return false;
    const { name } = parseManifest(readText(join(root, "package.json")));
    const from = [directory, ...linked].flatMap(foldersUpwards);
    if (typeof name !== "string" || !from.some((each) => realPath(join(each, "node_modules", name)) === root))
      return false;
    linked.add(root);
    return true;
  };

  const isOurs = (path: string): boolean =>
    path.startsWith(directory + sep) ||
    foldersUpwards(directory).some((each) => path.startsWith(join(each, "node_modules") + sep)) ||
    isLinked(path);

  return {
    directory,
    pathOf,
    nameOf(path) {
      if (!isOurs(path)) return undefined;
      const below = path.startsWith(directory + sep);
      return below ? relative(directory, path).split(sep).join("/") : outside + path.slice(1);
    },
    read(name) {
      const path = pathOf(name);
      const text = read.get(path) ?? readFile(path, name);
      if (text !== undefined && !name.endsWith("package.json")) read.set(path, text);
      return text;
    },
    noteImport(specifier, importer, name) {
      const from = pathOf(importer);
      const to = pathOf(name);
      for (const each of manifestsFor(specifier, from, packageFolder(to))) manifests.add(each);
      const [fromFolder, toFolder] = [packageFolder(from), packageFolder(to)];
      if (fromFolder !== toFolder)
        imports.push({ from: fromFolder, to: toFolder, name: nameOfPackage(toFolder) });
    },
    files() {
      const texts = new Map(read);
      for (const path of [...read.keys(), ...manifests]) {
        for (const manifest of manifestsAbove(path, packageFolder(path))) {
          const text = readText(manifest);
          const sent = text !== undefined && dirname(manifest) === directory ? ownManifest(text) : text;
          if (sent !== undefined) texts.set(manifest, sent);
        }
      }
      return assignPackagePaths({ project: directory, texts, imports, packageFolder });
    },
  };
}

const outside = "node_modules/.outside/";

function foldersUpwards(folder: string): readonly string[] {
  const above = dirname(folder);
  return above === folder ? [folder] : [folder, ...foldersUpwards(above)];
}

/** The manifests from the folder of `path` up to the package's own. */
function manifestsAbove(path: string, packageFolder: string): readonly string[] {
  return foldersUpwards(dirname(path))
    .filter((each) => each === packageFolder || each.startsWith(packageFolder + sep))
    .map((each) => join(each, "package.json"));
}

/** An imported folder, in a package or in the project, may have its own manifest that names its main file. */
function manifestsFor(specifier: string, from: string, packageFolder: string): readonly string[] {
  const [, subpath] = /^(?:@[^/]+\/)?[^/]+\/(.+)$/.exec(specifier) ?? [];
  const folder = specifier.startsWith(".")
    ? joinPath(folderOf(from), specifier)
    : subpath === undefined
      ? undefined
      : joinPath(packageFolder, subpath);
  const manifest = folder === undefined ? undefined : join(folder, "package.json");
  return manifest !== undefined && manifest.startsWith(packageFolder + sep) && existsSync(manifest)
    ? [manifest]
    : [];
}

/**
 * The part of a project's own manifest that affects a bundle. The rest may be private, and a change of a
 * script or a version would otherwise make a different source. `undefined` if nothing affects it.
 */
function ownManifest(manifest: string): string | undefined {
  const { name, type, imports, exports, sideEffects } = parseManifest(manifest);
  const counts = { type, imports, exports, sideEffects };
  if (Object.values(counts).every((each) => each === undefined)) return undefined;
  return `${JSON.stringify({ name, ...counts }, null, 2)}\n`;
}

/** The name by which a package is imported: that of its folder in `node_modules`, or of its manifest. */
function nameOfPackage(folder: string): string {
  const [, inModules] = /\/node_modules\/((?:@[^/]+\/)?[^/]+)$/.exec(folder) ?? [];
  if (inModules !== undefined) return inModules;
  const { name } = parseManifest(readText(join(folder, "package.json")));
  return typeof name === "string" ? name : folder.slice(folder.lastIndexOf(sep) + 1);
}

function realPath(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}

function readText(path: string): string | undefined {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true
    ? readFileSync(path, "utf8")
    : undefined;
}

function readFile(path: string, name: string): string | undefined {
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) return undefined;
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(readFileSync(path));
  } catch (cause) {
    const message = `Cannot import ${name}: it is not UTF-8 text`;
    throw new DuraniumError("compile-failed", message, { cause, diagnostics: [{ message, file: name }] });
  }
}
