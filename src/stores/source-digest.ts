import type { Digest } from "../base/digest.ts";
import { digestOf } from "../base/sha256.ts";
import type { PackageLock, WorkflowSource } from "../domain/workflow.ts";

/** The JSON of a source, independent of the order of its files and packages. */
export function canonicalSource(source: WorkflowSource): string {
  const { entry, files, binaryFiles, language, dependencies, packages, packageLock } = source;
  return JSON.stringify({
    entry,
    files: sorted(files),
    ...(binaryFiles === undefined ? {} : { binaryFiles: sorted(binaryFiles) }),
    ...(language === undefined ? {} : { language }),
    ...(dependencies === undefined ? {} : { dependencies: sorted(dependencies) }),
    ...(packages === undefined ? {} : { packages: sorted(packages) }),
    ...(packageLock === undefined ? {} : { packageLock: sorted(canonicalLock(packageLock)) }),
  });
}

/** SHA-256 of the canonical form: two sources have the same digest if and only if they are equal. */
export function sourceDigestOf(source: WorkflowSource): Digest {
  return digestOf(canonicalSource(source));
}

function canonicalLock(lock: PackageLock): PackageLock {
  return Object.fromEntries(
    Object.entries(lock).map(([folder, { name, version, digest, from, integrity }]) => [
      folder,
      { name, version, digest, from, ...(integrity === undefined ? {} : { integrity }) },
    ]),
  );
}

function sorted<Value>(texts: Readonly<Record<string, Value>>): Record<string, Value> {
  return Object.fromEntries(Object.entries(texts).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
