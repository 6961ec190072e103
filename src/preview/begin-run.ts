import { fromHex, toHex } from "../domain/bytes.ts";
import { DuraniumError, messageOf } from "../domain/errors.ts";
import type { ExecutionLimits } from "../domain/execution-limits.ts";
import { parseEventName } from "../domain/ids.ts";
import type { JsonValue } from "../domain/json.ts";
import { maxEventsPerExecution } from "../domain/limits.ts";
import type { Failure, Outcome } from "../domain/outcome.ts";
import { callbackSecret } from "../host/callback-secret.ts";
import { drive } from "../host/driver.ts";
import type { DriveResult } from "../host/driver.ts";
import type { GuestContext } from "../host/guest.ts";
import type { HttpClient } from "../host/http-client.ts";
import { limitLog } from "../host/log-limit.ts";
import { callbackSignal, eventSignal, parseSignal } from "../host/operations/wait.ts";
import { tellAwaited } from "../host/steps.ts";
import { mapFailure } from "../sandbox/compile/source-map.ts";
import type { Instance } from "../sandbox/instance.ts";
import { createAnsweringClient } from "./answering-client.ts";
import { createLocalGuest } from "./local-guest.ts";
import type { LocalStates } from "./local-state.ts";
import { createMemoryJournal } from "./memory-journal.ts";
import type { HandlerCall, JournalEntry } from "./memory-journal.ts";
import { createPreviewOperations } from "./preview-operations.ts";
import type { PreviewCallback, PreviewLogLine, PreviewRequest, PreviewRun, PreviewState } from "./preview.ts";
import { createQuestions } from "./questions.ts";
import { createStepList, timeText } from "./step-list.ts";
import { createVirtualClock } from "./virtual-clock.ts";

export interface RunOptions {
  readonly request: PreviewRequest;
  readonly limits: ExecutionLimits;
  /** With the workflow's image in it, for this run alone. */
  readonly instance: Instance;
  /** Called when the instance is needed no more. */
  readonly onFree: () => void;
  /** JSON: the way from the bundle's lines to the author's. */
  readonly sourceMap: string;
  readonly http: Pick<HttpClient, "fetch">;
  readonly states: LocalStates;
}

/** How long changes are collected before listeners are told, in milliseconds. */
const tellEveryMs = 50;

/** Nobody can post to a page. */
const nowhere = "https://preview.invalid/callbacks/";

/** Begins to drive an execution on a journal in memory. */
export function beginRun(options: RunOptions): PreviewRun {
  const { request, limits, sourceMap, http, states } = options;
  const context = contextOf(request);
  const steps = createStepList();
  const logs: PreviewLogLine[] = [];
  const listeners = new Set<(state: PreviewState) => void>();
  const events = new Map<string, number>();
  const usedCallbacks = new Set<number>();
  const ended = Promise.withResolvers<PreviewState>();
  let end: Pick<PreviewState, "status" | "result" | "failure"> | undefined;
  let state: PreviewState | undefined;
  let isTold = false;
  let isDisposed = false;

  const clock = createVirtualClock({
    startAt: context.now,
    mode: request.clock ?? "skip",
    isBlocked: () => questions.open.length > 0 || journal.isAwaitingSignal(),
    onChange: () => changed(),
  });
  const questions = createQuestions(
    () => clock,
    () => changed(),
  );
  const client = createAnsweringClient({
    http,
    clock,
    mode: request.network ?? "direct",
    answers: request.answers ?? [],
    ask: (question, signal) => questions.ask(question, signal),
  });
  const journal = createMemoryJournal({
    clock,
    call: async (call, signal) => await answerCall(call, signal),
    send: () => executionIdOf(toHex(crypto.getRandomValues(new Uint8Array(13)))),
    onChange: (entry) => {
      if (entry !== undefined) steps.changed(entry);
      changed();
    },
  });
  const guest = createLocalGuest(options.instance, options.onFree);

  async function answerCall({ callee, input, index }: HandlerCall, signal: AbortSignal): Promise<Outcome> {
    if (callee.object === "WorkflowState")
      return await states.answer(callee.key, callee.handler, input, clock.now());
    const { entryPoint, payload } = input as { entryPoint?: string; payload: JsonValue };
    const question = { kind: "call", step: index, workflowId: callee.key, payload } as const;
    const answer = await questions.ask(
      entryPoint === undefined ? question : { ...question, entryPoint },
      signal,
    );
    if ("error" in answer) return { ok: false, error: answer.error };
    return { ok: true, value: "result" in answer ? answer.result : null };
  }

  function changed(): void {
    state = undefined;
    if (isTold || isDisposed) return;
    isTold = true;
    setTimeout(tell, tellEveryMs);
  }

  function tell(): void {
    isTold = false;
    for (const listener of listeners) listener(current());
  }

  function current(): PreviewState {
    return (state ??= stateNow());
  }

  function stateNow(): PreviewState {
    const open = end === undefined ? journal.entries.filter(isOpen) : [];
    const nextDue = end === undefined ? clock.nextDue : undefined;
    return {
      ...(end ?? { status: clock.isStuck ? "waiting" : "running" }),
      steps: steps.list(),
      logs: [...logs],
      waitingFor: end === undefined ? tellAwaited(journal.entries, isOpen) : [],
      events: eventsAwaited(open),
      callbacks: callbacksOf(journal.entries),
      questions: questions.open,
      fuelUsed: guest.fuelUsed,
      now: timeText(clock.now()),
      ...(nextDue === undefined ? {} : { nextWakeAt: timeText(nextDue) }),
      recorded: client.recorded,
      seed: toHex(context.seed),
    };
  }

  function callbacksOf(entries: readonly JournalEntry[]): readonly PreviewCallback[] {
    const numbers = new Set<number>();
    for (const { signal } of entries) {
      const parsed = signal === undefined ? undefined : parseSignal(signal);
      if (parsed !== undefined && "callback" in parsed) numbers.add(parsed.callback);
    }
    return Array.from(numbers, (callback) => ({
      callback,
      url: urlOf(context, callback),
      isUsed: usedCallbacks.has(callback),
    }));
  }

  async function runToEnd(): Promise<void> {
    try {
      const result = await drive({
        guest,
        journal,
        operations: createPreviewOperations(request, { client, clock }),
        context,
        payload: new TextEncoder().encode(JSON.stringify(request.payload)),
        limits,
        log: limitLog(({ number, level, line, at }) => {
          logs.push({ number, level, time: timeText(at), arguments: [...line] });
          changed();
        }, limits),
      });
      end = endOf(result, context, sourceMap);
    } catch (error) {
      end = { status: "failed", failure: brokenOff(error) };
    }
    clock[Symbol.dispose]();
    guest[Symbol.dispose]();
    state = undefined;
    if (isDisposed) return;
    ended.resolve(current());
    tell();
  }

  function deliver(signal: string, value: JsonValue): void {
    if (end === undefined) journal.deliver(signal, { now: clock.now(), value });
  }

  void runToEnd();
  return {
    get state() {
      return current();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    ended: ended.promise,
    setClock: (mode) => clock.setMode(mode),
    advance: (milliseconds) => clock.advance(milliseconds),
    advanceToNext: () => clock.advanceToNext(),
    sendEvent(name, payload) {
      const event = parseEventName(name);
      const number = events.get(event) ?? 0;
      requireRoom([...events.values()].reduce((sum, count) => sum + count, 0));
      events.set(event, number + 1);
      deliver(eventSignal(event, number), payload);
    },
    completeCallback(given, payload) {
      const callback = typeof given === "number" ? given : callbackIn(given, context);
      if (usedCallbacks.has(callback))
        throw new DuraniumError("callback-used", "The callback was used already: it can be posted to once");
      usedCallbacks.add(callback);
      deliver(callbackSignal(callback), payload);
    },
    answer: (step, answer) => questions.answer(step, answer),
    cancel: () => journal.cancel(),
    [Symbol.dispose]() {
      if (isDisposed) return;
      isDisposed = true;
      listeners.clear();
      guest[Symbol.dispose]();
      clock[Symbol.dispose]();
      journal.cancel();
    },
  };
}

function contextOf(request: PreviewRequest): GuestContext {
  const { workflowId, version = 1, entryPoint, seed, startAt = Date.now(), callbackUrl = nowhere } = request;
  return {
    workflowId,
    version,
    executionId: executionIdOf((seed ?? toHex(crypto.getRandomValues(new Uint8Array(13)))).slice(0, 26)),
    ...(entryPoint === undefined ? {} : { entryPoint }),
    seed: seed === undefined ? crypto.getRandomValues(new Uint8Array(32)) : fromHex(seed),
    now: startAt,
    callbackUrl,
  };
}

/** In the form of Restate's. */
function executionIdOf(digits: string): string {
  return `inv_1preview${digits}`;
}

function isOpen({ result, isDropped }: JournalEntry): boolean {
  return result === undefined && !isDropped;
}

function eventsAwaited(open: readonly JournalEntry[]): readonly string[] {
  const names = open.flatMap(({ signal }) => {
    const parsed = signal === undefined ? undefined : parseSignal(signal);
    return parsed !== undefined && "event" in parsed ? [parsed.event] : [];
  });
  return [...new Set(names)];
}

function urlOf({ callbackUrl, executionId, seed }: GuestContext, callback: number): string {
  return `${callbackUrl}${executionId}.${callback}.${callbackSecret(seed, callback)}`;
}

/** Of an address that somebody posts to, with its token or the token alone. */
function callbackIn(address: string, context: GuestContext): number {
  const token = address.slice(address.lastIndexOf("/") + 1);
  const callback = Number(/^[^.]+\.(0|[1-9]\d{0,5})\./.exec(token)?.[1]);
  if (!Number.isNaN(callback) && urlOf(context, callback) === `${context.callbackUrl}${token}`)
    return callback;
  throw new DuraniumError("callback-not-found", "There is no callback of this run at this address");
}

function requireRoom(sent: number): void {
  if (sent < maxEventsPerExecution) return;
  throw new DuraniumError(
    "too-many-events",
    `The run was sent ${sent} events, and takes no more (maxEventsPerExecution)`,
  );
}

function endOf(
  result: DriveResult,
  { executionId }: GuestContext,
  sourceMap: string,
): Pick<PreviewState, "status" | "result" | "failure"> {
  if (result.kind === "completed") return { status: "completed", result: result.value };
  if (result.kind === "failed")
    return { status: "failed", failure: { code: result.code, ...mapFailure(result.failure, sourceMap) } };
  const message = `Execution "${executionId}" was cancelled`;
  return { status: "cancelled", failure: { name: "CancelledError", message, code: "cancelled" } };
}

/** Of an execution the attempt would have ended here, and another one begun. */
function brokenOff(error: unknown): Failure {
  const code = error instanceof DuraniumError ? error.code : "internal";
  return { name: "PreviewError", message: `The preview ended here: ${messageOf(error)}`, code };
}
