import type { Diagnostic } from "#client";
import { type Draft, isSameDraft } from "../../drafts/draft.ts";

/** A problem in the author's files. */
export interface EditorProblem {
  readonly severity: "error" | "warning";
  readonly message: string;
  /** The source of the problem, such as TypeScript. */
  readonly source: string;
  /** Absent if it concerns the whole workflow. */
  readonly place?: { readonly path: string; readonly line: number; readonly column: number };
  /** What to do about it. */
  readonly hint?: string;
}

/** The problems and warnings of a deploy or a preview. Lines and columns count from 1. */
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
 * The places of an error in the author's files, innermost first, from the frames of `failure.stack`, such as `at total (lib/tax.ts:12:7)` and `at workflow.ts:3:1`.
 */
export function placesOf(stack: string): readonly NonNullable<EditorProblem["place"]>[] {
  return stack.split("\n").flatMap((frame) => {
    const [, path, line, column] = /(?:\(|^at )([^()]+):(\d+):(\d+)\)?$/.exec(frame.trim()) ?? [];
    return path === undefined ? [] : [{ path, line: Number(line), column: Number(column) }];
  });
}

/** The problems whose file has not changed since `sent`, in which they were found. */
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

/** Removes duplicates, because a deploy and a preview find the same problems. */
export function distinctProblems(problems: readonly EditorProblem[]): readonly EditorProblem[] {
  const keyOf = ({ message, place }: EditorProblem) => JSON.stringify([message, place]);
  return [...new Map(problems.map((problem) => [keyOf(problem), problem])).values()];
}

/** Errors before warnings, each in file order. */
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
