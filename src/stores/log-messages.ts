import type { ExecutionId } from "../domain/ids.ts";
import type { LogRow } from "./logs.ts";
import type { UsageRow } from "./usages.ts";

/** What the thread that writes console lines is asked for, one thing after the other. */
export type LogTask =
  | { readonly append: readonly StoredRow[] }
  | { readonly remove: readonly ExecutionId[] }
  | { readonly removeUsages: { readonly before: number; readonly limit: number } };

/** A line of an execution, or what it used: written together. */
export type StoredRow = LogRow | UsageRow;

export function isLine(row: StoredRow): row is LogRow {
  return "line" in row;
}

/** Its answer to each. */
export type LogTaskDone = { readonly failed?: string };
