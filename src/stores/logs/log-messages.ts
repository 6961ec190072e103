import type { Digest, ExecutionId } from "../../domain/ids.ts";
import type { LogRow } from "./logs.ts";
import type { UsageRow } from "./usages.ts";

/** What the thread that writes console lines is asked for, one thing after the other. */
export type LogTask =
  | { readonly append: readonly StoredRow[] }
  | { readonly remove: readonly ExecutionId[] }
  | { readonly removeUsages: { readonly before: number; readonly limit: number } };

/** A line of an execution, or what it used: written together. */
export type StoredRow = QueuedLine | UsageRow;

/** `sourceMapDigest`: of the version that wrote the line, where positions in its bundle are to be mapped. */
export type QueuedLine = LogRow & { readonly sourceMapDigest?: Digest };

/** What the thread opens. */
export interface LogThreadData {
  readonly databasePath: string;
  readonly mapping?: LineMapping;
}

/** Where source maps are, and what can read them. */
export interface LineMapping {
  readonly artifactsDir: string;
  /** URL of a module that exports `mapJson` of type `MapJson`. */
  readonly module: string;
}

/** @returns the JSON with positions in the bundle replaced by those in the author's files */
export type MapJson = (json: string, sourceMap: string) => string;

export function isLine(row: StoredRow): row is QueuedLine {
  return "line" in row;
}

/** Its answer to each. */
export type LogTaskDone = { readonly failed?: string };
