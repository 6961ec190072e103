import { readFileSync } from "node:fs";
import type { ReachableInstance } from "../support/instance.ts";
import { python, typescript } from "./notation.ts";
import type { Notation } from "./notation.ts";
import type { Step } from "./program.ts";

/** The languages in which programs are written. */
export const programLanguages = ["typescript", "python"] as const;

export type ProgramLanguage = (typeof programLanguages)[number];

/** Deploys a program, and beside it what programs consist of. */
export async function deployProgram(
  instance: ReachableInstance,
  workflow: string,
  program: Step,
  language: ProgramLanguage = "typescript",
): Promise<void> {
  const body = filesOf(program, language);
  const answer = await instance.request("POST", `/workflows/${workflow}/deploy`, { body });
  if (answer.status !== 201)
    throw new Error(`deploy answered ${answer.status}: ${JSON.stringify(answer.body)}`);
}

/** The files of a program, as a deploy takes them. */
export function filesOf(
  program: Step,
  language: ProgramLanguage = "typescript",
): { readonly entry: string; readonly files: Record<string, string> } {
  const entry = language === "python" ? "program.py" : "program.ts";
  return { files: { ...runtimeFiles[language], [entry]: sourceOf(program, language) }, entry };
}

const runtimeNames = ["actions", "combinations", "history", "perform"];

const runtimeFiles = {
  typescript: readRuntime("workflow", "ts"),
  python: readRuntime("workflow/python", "py"),
};

function readRuntime(folder: string, extension: string): Readonly<Record<string, string>> {
  const names = runtimeNames.map((name) => `${name}.${extension}`);
  return Object.fromEntries(
    names.map((name) => [name, readFileSync(new URL(`./${folder}/${name}`, import.meta.url), "utf8")]),
  );
}

const notations: Readonly<Record<ProgramLanguage, Notation>> = { typescript, python };

/** A program as a module. It has an entry point for itself, `main`, and one for each of its children. */
export function sourceOf(program: Step, language: ProgramLanguage = "typescript"): string {
  const writer = { notation: notations[language], children: [] };
  const main = functionOf(expressionOf(program, writer), writer);
  return writer.notation.module([
    ["main", main],
    ...writer.children.map((child, n) => [`child-${n}`, child] as const),
  ]);
}

interface Writer {
  readonly notation: Notation;
  /** The functions of what are executions of their own. */
  readonly children: string[];
}

function functionOf(expression: string, { notation }: Writer): string {
  return notation.lambda(["does", "at"], expression);
}

/** An expression of what is awaited; `does` and `at`, the name of the place, are in scope. */
function expressionOf(step: Step, writer: Writer): string {
  const { name, lambda, literal } = writer.notation;
  const does = (action: string, ...values: Parameters<typeof literal>[0][]) =>
    `does.${name(action)}(${["at", ...values.map(literal)].join(", ")})`;
  switch (step.do) {
    case "fetch":
      return does("fetched", step.answer);
    case "limited":
      return does("limited", step.by, step.limitMs);
    case "forget":
      return does("forgotten", step.answer);
    case "sleep":
      return does("slept", step.durationMs);
    case "timer":
      return does("timed", step.durationMs);
    case "event":
      return does("awaited", step.name, step.limitMs);
    case "callback":
      return does("calledBack", step.limitMs);
    case "keep":
      return does("kept", step.deletes);
    case "tally":
      return does("tallied");
    case "say":
      return does("said", step.level);
    case "throw":
      return does("thrown");
    case "call":
      return does("called", entryPointOf(step.step, writer));
    case "send":
      return does("sent", entryPointOf(step.step, writer), step.delayMs);
    case "repeat":
      return `repeat(at, ${step.times}, ${lambda(["at"], expressionOf(step.step, writer))})`;
    case "catch":
      return `caught(${lambda([], expressionOf(step.step, writer))})`;
    default:
      return `${name(step.do)}([${branchesOf(step.steps, writer)}])`;
  }
}

function entryPointOf(step: Step, writer: Writer): string {
  const child = functionOf(expressionOf(step, writer), writer);
  return `child-${writer.children.push(child) - 1}`;
}

/** A function for each branch, so that those in sequence start in order. */
function branchesOf(steps: readonly Step[], writer: Writer): string {
  const { lambda } = writer.notation;
  return steps
    .map((step, index) => {
      const branch = lambda(["at"], lambda([], expressionOf(step, writer)));
      return `(${branch})(at + ".${index}")`;
    })
    .join(", ");
}
