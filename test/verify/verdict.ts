import { isDeepStrictEqual } from "node:util";
import { cancellationGraceMs } from "../../src/host/limits.ts";
import type { EndedExecution, LogLine } from "./ended-execution.ts";
import { judge } from "./model.ts";
import { operationsOf, rootsOf } from "./places.ts";
import type { PostedEvent, Run } from "./run.ts";
import type { VerifyTarget } from "./target.ts";
import type { Entry } from "./workflow/history.ts";

/** What of an execution no undisturbed run could have had. */
export interface Findings {
  readonly wrong: readonly string[];
  readonly history: readonly Entry[];
  /** Whether it was cancelled, and then too little time passed without a kill for its farewell. */
  readonly wasCutShort: boolean;
}

/** Judges an execution that has ended: a run's own, or a child's. From now on nothing more may come of it. */
export function findingsOn(execution: EndedExecution, run: Run, target: VerifyTarget): Findings {
  const { root, executionId } = execution;
  const isCancelled = execution.status === "cancelled";
  const { history, ...found } = isCancelled
    ? farewellOf(execution, run, target)
    : endOf(execution, run, target);
  target.ended(run.number, root, history);
  const wrong = [...found.wrong, ...wrongLines(execution.lines, history), ...wrongEvents(history, run)];
  const where = `run ${run.number} at ${root} (${run.workflow}, ${executionId})`;
  return { history, wasCutShort: found.wasCutShort, wrong: wrong.map((what) => `${where}: ${what}`) };
}

function endOf({ root, ending, history }: EndedExecution, run: Run, target: VerifyTarget): Findings {
  const program = rootsOf(run.program).get(root);
  if (program === undefined || ending === undefined)
    return { wrong: ["it is no part of its program"], history, wasCutShort: false };
  const { wrong, effects, unawaited } = judge(program, ending, root);
  const expected = target.epoch === run.epoch ? [...effects, ...unawaited] : effects;
  const lost = expected.filter((place) => target.count(run.number, place) === 0);
  return {
    wrong: [
      ...(wrong === undefined ? [] : [wrong]),
      ...lost.map((place) => `the effect of ${place} is lost`),
    ],
    history,
    wasCutShort: false,
  };
}

/** A workflow that is cancelled tells the target, unless kills left it no time. */
function farewellOf({ root, completedAt }: EndedExecution, run: Run, target: VerifyTarget): Findings {
  const asked = run.cancelledAt;
  if (asked === undefined)
    return { wrong: ["it was cancelled without a request"], history: [], wasCutShort: false };
  const farewell = target.knowledgeOf(run.number, `${root}.farewell`);
  const hadTime = completedAt - asked < cancellationGraceMs;
  if (farewell === undefined) {
    const wrong = hadTime ? ["it was cancelled, and did not clean up"] : [];
    return { wrong, history: [], wasCutShort: !hadTime };
  }
  const { deaf = [], history } = farewell;
  const wrong = deaf.map((place) => `${place} was not told of the cancellation`);
  return { wrong, history, wasCutShort: false };
}

/**
 * The lines that the execution said must be stored, each once and in their order. What it said after it told of
 * them, while effects came to their end that it did not await, may come after them.
 */
function wrongLines(lines: readonly LogLine[], history: readonly Entry[]): readonly string[] {
  const said = history.filter(({ is }) => is === "said").map(lineOf);
  const missing = said.flatMap((line, number) => {
    if (isLine(lines[number], line)) return [];
    const [is, should] = [JSON.stringify(lines[number]), JSON.stringify(line)];
    return [`its console line ${number} is ${is}, and should be ${should}`];
  });
  const misnumbered = lines.filter(({ number }, index) => number !== index);
  return [...missing, ...misnumbered.map(({ number }) => `its console line ${number} has a wrong number`)];
}

/** Its time is the workflow's clock or, where the line was written later than that, the host's. */
function isLine(stored: LogLine | undefined, said: LogLine): boolean {
  if (stored === undefined || stored.time < said.time) return false;
  return isDeepStrictEqual({ ...stored, time: said.time }, said);
}

function lineOf({ at, now, drawn, what }: Entry, number: number): LogLine {
  const level = String(what);
  return { number, level, time: new Date(now).toISOString(), arguments: ["at", at, { drawn }] };
}

/** Events of a name must come in their order, without a gap, and none more often than it was posted. */
function wrongEvents(history: readonly Entry[], run: Run): readonly string[] {
  const received = history.map(({ what }) => what).filter(isEvent);
  if (received.some((event) => event.run !== run.number)) return ["it received an event of another run"];
  return Array.from(run.posted, ([name, posted]) => {
    const numbers = received.filter((event) => event.name === name).map(({ number }) => number);
    return numbers.every((number, index) => follows(number, numbers.slice(0, index), posted))
      ? []
      : [
          `it received the events ${name} ${numbers.join(", ")}, which were posted ${posted.join(", ")} times`,
        ];
  }).flat();
}

function follows(number: number, before: readonly number[], posted: readonly number[]): boolean {
  const last = before.at(-1) ?? -1;
  const times = before.filter((each) => each === number).length;
  return number === last + 1 || (number === last && times < (posted[number] ?? 0));
}

function isEvent(what: unknown): what is PostedEvent {
  return typeof what === "object" && what !== null && "name" in what && "number" in what;
}

/** Operations that the target was asked for, and that no execution of the run's program asks for. */
export function strayOperations(run: Run, target: VerifyTarget): readonly string[] {
  const possible = new Set(operationsOf(run.program));
  const strays = target.places(run.number).filter((place) => !possible.has(place));
  return strays.map((place) => `run ${run.number}: ${place} is no operation of its program`);
}
