import { z } from "zod";
import type { ExecutionLimits } from "../domain/execution-limits.ts";
import { parseExecutionId } from "../domain/ids.ts";
import type { ExecutionId } from "../domain/ids.ts";

/**
 * The journal's `start`: everything that an execution knows without asking, and what lists show of it. They look for
 * its first three members as text, so their order stays.
 */
export interface ExecutionStart {
  readonly version: number;
  readonly entryPoint: string | null;
  /** As the workflow sees it: of the execution whose journal this one goes on with, or its own. */
  readonly executionId: ExecutionId;
  /** 64 hexadecimal digits. */
  readonly seed: string;
  /** Milliseconds since the Unix epoch. */
  readonly now: number;
  readonly callbackUrl: string;
  /** Those that differ from the defaults. */
  readonly limits?: Partial<ExecutionLimits>;
  /** What its fetches continue, where its workflow is set to send a `traceparent`. */
  readonly traceparent?: string;
}

const startSchema = z.object({
  version: z.number(),
  entryPoint: z.string().nullable(),
  executionId: z.string().transform(parseExecutionId),
  seed: z.string(),
  now: z.number(),
  callbackUrl: z.string(),
});

/** `undefined` where the value is another result. */
export function parseStart(value: unknown): ExecutionStart | undefined {
  return startSchema.safeParse(value).data;
}
