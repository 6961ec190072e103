import type { Declared, Workflow } from "./workflow-exports.ts";
/** Evaluating a workflow's bundle. */
import { throwEvaluationFailure } from "./completion.ts";
import { encodeJson, noBytes } from "../core/encoding.ts";
import { describeThrown, type ThrownFailure } from "../core/failure.ts";
import { bundleName } from "../core/stack.ts";

// oxlint-disable-next-line no-eval -- evaluating what its author deployed is what this sandbox is for
const evaluate = eval;
// oxlint-disable-next-line typescript/unbound-method -- applied to functions below
const functionText = Function.prototype.toString;

/**
 * Evaluates a bundle, a script that calls `globalThis.__duranium_define(exports)`.
 *
 * @throws {Uint8Array} the error of `evaluate` in `wit/runtime.wit`: JSON of `{name, message, stack}`. The name is
 *   `MissingRun` if the bundle defines no function `run`.
 */
export function evaluateWorkflow(source: string): Workflow {
  try {
    const { run, unhandledRejections = "throw", schedules, flow } = evaluateBundle(source);
    throwEvaluationFailure();
    if (typeof run !== "function") throw missingRun(run);
    if (unhandledRejections !== "throw" && unhandledRejections !== "warn") throw badMode(unhandledRejections);
    const declared = { schedules, flow };
    return { run: run as Workflow["run"], runStack: placeOf(run, source), unhandledRejections, declared };
  } catch (error) {
    throw encodeJson(withSyntaxPosition(describeThrown(error), error));
  }
}

/**
 * The exports `schedules` and `flow` as JSON; no bytes if the workflow exports neither.
 *
 * @throws {Uint8Array} as `evaluateWorkflow`, if they cannot be written as JSON
 */
export function encodeDeclared({ schedules, flow }: Declared): Uint8Array {
  if (schedules === undefined && flow === undefined) return noBytes;
  try {
    return encodeJson({ schedules, flow });
  } catch (error) {
    throw encodeJson(describeThrown(error));
  }
}

interface Exports extends Declared {
  readonly run?: unknown;
  readonly unhandledRejections?: unknown;
}

function evaluateBundle(source: string): Exports {
  let defined: Exports = {};
  const define = (exports: Exports): void => {
    defined = exports;
  };
  Object.defineProperty(globalThis, "__duranium_define", { value: define, configurable: true });
  try {
    evaluate(`${source}\n//# sourceURL=${bundleName}`);
  } finally {
    Reflect.deleteProperty(globalThis, "__duranium_define");
  }
  return defined;
}

function missingRun(run: unknown): Error {
  const message =
    run === undefined
      ? "The workflow does not export run: write `export async function run(ctx, payload) { … }`"
      : `The workflow exports a run that is no function but ${run === null ? "null" : `of type ${typeof run}`}`;
  return Object.defineProperty(new Error(message), "name", { value: "MissingRun" });
}

function badMode(mode: unknown): TypeError {
  const given = typeof mode === "string" ? `"${mode.slice(0, 100)}"` : `of type ${typeof mode}`;
  return new TypeError(`The exported unhandledRejections is ${given}, and can be "throw" or "warn"`);
}

/** A stack frame for `run`. The position of the function is found by searching for its text in the bundle. */
function placeOf(run: object, source: string): string {
  const text = Reflect.apply(functionText, run, []);
  const offset = source.indexOf(text);
  if (offset < 0) return "";
  const before = source.slice(0, offset).split("\n");
  return `at run (${bundleName}:${before.length}:${(before.at(-1) ?? "").length + 1})`;
}

/** The properties of a `SyntaxError` that SpiderMonkey adds to the standard. */
interface Positioned {
  readonly lineNumber?: unknown;
  readonly columnNumber?: unknown;
}

/** A bundle that cannot be parsed has never run, so its error has a position but no frames. */
function withSyntaxPosition(failure: ThrownFailure, error: unknown): ThrownFailure {
  if (!(error instanceof SyntaxError) || failure.stack !== "") return failure;
  const { lineNumber, columnNumber } = error as Positioned;
  if (typeof lineNumber !== "number" || typeof columnNumber !== "number") return failure;
  return { ...failure, stack: `at ${bundleName}:${lineNumber}:${columnNumber}` };
}
