import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { digestOf } from "./sha256.ts";

/**
 * A text that is made from files, stored because making it takes longer than reading them.
 *
 * It is stored with the digests of these files, and used only if all of them are unchanged. A file that cannot be
 * written, as in a read-only installation, costs time and nothing else.
 */
export interface DerivedText {
  /** The file that it is stored in. Its folder is created if it is missing. */
  readonly path: string;
  /** The folder to which the paths of its sources are relative. */
  readonly root: string;
  /** Names and versions of what makes it. */
  readonly tools: string;
}

interface Stored {
  readonly tools: string;
  /** The digest of each source, by its path. A source that was missing must still be missing. */
  readonly sources: Readonly<Record<string, string>>;
  readonly digest: string;
  readonly text: string;
}

/** Returns the stored text, or `undefined` if it has to be made again. */
export function readDerivedText({ path, root, tools }: DerivedText): string | undefined {
  try {
    const stored = JSON.parse(readFileSync(path, "utf8")) as Stored;
    const isUnchanged =
      stored.tools === tools &&
      stored.digest === digestOf(stored.text) &&
      Object.entries(stored.sources).every(([source, digest]) => digestOfFile(join(root, source)) === digest);
    return isUnchanged ? stored.text : undefined;
  } catch {
    return undefined;
  }
}

export interface MadeText {
  readonly text: string;
  readonly sources: Iterable<string>;
  /** When the first source was read. A text is not stored if a source has changed since then. */
  readonly startedAt: number;
}

export function storeDerivedText(
  { path, root, tools }: DerivedText,
  { text, sources, startedAt }: MadeText,
): void {
  try {
    const entries = Array.from(sources, (source) => [source, digestOfFile(join(root, source))] as const);
    if (entries.some(([source, digest]) => digest !== missing && changedAt(join(root, source)) > startedAt))
      return;
    const stored: Stored = { tools, sources: Object.fromEntries(entries), digest: digestOf(text), text };
    mkdirSync(dirname(path), { recursive: true });
    // Renamed, so that no other process reads a part of it.
    writeFileSync(`${path}.${process.pid}`, JSON.stringify(stored));
    renameSync(`${path}.${process.pid}`, path);
  } catch {
    // The next process makes it again.
  }
}

const missing = "missing";

function digestOfFile(path: string): string {
  try {
    return digestOf(readFileSync(path));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return missing;
    throw error;
  }
}

function changedAt(path: string): number {
  return statSync(path).ctimeMs;
}
