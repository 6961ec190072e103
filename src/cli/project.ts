import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { DuraniumError } from "../domain/errors.ts";
import { createNativeBundler } from "../sandbox/compile/native-bundler.ts";
import type { SourceFiles } from "../sandbox/compile/source-files.ts";
import { usageError } from "./failure.ts";
import { slug } from "./slug.ts";

/** A workflow on the author's disk, with all that it imports. */
export interface ProjectSource {
  /** Absolute: the folder that paths of files begin at. */
  readonly folder: string;
  readonly entry: string;
  /** Texts by their paths below the folder, packages among them as `node_modules/…`. */
  readonly files: Readonly<Record<string, string>>;
}

/** What somebody means who names a file, or the folder of a project: absolute. */
export function workflowFile(path: string): string {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true ? join(path, "workflow.ts") : path;
}

/**
 * Reads a workflow and what it imports, packages too: by the same resolution and bundling as a deploy's, so that
 * what cannot be compiled is refused here already, and nothing is sent that is not imported.
 *
 * @param path absolute, of the file that exports `run`
 * @throws {DuraniumError} as a deploy: `compile-failed`, `missing-run`, `bundle-too-large`, with diagnostics
 */
export async function readProject(path: string): Promise<ProjectSource> {
  if (!existsSync(path) || !statSync(path).isFile()) {
    throw usageError(`There is no file ${path}`, "`npx duranium init` makes a project with a workflow in it");
  }
  const folder = projectFolder(dirname(path));
  const entry = relative(folder, path).split(sep).join("/");
  const view = openFolder(folder);
  await using bundler = createNativeBundler({ collectFiles: () => ({ files: view.files, problems: [] }) });
  await bundler.bundle({ entry, files: { [entry]: readFileSync(path, "utf8") } });
  return {
    folder,
    entry,
    files: Object.fromEntries([...view.read].toSorted(([a], [b]) => (a < b ? -1 : 1))),
  };
}

/** Which workflow a file is, where nobody says so: its own name, or that of the project where it is just "workflow". */
export function workflowIdOf({ folder, entry }: Pick<ProjectSource, "folder" | "entry">): string {
  const stem = entry.slice(entry.lastIndexOf("/") + 1).replace(/\.[cm]?[jt]sx?$/, "");
  if (!["workflow", "index", "main"].includes(stem)) return slug(stem);
  return slug(projectName(folder) ?? folder.slice(folder.lastIndexOf(sep) + 1));
}

/** Of its package.json, without a scope. */
function projectName(folder: string): string | undefined {
  const manifest = join(folder, "package.json");
  if (!existsSync(manifest)) return undefined;
  try {
    const { name } = JSON.parse(readFileSync(manifest, "utf8")) as { readonly name?: unknown };
    return typeof name === "string" ? name.replace(/^@[^/]*\//, "") : undefined;
  } catch {
    return undefined;
  }
}

/** The nearest folder with a package.json; where there is none, the file's own. */
function projectFolder(from: string): string {
  for (let folder = from; ; folder = dirname(folder)) {
    if (existsSync(join(folder, "package.json"))) return folder;
    if (dirname(folder) === folder) return from;
  }
}

interface FolderView {
  readonly files: SourceFiles;
  /** What was asked for so far. */
  readonly read: ReadonlyMap<string, string>;
}

function openFolder(folder: string): FolderView {
  const read = new Map<string, string>();
  const found = new Map<string, string | undefined>();
  const locate = (path: string) => {
    if (!found.has(path)) found.set(path, locateFile(folder, path));
    return found.get(path);
  };
  const get = (path: string) => {
    const file = locate(path);
    if (file === undefined) return undefined;
    const text = read.get(path) ?? readText(file, path);
    read.set(path, text);
    return text;
  };
  return { files: { has: (path) => locate(path) !== undefined, get }, read };
}

/** Packages may be in a folder further up, as in a monorepo; nothing else may. */
function locateFile(folder: string, path: string): string | undefined {
  if (path.startsWith("../") || path.startsWith("/")) return undefined;
  for (let base = folder; ; base = dirname(base)) {
    const file = resolve(base, path);
    if (statSync(file, { throwIfNoEntry: false })?.isFile() === true) return file;
    if (!path.startsWith("node_modules/") || dirname(base) === base) return undefined;
  }
}

function readText(file: string, path: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(readFileSync(file));
  } catch (cause) {
    const message = `${path} is no text in UTF-8: only texts can be imported`;
    throw new DuraniumError("compile-failed", message, { cause, diagnostics: [{ message, file: path }] });
  }
}
