import * as fc from "fast-check";

/**
 * A workflow as a tree of what workflows do. It can be printed as source (`source.ts`), and what its
 * execution came to can be judged (`model.ts`).
 *
 * A further kind of step needs a line in each of the three: here, in `expressionOf`, and in `judge`.
 */
export type Step =
  | { readonly do: "fetch"; readonly answer: AnswerKind }
  /** A fetch that is given up after `limitMs`, by `AbortSignal.timeout` or by an `AbortController`. */
  | { readonly do: "limited"; readonly by: "timeout" | "controller"; readonly limitMs: number }
  /** A fetch that nobody awaits. */
  | { readonly do: "forget"; readonly answer: AnswerKind }
  | { readonly do: "sleep" | "timer"; readonly durationMs: number }
  | { readonly do: "inTurn" | "all" | "settled" | "race" | "any"; readonly steps: readonly Step[] }
  | { readonly do: "repeat"; readonly times: number; readonly step: Step }
  | { readonly do: "catch"; readonly step: Step }
  | { readonly do: "throw" | "log" };

/**
 * How the target answers: at once, after a while, with bytes that are no text, with status 500, or by
 * resetting the connection.
 */
export type AnswerKind = "prompt" | "slow" | "bytes" | "fails" | "resets";

/** The same programs for the same seed. */
export function programsOf(seed: number, count: number): readonly Step[] {
  return fc.sample(anyProgram(), { seed, numRuns: count });
}

function anyProgram(): fc.Arbitrary<Step> {
  return fc.letrec<Record<"program" | "step" | "branch", Step>>((tie) => ({
    program: group(tie("step"), { minLength: 3, kinds: ["inTurn"] }),
    step: fc.oneof({ maxDepth: 3, depthSize: "small" }, anyLeaf(), tie("branch")),
    branch: fc.oneof(
      { weight: 5, arbitrary: group(tie("step"), { minLength: 2, kinds: combinations }) },
      { weight: 3, arbitrary: fc.record({ do: fc.constant("catch" as const), step: tie("step") }) },
      { weight: 2, arbitrary: repetition(tie("step")) },
    ),
  })).program;
}

const combinations = ["inTurn", "all", "settled", "race", "any"] as const;

function group(
  step: fc.Arbitrary<Step>,
  {
    minLength,
    kinds,
  }: { readonly minLength: number; readonly kinds: readonly (typeof combinations)[number][] },
): fc.Arbitrary<Step> {
  return fc.record({ do: fc.constantFrom(...kinds), steps: fc.array(step, { minLength, maxLength: 5 }) });
}

function repetition(step: fc.Arbitrary<Step>): fc.Arbitrary<Step> {
  return fc.record({ do: fc.constant("repeat" as const), times: fc.integer({ min: 2, max: 3 }), step });
}

const answer = fc.oneof(
  { weight: 6, arbitrary: fc.constant("prompt" as const) },
  { weight: 4, arbitrary: fc.constant("slow" as const) },
  { weight: 1, arbitrary: fc.constantFrom("bytes" as const, "fails" as const, "resets" as const) },
);

function anyLeaf(): fc.Arbitrary<Step> {
  const fetch = fc.record({ do: fc.constant("fetch" as const), answer });
  const limited = fc.record({
    do: fc.constant("limited" as const),
    by: fc.constantFrom("timeout" as const, "controller" as const),
    limitMs: fc.integer({ min: 1, max: 400 }),
  });
  const forget = fc.record({ do: fc.constant("forget" as const), answer });
  const wait = fc.record({
    do: fc.constantFrom("sleep" as const, "timer" as const),
    durationMs: fc.integer({ min: 0, max: 600 }),
  });
  const other = fc.record({ do: fc.constantFrom("throw" as const, "log" as const) });
  return fc.oneof(
    { weight: 14, arbitrary: fetch },
    { weight: 6, arbitrary: wait },
    { weight: 2, arbitrary: limited },
    { weight: 1, arbitrary: forget },
    { weight: 1, arbitrary: other },
  );
}
