import { inMiB } from "../../../base/binary-units.ts";
import { DuraniumError } from "../../../domain/errors.ts";
import type { Diagnostic, ErrorCode } from "../../../domain/errors.ts";
import { languageOf } from "../../../domain/engines/language.ts";
import type { Language } from "../../../domain/engines/language.ts";
import type { ExecutionLimits } from "../../../domain/execution-limits.ts";
import type { WorkflowSource } from "../../../domain/workflow.ts";
import { outOfMemoryMessage } from "../../instances/memory-limit.ts";
import { shownFuel } from "../../instances/trap.ts";
import { shownLine, summarize } from "../diagnostics/diagnostics.ts";
import { mapPosition } from "../diagnostics/source-map.ts";
import { maxImageBytes } from "./limits.ts";

/** Errors of a workflow's top level, as diagnostics for its author. */

/**
 * @param failure the guest's JSON, `{name, message, stack}`. It is untrusted and may be anything.
 * @param written the author's source, and the map from the bundle to it
 */
export function evaluationFailed(
  failure: Uint8Array,
  written: { readonly source: WorkflowSource; readonly sourceMap: string },
): DuraniumError {
  const { name, message, stack } = readFailure(failure);
  const language = languageOf(written.source);
  if (message === outOfMemoryMessage || (language === "python" && name === "MemoryError"))
    return loadOutOfMemory();
  const place = placeOf(stack, written);
  if (name === "MissingRun") return refused("missing-run", { message, hint: runHints[language], ...place });
  if (language === "python" && syntaxErrors.has(name))
    return refused("compile-failed", { message: `${name}: ${message}`, hint: syntaxHint, ...place });
  const hint = language === "javascript" ? missingGlobalHint(message) : undefined;
  return refused("evaluation-failed", {
    message: `${name}: ${message}`,
    hint: hint ?? topLevelHint,
    ...place,
  });
}

/** @param error thrown by an instance that was entered with these limits */
export function evaluationCrashed(error: DuraniumError, limits: ExecutionLimits): DuraniumError {
  if (error.code === "out-of-memory") return loadOutOfMemory(error);
  if (error.code === "out-of-fuel") return loadOutOfFuel(limits, error);
  if (!brokenByGuest.has(error.code)) return error;
  return refused("evaluation-failed", { message: error.message, hint: topLevelHint }, error);
}

export function evaluationTimedOut(timeoutMs: number): DuraniumError {
  const message = `The top level of the workflow timed out after ${timeoutMs} ms`;
  return refused("evaluation-timeout", { message, hint: endlessHint });
}

const topLevelHint =
  "Correct this, or move it into run(ctx, payload). The top level is evaluated when the workflow is deployed";
/**
 * Alternatives for code that was written for web pages or for several threads, and uses these at its top
 * level.
 */
const alternatives: ReadonlyMap<string, string> = new Map([
  ["WebAssembly", "import a package in plain JavaScript, or a build of this one without WebAssembly"],
  ["Worker", "a workflow has one thread, and calls other workflows with ctx.call"],
  ["SharedArrayBuffer", "a workflow has one thread, and uses ArrayBuffer"],
  ["Atomics", "import a package that shares no memory between threads"],
  ["XMLHttpRequest", "use fetch, or a package that does"],
  ["document", "import a package, or a build of this one, that needs no page"],
  ["window", "import a package, or a build of this one, that needs no page; globalThis is there"],
  ["localStorage", "keep values in ctx.state"],
  ["indexedDB", "keep values in ctx.state"],
  // If a file mentions one of these, its bundle includes it.
  ...["require", "module", "exports", "Buffer", "process"].map(
    (name) =>
      [
        name,
        "a text that eval or new Function takes sees only globals, so give it this as an argument",
      ] as const,
  ),
]);

/** @param message of a `ReferenceError`, or of a `TypeError` if it was read from `globalThis` */
function missingGlobalHint(message: string): string | undefined {
  const [, name = ""] =
    /\b(?:globalThis\.)?(\w+) is (?:not defined|undefined|not a constructor)$/.exec(message) ?? [];
  const alternative = alternatives.get(name);
  return alternative === undefined ? undefined : `The sandbox has no ${name}: ${alternative}`;
}

const endlessHint = "Move long or endless computations into run(ctx, payload)";
const runHints: Readonly<Record<Language, string>> = {
  javascript: "Write `export async function run(ctx, payload) { … }`",
  python: "Write `async def run(ctx, payload): …`",
  wasm: "Export the functions of the world `workflow` in `wit/runtime.wit`",
};

/** What Python raises for a file that it cannot parse. */
const syntaxErrors: ReadonlySet<string> = new Set(["SyntaxError", "IndentationError", "TabError"]);
const syntaxHint = "Correct this line and deploy again";

const brokenByGuest: ReadonlySet<ErrorCode> = new Set([
  "sandbox-crashed",
  "guest-protocol-violated",
  "limit-exceeded",
]);

function loadOutOfMemory(cause?: unknown): DuraniumError {
  const message = "The top level of the workflow exceeded the memory limit of an execution";
  const hint =
    "Create large values in run(ctx, payload), import less, or raise the workflow's memory limit: `npx duranium settings set <workflow> --limit memoryMib=256` (up to the operator's DURANIUM_MAX_MEMORY_MIB)";
  return refused("evaluation-out-of-memory", { message, hint }, cause);
}

/** @param bytes length of its image, compressed */
export function imageTooLarge(bytes: number): DuraniumError {
  const message =
    `The top level of the workflow leaves ${inMiB(bytes)} of values behind, compressed, ` +
    `and the limit is ${inMiB(maxImageBytes)} (maxImageBytes)`;
  const hint = "Create large values in run(ctx, payload), or remove them";
  return refused("evaluation-out-of-memory", { message, hint });
}

function loadOutOfFuel({ turnFuel }: ExecutionLimits, cause: unknown): DuraniumError {
  const message = `The top level of the workflow exceeded its fuel of ${shownFuel(turnFuel)} (turnFuel)`;
  return refused("evaluation-out-of-fuel", { message, hint: endlessHint }, cause);
}

function readFailure(bytes: Uint8Array): { name: string; message: string; stack: string } {
  const failure = parse(bytes);
  const text = (key: string): string => {
    const value: unknown = Object.hasOwn(failure, key) ? Reflect.get(failure, key) : undefined;
    return typeof value === "string" ? value : "";
  };
  return { name: text("name") || "Error", message: text("message"), stack: text("stack") };
}

function parse(bytes: Uint8Array): object {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof value === "object" && value !== null ? value : {};
  } catch {
    return {};
  }
}

function placeOf(
  stack: string,
  { source, sourceMap }: { readonly source: WorkflowSource; readonly sourceMap: string },
): Partial<Diagnostic> {
  const position = mapPosition(stack, sourceMap);
  if (position === undefined) return { file: source.entry };
  const lineText = source.files[position.file]?.split(/\r?\n/)[position.line - 1];
  return { ...position, ...(lineText === undefined ? {} : shownLine(lineText)) };
}

function refused(code: ErrorCode, diagnostic: Diagnostic, cause?: unknown): DuraniumError {
  const message = `Cannot evaluate the workflow: ${summarize([diagnostic])}`;
  return new DuraniumError(code, message, { cause, diagnostics: [diagnostic] });
}
