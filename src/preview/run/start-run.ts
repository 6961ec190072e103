import { fromHex, toHex } from "../../base/bytes.ts";
import type { JsonValue } from "../../base/json.ts";
import { DuraniumError, messageOf } from "../../domain/errors.ts";
import type { ExecutionLimits } from "../../domain/execution-limits.ts";
import type { Failure } from "../../domain/outcome.ts";
import { drive } from "../../host/driver/driver.ts";
import type { DriveResult } from "../../host/driver/driver.ts";
import { limitLog } from "../../host/driver/log-limit.ts";
import type { Guest, GuestContext } from "../../host/guest.ts";
import { describeAwaited } from "../../journal/steps.ts";
import type { Recording } from "../../recordings/recording.ts";
import { withCallSites } from "../../replay/journal/traced-guest.ts";
import type { SourceMapper } from "../../replay/replayed-version.ts";
import { contextOf as recordedContextOf } from "../../replay/replay.ts";
import type { Instance } from "../../sandbox/instances/instance.ts";
import { recordedSignals } from "../answers/recorded-signals.ts";
import type {
  Answer,
  ClockMode,
  PreviewLogLine,
  PreviewRequest,
  PreviewRun,
  PreviewState,
} from "../contract/preview.ts";
import type { JournalEntry } from "./journal-record.ts";
import { createLocalGuest } from "./local-guest.ts";
import { createMailbox } from "./mailbox.ts";
import type { Mailbox } from "./mailbox.ts";
import { createObservable } from "./observable.ts";
import { createPreviewOperations } from "./preview-operations.ts";
import { createRunEnvironment } from "./run-environment.ts";
import type { RunEnvironment, RunEnvironmentOptions } from "./run-environment.ts";
import { recordingOfRun } from "./recording-of-run.ts";
import { abandonedIfPending, createStepList, timeText } from "./step-list.ts";
import type { StepList } from "./step-list.ts";

export interface RunOptions extends Omit<RunEnvironmentOptions, "newExecutionId"> {
  readonly limits: ExecutionLimits;
  /** Contains the workflow's image and is used by this run only. */
  readonly instance: Instance;
  /** Called when the run no longer needs the instance. */
  readonly onFree: () => void;
  /** Maps places in the bundle. */
  readonly mapper: SourceMapper;
}

/** Callbacks cannot be sent to a browser. */
const unreachableCallbackUrl = "https://preview.invalid/callbacks/";

/** Starts an execution on a journal in memory. */
export function startRun(options: RunOptions): PreviewRun {
  return new Run(options);
}

/**
 * One run: it drives the guest to its end and publishes each new state. A run that is disposed of stops publishing, and
 * `ended` then never resolves.
 */
class Run implements PreviewRun {
  readonly ended: Promise<PreviewState>;
  readonly #options: RunOptions;
  readonly #context: GuestContext;
  readonly #environment: RunEnvironment;
  readonly #guest: Guest;
  /** The frames of the call that is admitted next. */
  readonly #nextStack: () => string;
  readonly #mailbox: Mailbox;
  readonly #observable = createObservable(() => this.#stateNow());
  readonly #steps: StepList;
  readonly #logs: PreviewLogLine[] = [];
  #end: RunEnd | undefined;
  #isDisposed = false;

  constructor(options: RunOptions) {
    this.#options = options;
    this.#context = contextOf(options.request);
    this.#steps = createStepList(options.mapper);
    this.#environment = createRunEnvironment({ ...options, newExecutionId }, this.#context, (entry) => {
      if (entry !== undefined) this.#steps.changed(entry);
      this.#observable.changed();
    });
    const { journal, clock } = this.#environment;
    const guest = createLocalGuest(options.instance, options.onFree);
    const traced = options.request.hasCallSites === true ? withCallSites(guest) : undefined;
    this.#guest = traced ?? guest;
    this.#nextStack = () => traced?.nextStack() ?? "";
    const deliver = (signal: string, value: JsonValue) => {
      if (this.#end === undefined) journal.deliver(signal, { now: clock.now(), value });
    };
    const { recorded } = options.request;
    const signals = recorded === undefined ? [] : recordedSignals(recorded).keys();
    this.#mailbox = createMailbox(this.#context, deliver, signals);
    const { promise, resolve } = Promise.withResolvers<PreviewState>();
    this.ended = promise;
    void this.#runToEnd(resolve);
  }

  get state(): PreviewState {
    return this.#observable.current;
  }

  subscribe(listener: (state: PreviewState) => void): () => void {
    return this.#observable.subscribe(listener);
  }

  setClock(mode: ClockMode): void {
    this.#environment.clock.setMode(mode);
  }

  advance(milliseconds: number): void {
    this.#environment.clock.advance(milliseconds);
  }

  advanceToNext(): void {
    this.#environment.clock.advanceToNext();
  }

  sendEvent(name: string, payload: JsonValue): void {
    this.#mailbox.sendEvent(name, payload);
  }

  completeCallback(callback: number | string, payload: JsonValue): void {
    this.#mailbox.completeCallback(callback, payload);
  }

  answer(step: number, answer: Answer): void {
    this.#environment.pendingRequests.answer(step, answer);
  }

  cancel(): void {
    this.#environment.journal.cancel();
  }

  recording(): Recording {
    const { request, limits, mapper } = this.#options;
    const { journal } = this.#environment;
    const { payload } = request;
    return recordingOfRun({ context: this.#context, payload, limits, journal, state: this.state, mapper });
  }

  [Symbol.dispose](): void {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    this.#observable.stop();
    this.#guest[Symbol.dispose]();
    this.#environment.clock[Symbol.dispose]();
    this.#environment.journal.cancel();
  }

  async #runToEnd(onEnded: (state: PreviewState) => void): Promise<void> {
    this.#end = await this.#drive().catch((error: unknown): RunEnd => ({
      status: "failed",
      failure: interrupted(error),
    }));
    this.#environment.clock[Symbol.dispose]();
    this.#guest[Symbol.dispose]();
    if (this.#isDisposed) return;
    this.#observable.changed();
    onEnded(this.#observable.current);
    this.#observable.notify();
  }

  async #drive(): Promise<RunEnd> {
    const { request, limits, mapper } = this.#options;
    const { journal, client, clock } = this.#environment;
    const log = limitLog(({ number, level, line, at }) => {
      const values = JSON.parse(mapper.json(JSON.stringify(line))) as JsonValue[];
      this.#logs.push({ number, level, time: timeText(at), arguments: values });
      this.#observable.changed();
    }, limits);
    const operations = createPreviewOperations(request, {
      client,
      clock,
      nextStack: this.#nextStack,
      onCall: (call) => journal.announce(call),
    });
    const payload = new TextEncoder().encode(JSON.stringify(request.payload));
    const context = this.#context;
    const result = await drive({ guest: this.#guest, journal, operations, context, payload, limits, log });
    return endOf(result, context, mapper);
  }

  #stateNow(): PreviewState {
    const end = this.#end;
    const { journal, clock, pendingRequests, client } = this.#environment;
    const open = end === undefined ? journal.entries.filter(isOpen) : [];
    const nextDue = end === undefined ? clock.nextDue : undefined;
    return {
      ...(end ?? { status: clock.isIdle ? "waiting" : "running" }),
      steps: end === undefined ? this.#steps.list() : this.#steps.list().map(abandonedIfPending),
      logs: [...this.#logs],
      waitingFor: end === undefined ? describeAwaited(journal.entries, isOpen) : [],
      events: this.#mailbox.eventsOf(open),
      callbacks: this.#mailbox.callbacksOf(journal.entries),
      pendingRequests: pendingRequests.open,
      fuelUsed: this.#guest.fuelUsed,
      now: timeText(clock.now()),
      ...(nextDue === undefined ? {} : { nextWakeAt: timeText(nextDue) }),
      recorded: client.recorded,
      seed: toHex(this.#context.seed),
    };
  }
}

type RunEnd = Pick<PreviewState, "status" | "result" | "failure">;

function contextOf(request: PreviewRequest): GuestContext {
  if (request.recorded !== undefined) {
    const { entryPoint } = request;
    const recorded = recordedContextOf(request.recorded.recording);
    return { ...recorded, ...(entryPoint === undefined ? {} : { entryPoint }) };
  }
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
    executionId: request.seed === undefined ? newExecutionId() : executionIdOf(request.seed.slice(0, 26)),
    ...(entryPoint === undefined ? {} : { entryPoint }),
    seed: fromHex(seed),
    now: startAt,
    callbackUrl,
  };
}

function newExecutionId(): string {
  return executionIdOf(randomHex(13));
}

function randomHex(bytes: number): string {
  return toHex(crypto.getRandomValues(new Uint8Array(bytes)));
}

/** An ID in the format of Restate. */
function executionIdOf(digits: string): string {
  return `inv_1preview${digits}`;
}

function isOpen({ result, isDropped }: JournalEntry): boolean {
  return result === undefined && !isDropped;
}

function endOf(result: DriveResult, { executionId }: GuestContext, mapper: SourceMapper): RunEnd {
  if (result.kind === "completed") return { status: "completed", result: result.value };
  if (result.kind === "failed")
    return { status: "failed", failure: { code: result.code, ...mapper.failure(result.failure) } };
  const message = `Execution "${executionId}" was cancelled`;
  return { status: "cancelled", failure: { name: "CancelledError", message, code: "cancelled" } };
}

/** In an execution, the attempt would end here and be retried. */
function interrupted(error: unknown): Failure {
  const code = error instanceof DuraniumError ? error.code : "internal";
  return { name: "PreviewError", message: `The preview was interrupted: ${messageOf(error)}`, code };
}
