import type { ExecutionId } from "../domain/ids.ts";
import type { LogRow } from "./logs.ts";

/** What the thread that writes console lines is asked for, one thing after the other. */
export type LogTask = { readonly append: readonly LogRow[] } | { readonly remove: readonly ExecutionId[] };

/** Its answer to each. */
export type LogTaskDone = { readonly failed?: string };
