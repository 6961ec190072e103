import * as fc from "fast-check";
import type { Level } from "./workflow/history.ts";

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
  /** A fetch that is not awaited. */
  | { readonly do: "forget"; readonly answer: AnswerKind }
  | { readonly do: "sleep" | "timer"; readonly durationMs: number }
  /** Waits for the next event of a name, for `limitMs` at most. */
  | { readonly do: "event"; readonly name: EventName; readonly limitMs?: number | undefined }
  /** Asks the target to call back. */
  | { readonly do: "callback"; readonly limitMs?: number | undefined }
  /** Sets, reads, lists and perhaps deletes a key of its own. */
  | { readonly do: "keep"; readonly deletes: boolean }
  /** Adds a name to a list that all executions of the workflow update. */
  | { readonly do: "tally" }
  | { readonly do: "say"; readonly level: Level }
  /** Another execution, which is waited for. */
  | { readonly do: "call"; readonly step: Step }
  /** Another execution, which is not. */
  | { readonly do: "send"; readonly delayMs: number; readonly step: Step }
  | { readonly do: Combination; readonly steps: readonly Step[] }
  | { readonly do: "repeat"; readonly times: number; readonly step: Step }
  | { readonly do: "catch"; readonly step: Step }
  | { readonly do: "throw" };

export type Combination = "inTurn" | "all" | "settled" | "race" | "any";

/**
 * How the target answers: at once, after a while, with bytes that are no text, with status 500, or by
 * resetting the connection.
 */
export type AnswerKind = "prompt" | "slow" | "bytes" | "fails" | "resets";

export const eventNames = ["a", "b"] as const;

export type EventName = (typeof eventNames)[number];

/** The same programs for the same seed. */
export function programsOf(seed: number, count: number): readonly Step[] {
  return fc.sample(anyProgram(), { seed, numRuns: count });
}

/** A program whose end does not depend on time: every execution has the same result. */
export function timelessProgramOf(seed: number): Step {
  const [program] = fc.sample(anyTimelessProgram(), { seed, numRuns: 1 });
  if (program === undefined) throw new Error(`There is no program for the seed ${seed}`);
  return program;
}

type Any = fc.Arbitrary<Step>;

function anyProgram(): Any {
  return anyTree({
    leaf: fc.oneof(
      { weight: 12, arbitrary: anyFetch() },
      { weight: 6, arbitrary: anyWait() },
      { weight: 2, arbitrary: anyLimited() },
      { weight: 1, arbitrary: fc.constant<Step>({ do: "throw" }) },
      { weight: 6, arbitrary: anyOther() },
      { weight: 5, arbitrary: anyMessage(limit) },
    ),
    childLeaf: fc.oneof(
      { weight: 8, arbitrary: anyFetch() },
      { weight: 3, arbitrary: anyWait() },
      { weight: 1, arbitrary: fc.constant<Step>({ do: "throw" }) },
      { weight: 3, arbitrary: anyOther() },
      { weight: 1, arbitrary: anyCallback(limit) },
    ),
    branch: [{ weight: 1, arbitrary: eventOrSleep() }],
    kinds: ["inTurn", "all", "settled", "race", "any"],
  });
}

/** Failures are caught where they are thrown: which of several is first depends on time. */
function anyTimelessProgram(): Any {
  const failure = fc.constantFrom<Step>({ do: "throw" }, { do: "fetch", answer: "resets" });
  const never = fc.constant(undefined);
  const childLeaf = fc.oneof(
    { weight: 6, arbitrary: fc.record({ do: fc.constant("fetch" as const), answer: answerThatComes }) },
    { weight: 3, arbitrary: anyWait() },
    { weight: 4, arbitrary: anyOther() },
    { weight: 1, arbitrary: anyCallback(never) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant("catch" as const), step: failure }) },
  );
  return anyTree({
    leaf: fc.oneof(
      { weight: 12, arbitrary: childLeaf },
      { weight: 3, arbitrary: anyMessage(never) },
      { weight: 1, arbitrary: anyForgotten(answerThatComes) },
    ),
    childLeaf,
    branch: [],
    kinds: ["inTurn", "all", "settled"],
  });
}

interface TreeParts {
  readonly leaf: Any;
  /** Of trees that are executions of their own. Their IDs are unknown to the sender of events, so they wait for none. */
  readonly childLeaf: Any;
  readonly branch: fc.WeightedArbitrary<Step>[];
  readonly kinds: readonly Combination[];
}

function anyTree({ leaf, childLeaf, branch, kinds }: TreeParts): Any {
  return fc.letrec<Record<"program" | "step" | "branch" | "child" | "childBranch", Step>>((tie) => ({
    program: group(tie("step"), { minLength: 3, kinds: ["inTurn"] }),
    step: fc.oneof({ maxDepth: 3, depthSize: "small" }, leaf, tie("branch")),
    branch: fc.oneof(
      { weight: 5, arbitrary: group(tie("step"), { minLength: 2, kinds }) },
      { weight: 3, arbitrary: fc.record({ do: fc.constant("catch" as const), step: tie("step") }) },
      { weight: 2, arbitrary: repetition(tie("step")) },
      { weight: 3, arbitrary: execution(tie("child")) },
      ...branch,
    ),
    child: fc.oneof({ maxDepth: 2, depthSize: "small" }, childLeaf, tie("childBranch")),
    childBranch: fc.oneof(
      { weight: 4, arbitrary: group(tie("child"), { minLength: 2, kinds }) },
      { weight: 1, arbitrary: execution(tie("child")) },
    ),
  })).program;
}

function group(
  step: Any,
  { minLength, kinds }: { readonly minLength: number; readonly kinds: readonly Combination[] },
): Any {
  return fc.record({ do: fc.constantFrom(...kinds), steps: fc.array(step, { minLength, maxLength: 5 }) });
}

function repetition(step: Any): Any {
  return fc.record({ do: fc.constant("repeat" as const), times: fc.integer({ min: 2, max: 3 }), step });
}

function execution(step: Any): Any {
  return fc.oneof(
    { weight: 3, arbitrary: fc.record({ do: fc.constant("call" as const), step }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant("send" as const), delayMs: duration, step }) },
  );
}

function eventOrSleep(): Any {
  const event = fc.record({ do: fc.constant("event" as const), name: fc.constantFrom(...eventNames) });
  const sleep = fc.record({ do: fc.constant("sleep" as const), durationMs: duration });
  return fc.tuple(event, sleep).map((steps) => ({ do: "race", steps }));
}

const duration = fc.integer({ min: 0, max: 600 });
const limit = fc.option(fc.integer({ min: 1, max: 800 }), { nil: undefined, freq: 2 });
const answerThatComes = fc.oneof(
  { weight: 6, arbitrary: fc.constant("prompt" as const) },
  { weight: 4, arbitrary: fc.constant("slow" as const) },
  { weight: 1, arbitrary: fc.constantFrom("bytes" as const, "fails" as const) },
);
const answer = fc.oneof(
  { weight: 20, arbitrary: answerThatComes },
  { weight: 1, arbitrary: fc.constant("resets" as const) },
);

function anyFetch(): Any {
  const fetch = fc.record({ do: fc.constant("fetch" as const), answer });
  return fc.oneof({ weight: 12, arbitrary: fetch }, { weight: 1, arbitrary: anyForgotten(answer) });
}

function anyForgotten(answered: fc.Arbitrary<AnswerKind>): Any {
  return fc.record({ do: fc.constant("forget" as const), answer: answered });
}

function anyWait(): Any {
  return fc.record({ do: fc.constantFrom("sleep" as const, "timer" as const), durationMs: duration });
}

function anyLimited(): Any {
  return fc.record({
    do: fc.constant("limited" as const),
    by: fc.constantFrom("timeout" as const, "controller" as const),
    limitMs: fc.integer({ min: 1, max: 400 }),
  });
}

function anyOther(): Any {
  return fc.oneof(
    fc.record({
      do: fc.constant("say" as const),
      level: fc.constantFrom<Level>("debug", "info", "warn", "error"),
    }),
    fc.record({ do: fc.constant("keep" as const), deletes: fc.boolean() }),
    fc.constant<Step>({ do: "tally" }),
  );
}

function anyMessage(limitMs: fc.Arbitrary<number | undefined>): Any {
  const event = fc.record({
    do: fc.constant("event" as const),
    name: fc.constantFrom(...eventNames),
    limitMs,
  });
  return fc.oneof({ weight: 3, arbitrary: event }, { weight: 1, arbitrary: anyCallback(limitMs) });
}

function anyCallback(limitMs: fc.Arbitrary<number | undefined>): Any {
  return fc.record({ do: fc.constant("callback" as const), limitMs });
}
