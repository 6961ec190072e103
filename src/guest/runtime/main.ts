/**
 * The guest runtime, which runs in the sandbox next to a workflow. It makes the engine's globals deterministic,
 * connects them to the host, and implements the protocol of `wit/runtime.wit` through `bindings.ts`.
 *
 * 1. No export throws, except `evaluate` and `declarations` with their declared error: an exception from an export makes the instance
 *    unusable.
 * 2. Everything that a workflow can observe follows from its source, the record `ctx`, the payload, and the answers
 *    in the order of their delivery.
 * 3. A turn ends when the microtasks are drained, which the engine does before an export returns. The host then
 *    reports the end of the turn by a `settle` with an id that no call has, because only then are the unhandled
 *    rejections known.
 */
import { endOfTurnId } from "../../domain/limits.ts";
import { resetCallbacks } from "../context/callback.ts";
import { advanceClock, startClock } from "../core/clock.ts";
import {
  beginExecution,
  completeExecution,
  failExecution,
  resetCompletion,
  throwEvaluationFailure,
} from "../host/completion.ts";
import { resetConsole } from "../host/console.ts";
import { createContext, type HostContext, type HostContextMembers } from "../context/ctx.ts";
import { decodeJson, noBytes } from "../core/encoding.ts";
import { resetEvents } from "../context/events.ts";
import { resetTags } from "../context/tags.ts";
import { installGlobals } from "./globals.ts";
import { startHostCalls, cancelCalls, resetHostCalls, settleCall } from "../host/host-calls.ts";
import { encodeDeclared, evaluateWorkflow } from "../host/evaluate.ts";
import { type Workflow } from "../host/workflow-exports.ts";
import { resetSeed, seedRandom } from "../core/random.ts";
import { resetRejections, reportRejections } from "../host/rejections.ts";
import { resetObjectUrls } from "../platform/web/data/object-urls.ts";
import { startDeferredTimers, startTimerTurn, clearAllTimers, resetTimers } from "../host/timers.ts";

export { watchRejections } from "../host/rejections.ts";

let workflow: Workflow | undefined;

installGlobals();

/** @throws {Uint8Array} JSON of `{name, message, stack}` */
export function evaluate(source: string): void {
  resetAfterWarmUp();
  workflow = evaluateWorkflow(source);
}

/** @throws {Uint8Array} JSON of `{name, message, stack}` */
export function declarations(): Uint8Array {
  return encodeDeclared(workflow?.declared ?? {});
}

/** The members that the next `run` adds to its `ctx`, as JSON. */
let members: Uint8Array = noBytes;

export function extend(added: Uint8Array): void {
  members = added;
}

/**
 * An engine executes a workflow while it is built (`sandbox/engine/passes/warm-up.ts`), so that code that the
 * JavaScript engine compiles on first use is compiled already. All other state of that execution is reset.
 */
function resetAfterWarmUp(): void {
  startClock(0);
  resetCompletion();
  resetSeed();
  resetHostCalls();
  resetTimers();
  resetEvents();
  resetCallbacks();
  resetTags();
  resetConsole();
  resetRejections();
  resetObjectUrls();
}

export function run(host: HostContext, payload: Uint8Array): void {
  beginExecution(workflow ?? { runStack: "", unhandledRejections: "throw" });
  try {
    const added = (decodeJson(members) ?? {}) as HostContextMembers;
    members = noBytes;
    startClock(host.now);
    seedRandom(host.seed);
    startTimerTurn();
    startHostCalls(added.callSites === true);
    startDeferredTimers();
    void runWorkflow(createContext({ ...host, ...added }), decodeJson(payload));
  } catch (error) {
    failExecution(error);
  }
}

export function settle(id: number, now: number, outcome: Uint8Array, body: Uint8Array<ArrayBuffer>): void {
  try {
    if (id === endOfTurnId) return reportRejections();
    advanceClock(now);
    startTimerTurn();
    settleCall(id, outcome, body);
  } catch (error) {
    failExecution(error);
  }
}

/** Pending waits of the workflow reject. Host calls that it makes in its `finally` blocks are still answered. */
export function cancel(now: number): void {
  try {
    advanceClock(now);
    startTimerTurn();
    clearAllTimers();
    cancelCalls();
  } catch (error) {
    failExecution(error);
  }
}

async function runWorkflow(ctx: ReturnType<typeof createContext>, payload: unknown): Promise<void> {
  try {
    if (workflow === undefined) throw new Error("No workflow was loaded into this instance");
    throwEvaluationFailure();
    completeExecution(await workflow.run(ctx, payload));
  } catch (error) {
    failExecution(error);
  }
}
