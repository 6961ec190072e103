import { answerOf } from "./target.ts";
import type { Step } from "./program.ts";

/** How a step ended in an execution. */
export type Ending =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly message: string };

export interface Verdict {
  /** Why no execution of the program can end so; `undefined` where one can. */
  readonly wrong?: string;
  /** Operations that must have reached the target for it to end so. */
  readonly effects: readonly string[];
}

/**
 * Whether a program can end so. The model is exact but for what depends on time: the winner of a race,
 * which of several failures came first, and whether a limited fetch was in time may come out either way.
 */
export function judge(program: Step, ending: Ending): Verdict {
  return judgeAt(program, "0", ending);
}

/** All operations that a program could possibly ask for. */
export function operationsOf(step: Step, at = "0"): readonly string[] {
  switch (step.do) {
    case "fetch":
    case "limited":
    case "forget":
      return [at];
    case "catch":
      return operationsOf(step.step, at);
    case "repeat":
      return roundsOf(step, at).flatMap(([round, place]) => operationsOf(round, place));
    default:
      return childrenOf(step, at).flatMap(([child, place]) => operationsOf(child, place));
  }
}

type Placed = readonly [step: Step, at: string];

function childrenOf(step: Step, at: string): readonly Placed[] {
  return "steps" in step ? step.steps.map((child, index) => [child, `${at}.${index}`]) : [];
}

function roundsOf({ times, step }: Extract<Step, { do: "repeat" }>, at: string): readonly Placed[] {
  return Array.from({ length: times }, (_, index) => [step, `${at}#${index}`]);
}

function judgeAt(step: Step, at: string, ending: Ending): Verdict {
  switch (step.do) {
    case "fetch":
      return { ...expect(at, ending, fetchEnding(step.answer, at)), effects: [at] };
    case "limited":
      return judgeLimited(step.by, at, ending);
    case "forget":
      return { ...expect(at, ending, { ok: true, value: "begun" }), effects: [at] };
    case "sleep":
    case "timer":
      return expect(at, ending, { ok: true, value: "on time" });
    case "throw":
      return expect(at, ending, { ok: false, message: `thrown at ${at}` });
    case "log":
      return expect(at, ending, { ok: true, value: null });
    case "catch":
      return judgeCaught(step.step, at, ending);
    case "repeat":
      return judgeListed(roundsOf(step, at), at, ending);
    default:
      return judgeCombination(step.do, childrenOf(step, at), at, ending);
  }
}

function judgeCombination(
  kind: Extract<Step, { steps: unknown }>["do"],
  children: readonly Placed[],
  at: string,
  ending: Ending,
): Verdict {
  switch (kind) {
    case "settled":
      return judgeEach(
        children.map(([step, place]) => [{ do: "catch", step }, place]),
        at,
        ending,
      );
    case "race":
      return ending.ok ? judgeWinner(children, at, ending) : judgeSome(children, at, ending);
    case "any":
      return ending.ok ? judgeWinner(children, at, ending) : judgeNone(children, at, ending);
    default:
      return judgeListed(children, at, ending);
  }
}

function expect(at: string, seen: Ending, expected: Ending): Verdict {
  const [is, should] = [JSON.stringify(seen), JSON.stringify(expected)];
  return is === should ? accepted : refused(at, `is ${is}, and should be ${should}`);
}

const accepted: Verdict = { effects: [] };

function refused(at: string, why: string): Verdict {
  return { wrong: `${at}: ${why}`, effects: [] };
}

function fetchEnding(kind: Extract<Step, { do: "fetch" }>["answer"], at: string): Ending {
  if (kind === "resets") return { ok: false, message: `TypeError at ${at}` };
  if (kind === "bytes") return { ok: true, value: [200, ...answerOf(at).bytes] };
  return { ok: true, value: [kind === "fails" ? 500 : 200, answerOf(at).text] };
}

/** Whether the request had left when its time was over depends on time as well. */
function judgeLimited(by: "timeout" | "controller", at: string, ending: Ending): Verdict {
  const name = by === "timeout" ? "TimeoutError" : "AbortError";
  if (ending.ok && ending.value === name) return accepted;
  return { ...expect(at, ending, fetchEnding("slow", at)), effects: [at] };
}

function judgeCaught(step: Step, at: string, ending: Ending): Verdict {
  const held = ending.ok ? (ending.value as { value?: unknown; caught?: string } | null) : undefined;
  if (typeof held !== "object" || held === null)
    return refused(at, `is ${JSON.stringify(ending)}, and no catch`);
  if (typeof held.caught === "string") return judgeAt(step, at, { ok: false, message: held.caught });
  return judgeAt(step, at, { ok: true, value: held.value });
}

/** One after the other, or all at once: a list of all values, or the failure of one. */
function judgeListed(children: readonly Placed[], at: string, ending: Ending): Verdict {
  return ending.ok ? judgeEach(children, at, ending) : judgeSome(children, at, ending);
}

/** Every child ended well, each with its value in the list. */
function judgeEach(children: readonly Placed[], at: string, ending: Ending): Verdict {
  const value: unknown = ending.ok ? ending.value : undefined;
  if (!Array.isArray(value) || value.length !== children.length) {
    return refused(at, `is ${JSON.stringify(ending)}, and should be a list of ${children.length}`);
  }
  return merged(
    children.map(([child, place], index) => judgeAt(child, place, { ok: true, value: value[index] })),
  );
}

/** One child failed, and the failure is the whole's. What the others did is not known. */
function judgeSome(children: readonly Placed[], at: string, ending: Ending): Verdict {
  const verdicts = children.map(([child, place]) => judgeAt(child, place, ending));
  return (
    verdicts.find(({ wrong }) => wrong === undefined) ??
    refused(at, `cannot end as ${JSON.stringify(ending)}`)
  );
}

function judgeWinner(
  children: readonly Placed[],
  at: string,
  ending: Extract<Ending, { ok: true }>,
): Verdict {
  const [index, value] = Array.isArray(ending.value) ? (ending.value as unknown[]) : [];
  const winner = children[Number(index)];
  if (winner === undefined) return refused(at, `is ${JSON.stringify(ending)}, and names no winner`);
  return judgeAt(...winner, { ok: true, value });
}

/** Every child failed; the message has those of all, in their order. */
function judgeNone(children: readonly Placed[], at: string, ending: Extract<Ending, { ok: false }>): Verdict {
  const messages = ending.message.split(", ");
  if (messages.length < children.length) return refused(at, `cannot fail with ${ending.message}`);
  return accepted;
}

function merged(verdicts: readonly Verdict[]): Verdict {
  const wrong = verdicts.find(({ wrong }) => wrong !== undefined)?.wrong;
  return { ...(wrong === undefined ? {} : { wrong }), effects: verdicts.flatMap(({ effects }) => effects) };
}
