import type { Diagnostic } from "#client";
import { type Draft, isSameDraft } from "../../drafts/draft.ts";

/** Something in the author's files that somebody found. */
export interface EditorProblem {
  readonly severity: "error" | "warning";
  readonly message: string;
  /** Who says so, for people. */
  readonly source: string;
  /** Absent where it is about the workflow as a whole. */
  readonly place?: { readonly path: string; readonly line: number; readonly column: number };
  /** What to do about it. */
  readonly hint?: string;
}

/** What a deploy, or a preview, refused or warned of. Lines and columns count from 1. */
export function problemsOf(
  diagnostics: readonly Diagnostic[],
  source: string,
  severity: EditorProblem["severity"] = "error",
): readonly EditorProblem[] {
  return diagnostics.map(({ message, hint, file, line, column }) => ({
    severity,
    message,
    source,
    ...(file === undefined ? {} : { place: { path: file, line: line ?? 1, column: column ?? 1 } }),
    ...(hint === undefined ? {} : { hint }),
  }));
}

/**
 * Where in the author's files an error came from, the innermost first: the frames of `failure.stack`, as
 * `at total (lib/tax.ts:12:7)` and `at workflow.ts:3:1`.
 */
export function placesOf(stack: string): readonly NonNullable<EditorProblem["place"]>[] {
  return stack.split("\n").flatMap((frame) => {
    const [, path, line, column] = /(?:\(|^at )([^()]+):(\d+):(\d+)\)?$/.exec(frame.trim()) ?? [];
    return path === undefined ? [] : [{ path, line: Number(line), column: Number(column) }];
  });
}

/** Those that may still be right: their file is what it was when they were found, in `sent`. */
export function stillHolding(
  problems: readonly EditorProblem[],
  sent: Draft | undefined,
  draft: Draft,
): readonly EditorProblem[] {
  if (problems.length === 0 || sent === undefined) return [];
  return problems.filter(({ place }) =>
    place === undefined ? isSameDraft(sent, draft) : sent.files[place.path] === draft.files[place.path],
  );
}

/** Each of them once: a deploy and a preview find the same. */
export function distinctProblems(problems: readonly EditorProblem[]): readonly EditorProblem[] {
  const keyOf = ({ message, place }: EditorProblem) => JSON.stringify([message, place]);
  return [...new Map(problems.map((problem) => [keyOf(problem), problem])).values()];
}

/** Errors before warnings, each in the order of the files. */
export function sortProblems(problems: readonly EditorProblem[]): readonly EditorProblem[] {
  return problems.toSorted((a, b) => rank(a) - rank(b) || comparePlaces(a.place, b.place));
}

function rank({ severity }: EditorProblem): number {
  return severity === "error" ? 0 : 1;
}

function comparePlaces(a: EditorProblem["place"], b: EditorProblem["place"]): number {
  if (a === undefined || b === undefined) return Number(a !== undefined) - Number(b !== undefined);
  return a.path.localeCompare(b.path) || a.line - b.line || a.column - b.column;
}
