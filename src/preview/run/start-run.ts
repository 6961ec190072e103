import { fromHex, toHex } from "../../base/bytes.ts";
import type { JsonValue } from "../../base/json.ts";
import { DuraniumError, messageOf } from "../../domain/errors.ts";
import type { ExecutionLimits } from "../../domain/execution-limits.ts";
import type { Failure, Outcome } from "../../domain/outcome.ts";
import { drive } from "../../host/driver/driver.ts";
import type { DriveResult } from "../../host/driver/driver.ts";
import { limitLog } from "../../host/driver/log-limit.ts";
import type { GuestContext } from "../../host/guest.ts";
import type { HttpClient } from "../../host/network/http-client.ts";
import { describeAwaited } from "../../journal/steps.ts";
import { mapFailure, mapJson } from "../../sandbox/compile/diagnostics/source-map.ts";
import type { Instance } from "../../sandbox/instances/instance.ts";
import type { PreviewLogLine, PreviewRequest, PreviewRun, PreviewState } from "../contract/preview.ts";
import type { JournalEntry } from "./journal-record.ts";
import { createLocalGuest } from "./local-guest.ts";
import type { LocalState } from "./local-state.ts";
import { createMailbox } from "./mailbox.ts";
import { createMemoryJournal } from "./memory-journal.ts";
import type { HandlerCall, MemoryJournal } from "./memory-journal.ts";
import { createMockingClient } from "./mocking-client.ts";
import type { MockingClient } from "./mocking-client.ts";
import { createObservable } from "./observable.ts";
import { createPendingRequests } from "./pending-requests.ts";
import type { PendingRequests } from "./pending-requests.ts";
import { createPreviewOperations } from "./preview-operations.ts";
import { abandonedIfPending, createStepList, timeText } from "./step-list.ts";
import { createVirtualClock } from "./virtual-clock.ts";
import type { VirtualClock } from "./virtual-clock.ts";

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
  readonly states: LocalState;
}

/** Nobody can post to a page. */
const unreachableCallbackUrl = "https://preview.invalid/callbacks/";

/** Begins to drive an execution on a journal in memory. */
export function startRun(options: RunOptions): PreviewRun {
  const { request, limits, sourceMap } = options;
  const context = contextOf(request);
  const steps = createStepList();
  const logs: PreviewLogLine[] = [];
  const ended = Promise.withResolvers<PreviewState>();
  let end: End | undefined;
  let isDisposed = false;
  const observable = createObservable(stateNow);
  const { clock, questions, client, journal } = createRunEnvironment(options, context, (entry) => {
    if (entry !== undefined) steps.changed(entry);
    observable.changed();
  });
  const guest = createLocalGuest(options.instance, options.onFree);
  const mailbox = createMailbox(context, (signal, value) => {
    if (end === undefined) journal.deliver(signal, { now: clock.now(), value });
  });

  function stateNow(): PreviewState {
    const open = end === undefined ? journal.entries.filter(isOpen) : [];
    const nextDue = end === undefined ? clock.nextDue : undefined;
    return {
      ...(end ?? { status: clock.isIdle ? "waiting" : "running" }),
      steps: end === undefined ? steps.list() : steps.list().map(abandonedIfPending),
      logs: [...logs],
      waitingFor: end === undefined ? describeAwaited(journal.entries, isOpen) : [],
      events: mailbox.eventsOf(open),
      callbacks: mailbox.callbacksOf(journal.entries),
      questions: questions.open,
      fuelUsed: guest.fuelUsed,
      now: timeText(clock.now()),
      ...(nextDue === undefined ? {} : { nextWakeAt: timeText(nextDue) }),
      recorded: client.recorded,
      seed: toHex(context.seed),
    };
  }

  async function driveToEnd(): Promise<End> {
    const log = limitLog(({ number, level, line, at }) => {
      logs.push({
        number,
        level,
        time: timeText(at),
        arguments: JSON.parse(mapJson(JSON.stringify(line), sourceMap)) as JsonValue[],
      });
      observable.changed();
    }, limits);
    const operations = createPreviewOperations(request, { client, clock });
    const payload = new TextEncoder().encode(JSON.stringify(request.payload));
    return endOf(
      await drive({ guest, journal, operations, context, payload, limits, log }),
      context,
      sourceMap,
    );
  }

  async function runToEnd(): Promise<void> {
    end = await driveToEnd().catch((error: unknown): End => ({
      status: "failed",
      failure: brokenOff(error),
    }));
    clock[Symbol.dispose]();
    guest[Symbol.dispose]();
    if (isDisposed) return;
    observable.changed();
    ended.resolve(observable.current);
    observable.notify();
  }

  void runToEnd();
  return {
    get state() {
      return observable.current;
    },
    subscribe: (listener) => observable.subscribe(listener),
    ended: ended.promise,
    setClock: (mode) => clock.setMode(mode),
    advance: (milliseconds) => clock.advance(milliseconds),
    advanceToNext: () => clock.advanceToNext(),
    sendEvent: (name, payload) => mailbox.sendEvent(name, payload),
    completeCallback: (callback, payload) => mailbox.completeCallback(callback, payload),
    answer: (step, answer) => questions.answer(step, answer),
    cancel: () => journal.cancel(),
    [Symbol.dispose]() {
      if (isDisposed) return;
      isDisposed = true;
      observable.stop();
      guest[Symbol.dispose]();
      clock[Symbol.dispose]();
      journal.cancel();
    },
  };
}

type End = Pick<PreviewState, "status" | "result" | "failure">;

/** What a run has around its guest. */
interface RunEnvironment {
  readonly clock: VirtualClock;
  readonly questions: PendingRequests;
  readonly client: MockingClient;
  readonly journal: MemoryJournal;
}

function createRunEnvironment(
  { request, http, states }: RunOptions,
  context: GuestContext,
  onChange: (entry?: JournalEntry) => void,
): RunEnvironment {
  const clock = createVirtualClock({
    startAt: context.now,
    mode: request.clock ?? "skip",
    isBlocked: () => questions.open.length > 0 || journal.isAwaitingSignal(),
    onChange,
  });
  const questions = createPendingRequests(clock, onChange);
  const client = createMockingClient({
    http,
    clock,
    mode: request.network ?? "direct",
    answers: request.answers ?? [],
    ask: (question, signal) => questions.ask(question, signal),
  });
  const journal = createMemoryJournal({
    clock,
    call: async ({ callee, input, index }, signal) =>
      callee.object === "WorkflowState"
        ? await states.answer(callee.key, callee.handler, input, clock.now())
        : await requestCallResult(questions, { callee, input, index }, signal),
    send: () => executionIdOf(randomHex(13)),
    onChange,
  });
  return { clock, questions, client, journal };
}

/** What a call would begin is an execution: somebody says what that would have come to. */
async function requestCallResult(
  questions: PendingRequests,
  { callee, input, index }: HandlerCall,
  signal: AbortSignal,
): Promise<Outcome> {
  const given = input as { readonly entryPoint?: string; readonly payload: JsonValue };
  const answer = await questions.ask({ kind: "call", step: index, workflowId: callee.key, ...given }, signal);
  if ("error" in answer) return { ok: false, error: answer.error };
  return { ok: true, value: "result" in answer ? answer.result : null };
}

function contextOf(request: PreviewRequest): GuestContext {
  const {
    workflowId,
    version = 1,
    entryPoint,
    startAt = Date.now(),
    callbackUrl = unreachableCallbackUrl,
  } = request;
  const { seed = randomHex(32) } = request;
  return {
    workflowId,
    version,
    executionId: executionIdOf(request.seed === undefined ? randomHex(13) : request.seed.slice(0, 26)),
    ...(entryPoint === undefined ? {} : { entryPoint }),
    seed: fromHex(seed),
    now: startAt,
    callbackUrl,
  };
}

function randomHex(bytes: number): string {
  return toHex(crypto.getRandomValues(new Uint8Array(bytes)));
}

/** In the form of Restate's. */
function executionIdOf(digits: string): string {
  return `inv_1preview${digits}`;
}

function isOpen({ result, isDropped }: JournalEntry): boolean {
  return result === undefined && !isDropped;
}

function endOf(result: DriveResult, { executionId }: GuestContext, sourceMap: string): End {
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
