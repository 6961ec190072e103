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
  const [oldFiles, newFiles] = [withPackageList(before), withPackageList(after)];
  const paths = new Set([...Object.keys(oldFiles), ...Object.keys(newFiles)]);
  return [...paths].toSorted().flatMap((path) => {
    const [old, now] = [oldFiles[path], newFiles[path]];
    if (old === now) return [];
    const change = old === undefined ? "added" : now === undefined ? "removed" : "changed";
    return [{ path, change, before: old ?? "", after: now ?? "" } as const];
  });
}

/** The files of a source and, as one of them, the list of its packages. */
function withPackageList({ files, packages, packageLock = {} }: Draft): Draft["files"] {
  if (packages === undefined) return files;
  const requested = Object.entries(packages).map(([name, range]) => `${name} ${range}`);
  const locked = Object.entries(packageLock).map(
    ([folder, { version, from, digest }]) => `${folder} ${version} ${from} ${digest}`,
  );
  return { ...files, [packageList]: `${[...requested, "", ...locked].join("\n")}\n` };
}

/** No file can have this name. */
const packageList = "Packages/";
