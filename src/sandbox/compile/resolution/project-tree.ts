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
   * deploy. Of the project's own manifest and its `tsconfig.json`, they are only what affects a bundle.
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
  return new Project(realpathSync(folder));
}

class Project implements ProjectTree {
  readonly directory: string;
  /** Texts of the files that were read, by real path; manifests are added when files are sent. */
  readonly #read = new Map<string, string>();
  /** The `tsconfig.json` that applies, by path, with only what affects a bundle. */
  readonly #settings = new Map<string, string>();
  /** Manifests of imported folders. */
  readonly #manifests = new Set<string>();
  /** Imports from one package into another. */
  readonly #imports: PackageImport[] = [];
  readonly #packages: ProjectPackages;

  constructor(directory: string) {
    this.directory = directory;
    this.#packages = new ProjectPackages(directory);
  }

  pathOf(name: string): string {
    return name.startsWith(outside) ? `/${name.slice(outside.length)}` : join(this.directory, name);
  }

  nameOf(path: string): string | undefined {
    if (!this.#packages.includes(path)) return undefined;
    const below = path.startsWith(this.directory + sep);
    return below ? relative(this.directory, path).split(sep).join("/") : outside + path.slice(1);
  }

  read(name: string): string | undefined {
    const path = this.pathOf(name);
    const text = this.#read.get(path) ?? readFile(path, name);
    if (text !== undefined && !name.endsWith("package.json")) this.#read.set(path, text);
    return text;
  }

  noteImport(specifier: string, importer: string, name: string): void {
    const from = this.#packages.folderOf(this.pathOf(importer));
    const to = this.#packages.folderOf(this.pathOf(name));
    for (const each of manifestsFor(specifier, this.pathOf(importer), to)) this.#manifests.add(each);
    if (from !== to) this.#imports.push({ from, to, name: nameOfPackage(to) });
  }

  noteTsconfig(name: string, read: readonly string[], compilerOptions: Record<string, unknown>): void {
    for (const each of read) this.#read.delete(this.pathOf(each));
    if (Object.keys(compilerOptions).length === 0) return;
    this.#settings.set(this.pathOf(name), `${JSON.stringify({ compilerOptions }, null, 2)}\n`);
  }

  files(): Readonly<Record<string, string>> {
    const packageFolder = (path: string) => this.#packages.folderOf(path);
    const texts = new Map([...this.#read, ...this.#settings]);
    for (const path of [...this.#read.keys(), ...this.#manifests]) {
      for (const manifest of manifestsAbove(path, packageFolder(path))) {
        const text = readText(manifest);
        const sent = text !== undefined && dirname(manifest) === this.directory ? ownManifest(text) : text;
        if (sent !== undefined) texts.set(manifest, sent);
      }
    }
    return assignPackagePaths({ project: this.directory, texts, imports: this.#imports, packageFolder });
  }
}

/** The packages that a project may use. Workspace packages are found when a path in one is asked for. */
class ProjectPackages {
  readonly #directory: string;
  /** Real folders of workspace packages that a `node_modules` folder of the project links to. */
  readonly #linked = new Set<string>();

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** True for files of the project and of its packages. */
  includes(path: string): boolean {
    return (
      path.startsWith(this.#directory + sep) ||
      foldersUpwards(this.#directory).some((each) => path.startsWith(join(each, "node_modules") + sep)) ||
      this.#isLinked(path)
    );
  }

  /** The folder of the package that a file belongs to; the project's folder if it is in none. */
  folderOf(path: string): string {
    const inModules = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(path)?.[0];
    const longest = [inModules, this.#linkedFolderOf(path)]
      .filter((each) => each !== undefined)
      .toSorted((a, b) => b.length - a.length);
    return longest[0] ?? this.#directory;
  }

  #linkedFolderOf(path: string): string | undefined {
    return [...this.#linked].find((each) => path.startsWith(each + sep));
  }

  #isLinked(path: string): boolean {
    if (this.#linkedFolderOf(path) !== undefined) return true;
    const root = foldersUpwards(dirname(path)).find((each) => existsSync(join(each, "package.json")));
    if (root === undefined) return false;
    const { name } = parseManifest(readText(join(root, "package.json")));
    const from = [this.#directory, ...this.#linked].flatMap(foldersUpwards);
    if (typeof name !== "string" || !from.some((each) => realPath(join(each, "node_modules", name)) === root))
      return false;
    this.#linked.add(root);
    return true;
  }
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
