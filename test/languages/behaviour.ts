import type { ApiAnswer } from "../support/instance.ts";
import type { World } from "./world.ts";

/** A language in which the workflow of a behaviour is written. */
export type TestedLanguage = "typescript" | "python";

export const testedLanguages: readonly TestedLanguage[] = ["typescript", "python"];

/**
 * What a workflow of any language can do, as one row of the table in `docs/reference/languages.md`: the same workflow in
 * every language, and the outcome that all have.
 */
export interface Behaviour {
  /** Its name as a module of both languages: letters and `_`. */
  readonly name: string;
  readonly area: Area;
  /** As a row of the table. */
  readonly title: string;
  /** How it is written, for the table: short, as in a workflow. */
  readonly shown: PerLanguage<string>;
  /** Modules that define `run`. In TypeScript `export async function run(ctx, payload)`. */
  readonly source: PerLanguage<string>;
  /** What the execution comes to, as `toMatchObject` compares it. */
  readonly outcome: Outcome | PerLanguage<Outcome>;
  /** Why the languages differ, as a sentence of the table. */
  readonly differs?: string;
  /** What is done from outside meanwhile. */
  readonly act?: (world: World, executionId: string, name: string) => Promise<void>;
  /** What else holds afterwards. */
  readonly check?: (world: World, detail: ApiAnswer["body"], name: string) => Promise<void>;
  /** Runs with limits so low that exceeding them takes a moment (`lowLimits`). */
  readonly hasLowLimits?: boolean;
}

export type PerLanguage<T> = Readonly<Record<TestedLanguage, T>>;

export const areas = [
  "Executions",
  "Waiting",
  "fetch",
  "State",
  "Other executions",
  "Helpers",
  "Console",
  "Failures",
  "Limits",
  "Determinism",
] as const;

export type Area = (typeof areas)[number];

export interface Outcome {
  readonly status: "completed" | "failed" | "cancelled";
  readonly result?: unknown;
  readonly failure?: object;
}

export function completed(result: unknown): Outcome {
  return { status: "completed", result };
}

export function failed(failure: object): Outcome {
  return { status: "failed", failure };
}

export const cancelled: Outcome = { status: "cancelled", failure: { code: "cancelled" } };

export function outcomeIn({ outcome }: Behaviour, language: TestedLanguage): Outcome {
  return "status" in outcome ? outcome : outcome[language];
}

/** Limits of a workflow in which endless loops and memory bombs end in a moment. */
export const lowLimits = {
  turnFuel: 100_000_000,
  memoryMib: 48,
  calls: 40,
  resultBytes: 2_000,
  logBytes: 1_000,
} as const;
