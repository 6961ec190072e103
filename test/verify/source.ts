import { readFileSync } from "node:fs";
import type { Instance } from "../support/instance.ts";
import type { Step } from "./program.ts";

/** Deploys a program, and beside it what programs consist of. */
export async function deployProgram(instance: Instance, workflow: string, program: Step): Promise<void> {
  const files = { ...runtimeFiles, "program.ts": sourceOf(program) };
  const body = { files, entry: "program.ts" };
  const answer = await instance.request("POST", `/workflows/${workflow}/deploy`, { body });
  if (answer.status !== 201)
    throw new Error(`deploy answered ${answer.status}: ${JSON.stringify(answer.body)}`);
}

const runtimeFiles = Object.fromEntries(
  ["actions.ts", "combinations.ts", "history.ts", "perform.ts"].map((name) => [
    name,
    readFileSync(new URL(`./workflow/${name}`, import.meta.url), "utf8"),
  ]),
);

/**
 * A program as a TypeScript module. It has an entry point for itself, `main`, and one for each of its children.
 */
export function sourceOf(program: Step): string {
  const children: string[] = [];
  const main = expressionOf(program, children);
  const programs = [`main: ${functionOf(main)}`, ...children.map((child, n) => `"child-${n}": ${child}`)];
  return `import type { WorkflowContext } from "duranium";
import type { Actions, ProgramPayload } from "./actions.ts";
import { all, any, caught, inTurn, race, repeat, settled } from "./combinations.ts";
import { perform } from "./perform.ts";

const programs = {
  ${programs.join(",\n  ")},
};

export async function run(ctx: WorkflowContext, payload: ProgramPayload) {
  return await perform(ctx, payload, programs);
}
`;
}

function functionOf(expression: string): string {
  return `(does: Actions, at: string) => ${expression}`;
}

/**
 * An expression that gives a promise; `does` and `at`, the name of the place, are in scope.
 *
 * @param children takes the functions of what are executions of their own
 */
function expressionOf(step: Step, children: string[]): string {
  switch (step.do) {
    case "fetch":
      return `does.fetched(at, "${step.answer}")`;
    case "limited":
      return `does.limited(at, "${step.by}", ${step.limitMs})`;
    case "forget":
      return `does.forgotten(at, "${step.answer}")`;
    case "sleep":
      return `does.slept(at, ${step.durationMs})`;
    case "timer":
      return `does.timed(at, ${step.durationMs})`;
    case "event":
      return `does.awaited(at, "${step.name}", ${step.limitMs})`;
    case "callback":
      return `does.calledBack(at, ${step.limitMs})`;
    case "keep":
      return `does.kept(at, ${step.deletes})`;
    case "tally":
      return "does.tallied(at)";
    case "say":
      return `does.said(at, "${step.level}")`;
    case "throw":
      return "does.thrown(at)";
    case "call":
      return `does.called(at, "${entryPointOf(step.step, children)}")`;
    case "send":
      return `does.sent(at, "${entryPointOf(step.step, children)}", ${step.delayMs})`;
    case "repeat":
      return `repeat(at, ${step.times}, (at: string) => ${expressionOf(step.step, children)})`;
    case "catch":
      return `caught(() => ${expressionOf(step.step, children)})`;
    default:
      return `${step.do}([${branchesOf(step.steps, children)}])`;
  }
}

function entryPointOf(step: Step, children: string[]): string {
  const child = functionOf(expressionOf(step, children));
  return `child-${children.push(child) - 1}`;
}

/** A function for each branch, so that those in sequence start in order. */
function branchesOf(steps: readonly Step[], children: string[]): string {
  return steps
    .map((step, index) => `((at: string) => () => ${expressionOf(step, children)})(at + ".${index}")`)
    .join(", ");
}
