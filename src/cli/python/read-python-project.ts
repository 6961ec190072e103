import { existsSync } from "node:fs";
import { dirname, relative, sep } from "node:path";
import { inMiB, KiB, MiB } from "../../base/binary-units.ts";
import { DuraniumError } from "../../domain/errors.ts";
import type { Diagnostic, ErrorCode } from "../../domain/errors.ts";
import { collect, normalized, packagesFolder } from "./collect.ts";
import type { CollectedFile } from "./collect.ts";
import { packagePlaces } from "./environment.ts";
import type { PackagePlaces } from "./environment.ts";
import { maxPythonFiles, maxPythonSourceBytes } from "./limits.ts";
import { contentOf } from "./sent-files.ts";

export interface PythonProjectOptions {
  /** Folders with packages or wheels, absolute. Without any, the virtual environment is used. */
  readonly packages: readonly string[];
  /** Packages that are left out. */
  readonly excluded: readonly string[];
  readonly variables: Readonly<Record<string, string | undefined>>;
}

export interface PythonProject {
  readonly folder: string;
  readonly entry: string;
  readonly files: Readonly<Record<string, string>>;
  /** In base64. */
  readonly binaryFiles?: Readonly<Record<string, string>>;
}

/**
 * Reads a Python workflow, what it imports of the author's files, and its packages, which are below `site-packages/`.
 * Needs no Python.
 *
 * @param path absolute, of the file that defines `run`
 * @throws {DuraniumError} with diagnostics: `compile-failed`, `bundle-too-large`
 */
export function readPythonProject(path: string, options: PythonProjectOptions): PythonProject {
  const from = dirname(path);
  const folder = projectFolder(from);
  const entry = relative(folder, path).split(sep).join("/");
  const places = packagePlaces({ from, packages: options.packages, variables: options.variables });
  const excluded = new Set(options.excluded.map(normalized));
  const { files, diagnostics } = collect({ folder, entry, packages: places.trees, excluded });
  if (diagnostics.length > 0)
    throw refusal(
      "compile-failed",
      diagnostics.map((each) => withPlaces(each, places)),
    );
  return { folder, entry, ...contentsOf(files) };
}

/** The nearest folder with a file that marks a Python project, else the file's own. */
function projectFolder(from: string): string {
  for (let folder = from; ; folder = dirname(folder)) {
    if (projectMarks.some((name) => existsSync(`${folder}${sep}${name}`))) return folder;
    if (dirname(folder) === folder) return from;
  }
}

const projectMarks = ["pyproject.toml", "setup.py", "setup.cfg", "requirements.txt", ".venv", "package.json"];

function contentsOf(collected: readonly CollectedFile[]): Pick<PythonProject, "files" | "binaryFiles"> {
  const files: Record<string, string> = {};
  const binaryFiles: Record<string, string> = {};
  const bytesOf = new Map<string, number>();
  for (const { path, tree, pathInTree } of collected) {
    const content = contentOf(pathInTree, tree.read(pathInTree));
    if ("text" in content) files[path] = content.text;
    else binaryFiles[path] = content.base64;
    bytesOf.set(path, "text" in content ? Buffer.byteLength(content.text) : content.base64.length);
  }
  assertFitting(bytesOf);
  return Object.keys(binaryFiles).length === 0 ? { files } : { files, binaryFiles };
}

function assertFitting(bytesOf: ReadonlyMap<string, number>): void {
  const bytes = [...bytesOf.values()].reduce((sum, each) => sum + each, 0);
  const isLarge = bytes > maxPythonSourceBytes;
  if (!isLarge && bytesOf.size <= maxPythonFiles) return;
  const measured = isLarge ? sizeText(bytes) : `${bytesOf.size} files`;
  const limit = isLarge ? sizeText(maxPythonSourceBytes) : `${maxPythonFiles} files`;
  const message = `The workflow and its packages have ${measured}, and the limit is ${limit}`;
  const hint = `The largest are ${largestOf(bytesOf)}. Import smaller packages, or leave out one that the workflow does not need: --exclude-package <name>`;
  throw refusal("bundle-too-large", [{ message, hint }]);
}

function largestOf(bytesOf: ReadonlyMap<string, number>): string {
  const sums = new Map<string, number>();
  for (const [path, bytes] of bytesOf) {
    const [first = "", second = ""] = path.split("/");
    const name = first === packagesFolder ? second : first;
    sums.set(name, (sums.get(name) ?? 0) + bytes);
  }
  const largest = [...sums].toSorted(([, a], [, b]) => b - a).slice(0, 4);
  return largest.map(([name, bytes]) => `${name} (${sizeText(bytes)})`).join(", ");
}

/** Adds where packages were looked for, because the wrong environment is the usual reason why one is missing. */
function withPlaces(diagnostic: Diagnostic, { folders }: PackagePlaces): Diagnostic {
  if (diagnostic.hint?.includes("pip install") !== true || !diagnostic.message.includes("was not found"))
    return diagnostic;
  const where =
    folders.length === 0
      ? "No packages were searched: there is neither an active virtual environment nor `.venv` beside the workflow. Create one with `python3 -m venv .venv`, or name a folder with --packages"
      : `Packages were searched in ${folders.join(", ")}; name another folder with --packages`;
  return { ...diagnostic, hint: `${diagnostic.hint}. ${where}` };
}

function refusal(code: ErrorCode, diagnostics: readonly Diagnostic[]): DuraniumError {
  const [first] = diagnostics;
  const place = first?.file === undefined ? "" : ` in ${first.file}:${first.line}:${first.column}`;
  return new DuraniumError(code, `Cannot send the workflow: ${first?.message ?? ""}${place}`, {
    diagnostics,
  });
}

function sizeText(bytes: number): string {
  return bytes < MiB ? `${Math.ceil(bytes / KiB)} KiB` : inMiB(bytes);
}
