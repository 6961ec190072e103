import type { Digest } from "../../base/digest.ts";
import type { ExecutionId } from "../../domain/ids.ts";
import type { ArtifactsLocation } from "../artifacts/open-artifacts.ts";
import type { ExecutionEnd } from "./execution-ends.ts";
import type { LogRow } from "./logs.ts";

/** A task for the thread that writes console lines. It runs tasks in order. */
export type LogTask =
  | { readonly append: readonly StoredRow[] }
  | { readonly remove: readonly ExecutionId[] }
  | { readonly removeEnds: { readonly before: number; readonly limit: number } };

/** A line or the end of an execution; both are stored in one batch. */
export type StoredRow = QueuedLine | ExecutionEnd;

/** `sourceMapDigest`: the source map of the version that wrote the line, if positions in its bundle are mapped. */
export type QueuedLine = LogRow & { readonly sourceMapDigest?: Digest };

/** What the thread opens. */
export interface LogThreadData {
  readonly databasePath: string;
  /** Lines are stored unchanged if absent. */
  readonly mapping?: {
    /** Where the source maps are. */
    readonly artifacts: ArtifactsLocation;
    readonly module: MappingModule;
  };
}

/** URL of a module that exports `mapJson` of type `MapJson`. */
export type MappingModule = string;

/** @returns the JSON with positions in the bundle replaced by those in the author's files */
export type MapJson = (json: string, sourceMap: string) => string;

export function isLine(row: StoredRow): row is QueuedLine {
  return "number" in row;
}

/** The response of the thread to one task. */
export type LogTaskDone = { readonly failed?: string };
