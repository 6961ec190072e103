import * as fc from "fast-check";

/** The external actions on an execution, and their times. */
export interface Plan {
  /** Delays before each event, in order; after the last one, the list starts again. */
  readonly pausesMs: readonly number[];
  readonly cancellation?: Cancellation | undefined;
}

export interface Cancellation {
  /** From the beginning. */
  readonly afterMs: number;
  /** Whether the execution waits for it, however early its work is done. */
  readonly stays: boolean;
}

/** Sends all events at once, and never cancels. */
export const plainPlan: Plan = { pausesMs: [0] };

/** The same plans for the same seed. */
export function plansOf(seed: number, count: number): readonly Plan[] {
  return fc.sample(anyPlan, { seed, numRuns: count });
}

const anyPlan: fc.Arbitrary<Plan> = fc.record({
  pausesMs: fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 700 })), {
    minLength: 1,
    maxLength: 5,
  }),
  cancellation: fc.oneof(
    { weight: 4, arbitrary: fc.constant(undefined) },
    {
      weight: 1,
      arbitrary: fc.record({ afterMs: fc.integer({ min: 0, max: 4_000 }), stays: fc.boolean() }),
    },
  ),
});
