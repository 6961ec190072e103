import type { Draft } from "../../drafts/draft.ts";

/** A file that differs between two sources. */
export interface ChangedFile {
  readonly path: string;
  readonly change: "added" | "removed" | "changed";
  readonly before: string;
  readonly after: string;
}

/** Sorted by path. A renamed file is a removed and an added one. */
export function changedFiles(before: Draft, after: Draft): readonly ChangedFile[] {
  const paths = new Set([...Object.keys(before.files), ...Object.keys(after.files)]);
  return [...paths].toSorted().flatMap((path) => {
    const [old, now] = [before.files[path], after.files[path]];
    if (old === now) return [];
    const change = old === undefined ? "added" : now === undefined ? "removed" : "changed";
    return [{ path, change, before: old ?? "", after: now ?? "" } as const];
  });
}
