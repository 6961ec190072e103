import { eventNames } from "./program.ts";
import type { EventName, Step } from "./program.ts";

/**
 * Where in a program something is: the children on the way, `0.2`; the rounds of repetitions, `0.2#1`; and
 * `0.2>` for what is an execution of its own.
 */
export type Placed = readonly [step: Step, at: string];

/** The position of the start of a program. */
export const rootPlace = "0";

export function childrenOf(step: Step, at: string): readonly Placed[] {
  if ("steps" in step) return step.steps.map((child, index) => [child, `${at}.${index}`]);
  switch (step.do) {
    case "repeat":
      return Array.from({ length: step.times }, (_, index) => [step.step, `${at}#${index}`]);
    case "catch":
      return [[step.step, at]];
    case "call":
    case "send":
      return [[step.step, `${at}>`]];
    default:
      return [];
  }
}

/** All possible outcomes of a run, including its children. */
export function allOf(step: Step, at = rootPlace): readonly Placed[] {
  return [[step, at], ...childrenOf(step, at).flatMap(([child, place]) => allOf(child, place))];
}

/** All possible outcomes of a single execution. */
function ownOf(step: Step, at = rootPlace): readonly Placed[] {
  const below = isExecution(step) ? [] : childrenOf(step, at);
  return [[step, at], ...below.flatMap(([child, place]) => ownOf(child, place))];
}

/** What the executions of a run begin with: the program, and its children. */
export function rootsOf(program: Step): ReadonlyMap<string, Step> {
  const children = allOf(program).filter(([step]) => isExecution(step));
  const roots = children.flatMap(([step, at]) => childrenOf(step, at));
  return new Map([[rootPlace, program], ...roots.map(([step, at]) => [at, step] as const)]);
}

/** All operations that a run could possibly ask the target for, also when it is cancelled. */
export function operationsOf(program: Step): readonly string[] {
  const farewells = [...rootsOf(program).keys()].map((at) => `${at}.farewell`);
  return [...allOf(program).flatMap(([step, at]) => (isOperation(step) ? [at] : [])), ...farewells];
}

/** How many events of each name an execution waits for at most. */
export function eventsOf(program: Step): ReadonlyMap<EventName, number> {
  const names = ownOf(program).flatMap(([step]) => (step.do === "event" ? [step.name] : []));
  return new Map(eventNames.map((name) => [name, names.filter((each) => each === name).length]));
}

/** Whether a program reads or changes the state of its workflow. */
export function hasState(program: Step): boolean {
  return allOf(program).some(([step]) => step.do === "keep" || step.do === "tally");
}

function isExecution(step: Step): boolean {
  return step.do === "call" || step.do === "send";
}

function isOperation({ do: kind }: Step): boolean {
  return kind === "fetch" || kind === "limited" || kind === "forget" || kind === "callback";
}
