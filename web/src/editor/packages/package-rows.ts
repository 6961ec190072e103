import { importedPackages } from "#preview/contract/imported-packages.ts";
import type { Draft, PackageLock } from "../../drafts/draft.ts";

/** A package of a draft, in the list of packages. */
export interface PackageRow {
  readonly name: string;
  /** The requested range. */
  readonly range?: string;
  readonly version?: string;
  /**
   * Where its files come from: files of the draft, the operator's folder or registry, an upload; `server` for `dependencies`, which only
   * a deploy reads. `missing` if the draft imports it and does not have it.
   */
  readonly origin: "files" | "folder" | "registry" | "upload" | "server" | "missing";
  readonly isImported: boolean;
}

/** The packages that a draft imports or that were added to it. Missing ones come first. */
export function packageRows(draft: Draft): readonly PackageRow[] {
  const { files, dependencies = {}, packages = {}, packageLock = {} } = draft;
  const imported = new Set(importedPackages(files));
  const rows = new Map<string, Omit<PackageRow, "name" | "isImported">>();
  for (const name of imported) rows.set(name, { origin: "missing" });
  for (const [name, version] of Object.entries(dependencies)) rows.set(name, { origin: "server", version });
  for (const [name, range] of Object.entries(packages))
    rows.set(name, addedRow(range, packageLock[folderOf(name)]));
  for (const name of packagesIn(files)) rows.set(name, { origin: "files", ...versionIn(files, name) });
  const all = [...rows].map(([name, row]) => ({ name, ...row, isImported: imported.has(name) }));
  return all.toSorted(
    (a, b) => Number(b.origin === "missing") - Number(a.origin === "missing") || (a.name < b.name ? -1 : 1),
  );
}

/** The number of packages that the draft imports or requests and does not have. */
export function missingPackages(draft: Draft): number {
  return packageRows(draft).filter(({ origin }) => origin === "missing").length;
}

function addedRow(range: string, locked: PackageLock[string] | undefined) {
  if (locked === undefined) return { range, origin: "missing" } as const;
  return { range, version: locked.version, origin: locked.from } as const;
}

function folderOf(name: string): string {
  return `node_modules/${name}`;
}

function packagesIn(files: Draft["files"]): ReadonlySet<string> {
  const names = Object.keys(files).flatMap((path) => {
    const [, name] = /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path) ?? [];
    return name === undefined ? [] : [name];
  });
  return new Set(names);
}

function versionIn(files: Draft["files"], name: string): { version?: string } {
  try {
    const { version } = JSON.parse(files[`${folderOf(name)}/package.json`] ?? "{}") as { version?: unknown };
    return typeof version === "string" ? { version } : {};
  } catch {
    return {};
  }
}

/** The packages that others need: those of the lock that were not requested. */
export function furtherPackages({
  packages = {},
  packageLock = {},
}: Draft): readonly (readonly [string, string])[] {
  const requested = new Set(Object.keys(packages).map(folderOf));
  return Object.entries(packageLock)
    .filter(([folder]) => !requested.has(folder))
    .map(([folder, { version }]) => [folder.slice("node_modules/".length), version] as const);
}

/** Reads `zod`, `zod@^4` and `@scope/name@1.2.3`. */
export function readRequest(text: string): { readonly name: string; readonly range: string } | undefined {
  const [, name, range = "latest"] =
    /^((?:@[A-Za-z0-9~-][\w.~-]*\/)?[A-Za-z0-9~-][\w.~-]*)(?:@(.+))?$/.exec(text.trim()) ?? [];
  return name === undefined ? undefined : { name, range: range.trim() };
}

/** The draft with an import of the package in its entry file, after a comment that begins the file. */
export function withImport(draft: Draft, name: string): Draft {
  const text = draft.files[draft.entry] ?? "";
  const line = `import * as ${identifierOf(name)} from ${JSON.stringify(name)};\n`;
  const [start = ""] = /^(?:\s*(?:\/\*[\s\S]*?\*\/|\/\/[^\n]*\n))*\s*/.exec(text) ?? [];
  const files = { ...draft.files, [draft.entry]: `${start}${line}${text.slice(start.length)}` };
  return { ...draft, files };
}

/** `@scope/date-fns` → `dateFns`. */
function identifierOf(name: string): string {
  const words = name
    .slice(name.indexOf("/") + 1)
    .split(/[^A-Za-z0-9]+/)
    .filter((word) => word !== "");
  const camel = words.map((word, index) =>
    index === 0 ? word : `${word[0]?.toUpperCase()}${word.slice(1)}`,
  );
  return camel.join("").replace(/^(?=\d|$)/, "_");
}
