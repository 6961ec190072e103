/** A test file in the form in which an engine runs it. */
export interface Program {
  /** Path within the suite, with its variant: `url/url-constructor.any.js?include=file`. */
  readonly id: string;
  /** Evaluated in this order, as scripts. The last one is the test itself. */
  readonly scripts: readonly Script[];
  /** True if the program itself reports its end. Otherwise it ends when its scripts have been evaluated. */
  readonly reportsEnd: boolean;
}

export interface Script {
  readonly name: string;
  readonly text: string;
}

/** Numbers of `testharness.js`. */
export const statuses = { pass: 0, fail: 1, timeout: 2, notRun: 3, unsupported: 4 } as const;

export interface SubtestResult {
  readonly name: string;
  readonly status: number;
  readonly message: string;
}

export interface Outcome {
  readonly results: readonly SubtestResult[];
  /** How the program ended. */
  readonly end: End;
}

export interface End {
  /** `idle`: the program had nothing left to wait for, and had not reported its end. */
  readonly kind: "reported" | "evaluated" | "threw" | "idle" | "timeout" | "crashed";
  /** Class of the thrown error. */
  readonly errorName?: string;
  readonly message?: string;
}

/** Runs each program in a separate global environment. */
export interface Engine {
  readonly name: string;
  run(program: Program): Promise<Outcome>;
}

/** A message of a program, as JSON: the result of a subtest, or the end. */
export type Emission = SubtestResult | { readonly end: End };

/** Collects emissions until the program has ended. */
export function createOutcomeRecorder() {
  const results: SubtestResult[] = [];
  let end: End | undefined;
  return {
    get hasEnded() {
      return end !== undefined;
    },
    record(emission: Emission) {
      if (end !== undefined) return;
      if ("end" in emission) end = emission.end;
      else results.push(emission);
    },
    outcome: (fallback: End): Outcome => ({ results, end: end ?? fallback }),
  };
}
