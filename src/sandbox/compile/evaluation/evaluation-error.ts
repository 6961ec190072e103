import { DuraniumError } from "../../../domain/errors.ts";
import type { Diagnostic, ErrorCode } from "../../../domain/errors.ts";
import type { ExecutionLimits } from "../../../domain/execution-limits.ts";
import { maxImageBytes } from "../../../domain/limits.ts";
import type { WorkflowSource } from "../../../domain/workflow.ts";
import { outOfMemoryMessage } from "../../instances/memory-limit.ts";
import { shownFuel } from "../../instances/trap.ts";
import { shownLine, summarize } from "../diagnostics/diagnostics.ts";
import { mapPosition } from "../diagnostics/source-map.ts";

/** What came of the top level of a workflow where it came to nothing, in words for its author. */

/**
 * @param failure the guest's JSON, `{name, message, stack}`. It is untrusted: it may be anything.
 * @param written what the author wrote, and how the bundle maps to it
 */
export function evaluationFailed(
  failure: Uint8Array,
  written: { readonly source: WorkflowSource; readonly sourceMap: string },
): DuraniumError {
  const { name, message, stack } = readFailure(failure);
  if (message === outOfMemoryMessage) return loadOutOfMemory();
  const place = placeOf(stack, written);
  if (name === "MissingRun") return refused("missing-run", { message, hint: runHint, ...place });
  return refused("evaluation-failed", {
    message: `${name}: ${message}`,
    hint: missingGlobalHint(message) ?? topLevelHint,
    ...place,
  });
}

/** @param error what an instance threw when it was entered with these limits */
export function evaluationCrashed(error: DuraniumError, limits: ExecutionLimits): DuraniumError {
  if (error.code === "out-of-memory") return loadOutOfMemory(error);
  if (error.code === "out-of-fuel") return loadOutOfFuel(limits, error);
  if (!brokenByGuest.has(error.code)) return error;
  return refused("evaluation-failed", { message: error.message, hint: topLevelHint }, error);
}

export function evaluationTimedOut(timeoutMs: number): DuraniumError {
  const message = `The top level of the workflow did not end within ${timeoutMs} ms`;
  return refused("evaluation-timeout", { message, hint: endlessHint });
}

const topLevelHint =
  "Correct this, or move it into run(ctx, payload): the top level is evaluated at the deploy";
/** What code that looks for these at its top level can use instead: it was written for a page, or for several threads. */
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
  // Where a file mentions these, its bundle has them.
  ...["require", "module", "exports", "Buffer", "process"].map(
    (name) =>
      [
        name,
        "a text that eval or new Function takes sees only globals, so give it this as an argument",
      ] as const,
  ),
]);

/** @param message of a `ReferenceError`, or of a `TypeError` where it was read off `globalThis` */
function missingGlobalHint(message: string): string | undefined {
  const [, name = ""] =
    /\b(?:globalThis\.)?(\w+) is (?:not defined|undefined|not a constructor)$/.exec(message) ?? [];
  const alternative = alternatives.get(name);
  return alternative === undefined ? undefined : `The sandbox has no ${name}: ${alternative}`;
}

const endlessHint = "Move what takes long, or never ends, into run(ctx, payload)";
const runHint = "Write `export async function run(ctx, payload) { … }`";

const brokenByGuest: ReadonlySet<ErrorCode> = new Set([
  "sandbox-crashed",
  "guest-protocol-violated",
  "limit-exceeded",
]);

function loadOutOfMemory(cause?: unknown): DuraniumError {
  const message = "The top level of the workflow took more memory than an execution has";
  const hint =
    "Build large values in run(ctx, payload), import less, or give the workflow more memory: `npx duranium settings set <workflow> --limit memoryMib=256`, where the operator allows it (DURANIUM_MAX_MEMORY_MIB)";
  return refused("evaluation-out-of-memory", { message, hint }, cause);
}

/** @param bytes of its image, compressed */
export function imageTooLarge(bytes: number): DuraniumError {
  const message =
    `The top level of the workflow leaves ${inMiB(bytes)} of values behind, compressed, ` +
    `and the limit is ${inMiB(maxImageBytes)} (maxImageBytes)`;
  const hint = "Build large values in run(ctx, payload), or leave them out";
  return refused("evaluation-out-of-memory", { message, hint });
}

function inMiB(bytes: number): string {
  return `${(bytes / 1_048_576).toFixed(1)} MiB`;
}

function loadOutOfFuel({ turnFuel }: ExecutionLimits, cause: unknown): DuraniumError {
  const message = `The top level of the workflow computed more than a fuel of ${shownFuel(turnFuel)} lasts (turnFuel)`;
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
