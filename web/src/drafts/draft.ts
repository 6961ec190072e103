import type { LockedPackage } from "#client";

/** Packages by the folders in which imports find them: `node_modules/zod`. */
export type PackageLock = Readonly<Record<string, LockedPackage>>;

/** The edited files of a workflow and its entry file. Immutable. */
export interface Draft {
  /** Texts by relative path. */
  readonly files: Readonly<Record<string, string>>;
  readonly entry: string;
  /** Files of packages that are not text, in base64. They are kept as they came with a deploy. */
  readonly binaryFiles?: Readonly<Record<string, string>>;
  /** Exact versions of the packages of the installation, by name. */
  readonly dependencies?: Readonly<Record<string, string>>;
  /** Ranges of the packages that were added, by name. */
  readonly packages?: Readonly<Record<string, string>>;
  /** What they were resolved to, by folder. */
  readonly packageLock?: PackageLock;
}

export function changeFile(draft: Draft, path: string, text: string): Draft {
  if (draft.files[path] === text) return draft;
  return { ...draft, files: { ...draft.files, [path]: text } };
}

/** Renames a file in place. A renamed entry file stays the entry. */
export function renameFile(draft: Draft, from: string, to: string): Draft {
  const files = Object.fromEntries(
    Object.entries(draft.files).map(([path, text]) => [path === from ? to : path, text]),
  );
  return { ...draft, files, entry: draft.entry === from ? to : draft.entry };
}

/** Removes a file, except for the last one. If it was the entry, the first file becomes the entry. */
export function deleteFile(draft: Draft, path: string): Draft {
  const rest = Object.entries(draft.files).filter(([name]) => name !== path);
  const [first] = rest;
  if (first === undefined) return draft;
  const entry = draft.entry === path ? first[0] : draft.entry;
  return { ...draft, files: Object.fromEntries(rest), entry };
}

export function makeEntry(draft: Draft, path: string): Draft {
  return draft.entry === path ? draft : { ...draft, entry: path };
}

/** Whether both would deploy the same source. The order of files does not matter. */
export function isSameDraft(a: Draft, b: Draft): boolean {
  if (a === b) return true;
  return (
    a.entry === b.entry &&
    isSameRecord(a.files, b.files) &&
    isSameRecord(a.binaryFiles, b.binaryFiles) &&
    isSameRecord(a.dependencies, b.dependencies) &&
    isSameRecord(a.packages, b.packages) &&
    isSameRecord(digestsOf(a.packageLock), digestsOf(b.packageLock))
  );
}

function digestsOf(lock: PackageLock = {}): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(lock).map(([folder, { digest }]) => [folder, digest]));
}

function isSameRecord(
  a: Readonly<Record<string, string>> = {},
  b: Readonly<Record<string, string>> = {},
): boolean {
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && a[key] === b[key])
  );
}
