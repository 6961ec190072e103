import { childrenOf, rootPlace } from "./places.ts";
import type { Placed } from "./places.ts";
import type { Combination, Step } from "./program.ts";
import { answerOf } from "./target.ts";

/** The outcome of a step in an execution. */
export type Ending =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly message: string };

export interface Verdict {
  /** Why no execution of the program can end so; `undefined` where one can. */
  readonly wrong?: string;
  /** Operations that must have reached the target for this outcome. */
  readonly effects: readonly string[];
  /** Operations that are not awaited: they must have reached the target too, unless something was killed. */
  readonly unawaited: readonly string[];
}

/**
 * Whether a program can end so. The model is exact but for what depends on time: the winner of a race,
 * which of several failures came first, and whether a limited fetch was in time may come out either way.
 */
export function judge(program: Step, ending: Ending, at: string = rootPlace): Verdict {
  return judgeAt(program, at, ending);
}

function judgeAt(step: Step, at: string, ending: Ending): Verdict {
  switch (step.do) {
    case "fetch":
      return { ...expect(at, ending, fetchEnding(step.answer, at)), effects: [at] };
    case "limited":
      return judgeLimited(step.by, at, ending);
    case "forget":
      return { ...expect(at, ending, completed("begun")), unawaited: [at] };
    case "event":
      return judgeTimed(step.limitMs, at, ending, expect(at, ending, completed(`event ${step.name}`)));
    case "callback":
      return judgeTimed(step.limitMs, at, ending, {
        ...expect(at, ending, completed("called back")),
        effects: [at],
      });
    case "throw":
      return expect(at, ending, { ok: false, message: `thrown at ${at}` });
    case "catch":
      return judgeCaught(step.step, at, ending);
    case "call":
      return judgeAt(step.step, `${at}>`, ending);
    case "repeat":
      return judgeListed(childrenOf(step, at), at, ending);
    default:
      if ("steps" in step) return judgeCombination(step.do, childrenOf(step, at), at, ending);
      return expect(at, ending, completed(plainValues[step.do]));
  }
}

const plainValues = {
  sleep: "on time",
  timer: "on time",
  keep: "kept",
  tally: "tallied",
  say: null,
  send: "sent",
} as const;

function judgeCombination(
  kind: Combination,
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

const accepted: Verdict = { effects: [], unawaited: [] };

function refused(at: string, why: string): Verdict {
  return { ...accepted, wrong: `${at}: ${why}` };
}

function completed(value: unknown): Ending {
  return { ok: true, value };
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

/** An operation with a time limit may have reached it. */
function judgeTimed(limitMs: number | undefined, at: string, ending: Ending, inTime: Verdict): Verdict {
  if (limitMs === undefined || inTime.wrong === undefined) return inTime;
  return expect(at, ending, completed("timed out"));
}

function judgeCaught(step: Step, at: string, ending: Ending): Verdict {
  const held = ending.ok ? (ending.value as { value?: unknown; caught?: string } | null) : undefined;
  if (typeof held !== "object" || held === null)
    return refused(at, `is ${JSON.stringify(ending)}, and no catch`);
  if (typeof held.caught === "string") return judgeAt(step, at, { ok: false, message: held.caught });
  return judgeAt(step, at, { ok: true, value: held.value });
}

/** In sequence, or concurrently: a list of all values, or the failure of one. */
function judgeListed(children: readonly Placed[], at: string, ending: Ending): Verdict {
  return ending.ok ? judgeEach(children, at, ending) : judgeSome(children, at, ending);
}

/** Every child succeeded, each with its value in the list. */
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
  return {
    ...(wrong === undefined ? {} : { wrong }),
    effects: verdicts.flatMap(({ effects }) => effects),
    unawaited: verdicts.flatMap(({ unawaited }) => unawaited),
  };
}
