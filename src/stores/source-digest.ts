import { digestOf } from "../domain/digest.ts";
import type { Digest } from "../domain/ids.ts";
import type { WorkflowSource } from "../domain/workflow.ts";

/** The JSON of a source, the same whatever the order in which its files came. */
export function canonicalSource(source: WorkflowSource): string {
  const files = Object.entries(source.files).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify({ entry: source.entry, files: Object.fromEntries(files) });
}

/** SHA-256 of the canonical form: two sources have the same digest if and only if they are the same. */
export function sourceDigestOf(source: WorkflowSource): Digest {
  return digestOf(canonicalSource(source));
}
