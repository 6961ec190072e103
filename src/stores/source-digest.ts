import type { Digest } from "../base/digest.ts";
import { digestOf } from "../base/sha256.ts";
import type { WorkflowSource } from "../domain/workflow.ts";

/** The JSON of a source, independent of the order of its files and dependencies. */
export function canonicalSource({ entry, files, dependencies }: WorkflowSource): string {
  const supplied = dependencies === undefined ? {} : { dependencies: sorted(dependencies) };
  return JSON.stringify({ entry, files: sorted(files), ...supplied });
}

/** SHA-256 of the canonical form: two sources have the same digest if and only if they are equal. */
export function sourceDigestOf(source: WorkflowSource): Digest {
  return digestOf(canonicalSource(source));
}

function sorted(texts: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(texts).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
