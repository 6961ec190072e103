/** The edited files of a workflow and its entry file. Immutable. */
export interface Draft {
  /** Texts by relative path. */
  readonly files: Readonly<Record<string, string>>;
  readonly entry: string;
  /** Exact versions of the packages of the installation, by name. */
  readonly dependencies?: Readonly<Record<string, string>>;
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
    a.entry === b.entry && isSameRecord(a.files, b.files) && isSameRecord(a.dependencies, b.dependencies)
  );
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
