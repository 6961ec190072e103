import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { createNativeBundler } from "../../sandbox/compile/bundler/native-bundler.ts";
import { usageError } from "../output/cli-error.ts";
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
  await using bundler = createNativeBundler();
  const { files } = await bundler.bundleProject({ folder, entry });
  return { folder, entry, files };
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
