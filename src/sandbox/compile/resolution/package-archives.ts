import type { Digest } from "../../../base/digest.ts";
import type { WorkflowSource } from "../../../domain/workflow.ts";
import { packageRootOf } from "./package-root.ts";

/** The files of one package: UTF-8 of a JSON object, texts by path in the package, in the order of their paths. */
export type PackageArchive = Uint8Array;

/** Archives by the folders of the packages: `node_modules/zod`. */
export type PackageArchives = Readonly<Record<string, PackageArchive>>;

/** Reads the archive of a package. */
export type ReadArchive = (digest: Digest) => Promise<PackageArchive>;

export function archiveOf(files: Readonly<Record<string, string>>): PackageArchive {
  const sorted = Object.entries(files).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return new TextEncoder().encode(JSON.stringify(Object.fromEntries(sorted)));
}

export function filesOf(archive: PackageArchive): Readonly<Record<string, string>> {
  return JSON.parse(new TextDecoder().decode(archive)) as Record<string, string>;
}

/** Reads the packages of a source, each once even if it is in several folders. */
export async function readArchives(
  { packageLock = {} }: WorkflowSource,
  read: ReadArchive | undefined,
): Promise<PackageArchives> {
  const known = new Map<Digest, Promise<PackageArchive>>();
  const archives = Object.entries(packageLock).map(async ([folder, { digest }]) => {
    if (read === undefined) throw new Error("No packages can be read here");
    const archive = known.get(digest) ?? read(digest);
    known.set(digest, archive);
    return [folder, await archive] as const;
  });
  return Object.fromEntries(await Promise.all(archives));
}

/** A source with the files of its packages, without types, which no import finds. If the source itself has files of a package, they are used instead. */
export function withPackages(source: WorkflowSource, archives: PackageArchives): WorkflowSource {
  const own = new Set(Object.keys(source.files).map(packageRootOf));
  const files: Record<string, string> = { ...source.files };
  for (const [folder, archive] of Object.entries(archives)) {
    if (own.has(folder)) continue;
    for (const [path, text] of Object.entries(filesOf(archive))) {
      if (!/\.d\.[cm]?ts$/.test(path)) files[`${folder}/${path}`] = text;
    }
  }
  return { ...source, files };
}
