import { existsSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { createNativeBundler } from "../../sandbox/compile/bundler/native-bundler.ts";
import { usageError } from "../output/cli-error.ts";
import { readPythonProject } from "../python/read-python-project.ts";
import type { Environment } from "./credentials.ts";
import { slug } from "./slug.ts";

/** A workflow on the author's disk, with everything it imports. */
export interface ProjectSource {
  /** Absolute path of the folder that file paths are relative to. */
  readonly folder: string;
  readonly entry: string;
  /** Texts by path below the folder, including packages as `node_modules/…` and `site-packages/…`. */
  readonly files: Readonly<Record<string, string>>;
  /** Data files of packages that are not text, and WebAssembly modules, in base64. */
  readonly binaryFiles?: Readonly<Record<string, string>>;
}

/** Where the packages of a Python workflow are. */
export interface PythonPackages {
  readonly folder: string;
  readonly environment: Environment;
  readonly packages?: readonly string[];
  readonly excludePackage?: readonly string[];
}

/**
 * The entry file of a path that names a file or a project folder. The default `workflow.ts` may be a `workflow.py`.
 */
export function workflowFile(path: string): string {
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  const file = isFolder ? join(path, "workflow.ts") : path;
  const python = file.replace(/\bworkflow\.ts$/, "workflow.py");
  return !existsSync(file) && existsSync(python) ? python : file;
}

/**
 * Reads a workflow and everything it imports, including packages, with the resolution and the bundler of a deploy. So compile errors are reported before anything is sent, and only imported files are sent. Imports of Python are read without a Python.
 *
 * @param path absolute, of the file that exports `run`
 * @throws {DuraniumError} as a deploy: `compile-failed`, `missing-run`, `bundle-too-large`, with diagnostics
 */
export async function readProject(
  path: string,
  python: PythonPackages = { folder: ".", environment: {} },
): Promise<ProjectSource> {
  if (!existsSync(path) || !statSync(path).isFile()) {
    throw usageError(`File ${path} not found`, "Create a project with a workflow with `npx duranium init`");
  }
  if (path.endsWith(".py")) {
    const { packages = [], excludePackage: excluded = [], environment: variables } = python;
    const folders = packages.map((each) => resolve(python.folder, each));
    return readPythonProject(path, { packages: folders, excluded, variables });
  }
  if (path.endsWith(".wasm")) {
    const entry = basename(path);
    const binaryFiles = { [entry]: readFileSync(path).toString("base64") };
    return { folder: dirname(path), entry, files: {}, binaryFiles };
  }
  const folder = projectFolder(dirname(path));
  const entry = relative(folder, path).split(sep).join("/");
  await using bundler = createNativeBundler();
  const { files } = await bundler.bundleProject({ folder, entry });
  return { folder, entry, files };
}

/** The default ID: the file name, or the project name if the file is called "workflow". */
export function workflowIdOf({ folder, entry }: Pick<ProjectSource, "folder" | "entry">): string {
  const stem = entry.slice(entry.lastIndexOf("/") + 1).replace(/\.(?:[cm]?[jt]sx?|py|wasm)$/, "");
  if (!["workflow", "index", "main"].includes(stem)) return slug(stem);
  return slug(projectName(folder) ?? folder.slice(folder.lastIndexOf(sep) + 1));
}

/** The name in its package.json, without the scope. */
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

/** The nearest folder with a package.json, else the file's own folder. */
function projectFolder(from: string): string {
  for (let folder = from; ; folder = dirname(folder)) {
    if (existsSync(join(folder, "package.json"))) return folder;
    if (dirname(folder) === folder) return from;
  }
}
