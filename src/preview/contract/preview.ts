/**
 * A preview: an execution of a draft without Restate, in a browser worker or in Node. It uses the same engine, guest runtime, driver and operations as every execution. Only its journal, which is in memory, and its clock, which is virtual, differ.
 */
import type { Digest } from "../../base/digest.ts";
import type { JsonValue } from "../../base/json.ts";
import type { Diagnostic, ErrorCode } from "../../domain/errors.ts";
import type { ExecutionLimits } from "../../domain/execution-limits.ts";
import type { FetchAttempt, RequestRecord } from "../../domain/execution.ts";
import type { LogLevel } from "../../domain/log-line.ts";
import type { Failure } from "../../domain/outcome.ts";
import type { EgressSettings } from "../../domain/workflow-settings.ts";
import type { CallSite, Recording } from "../../recordings/recording.ts";
import type { ReplayItem } from "../../replay/replay-item.ts";
import type { MockedFetch, MockResponse } from "./mock-response.ts";
import type { RecordedRun } from "./recorded-run.ts";

/** The engine of the server, as returned by `GET /engine`. */
export interface PreviewEngine {
  readonly module: WebAssembly.Module;
  readonly digest: Digest;
  readonly protocolVersion: number;
}

/** A workflow's bundle and the way back to its files, as the bundler of deploys makes them. */
export interface PreviewBundle {
  /** UTF-8. */
  readonly code: Uint8Array;
  /** JSON. */
  readonly sourceMap: string;
}

/** What to run. */
export interface PreviewRequest {
  readonly workflowId: string;
  /** The version that the workflow sees. Defaults to 1. */
  readonly version?: number;
  readonly entryPoint?: string;
  readonly payload: JsonValue;
  /** 64 hexadecimal digits; random by default. Runs with the same seed, clock and responses are identical. */
  readonly seed?: string;
  /** The initial time of the clock, in milliseconds since the Unix epoch. Defaults to now. */
  readonly startAt?: number;
  /** Limits that differ from the defaults. */
  readonly limits?: Partial<ExecutionLimits>;
  /** Prefix of callback URLs. Defaults to a URL that does not exist. */
  readonly callbackUrl?: string;
  readonly clock?: ClockMode;
  readonly network?: NetworkMode;
  /** Matched in this order before a request is sent. */
  readonly answers?: readonly MockedFetch[];
  /** Secrets by name. */
  readonly secrets?: Readonly<Record<string, PreviewSecret>>;
  /** The egress settings of the workflow, if any. */
  readonly egress?: EgressSettings;
  /**
   * Begins like a recorded execution, with its ID, seed, start time, entry point and limits, and uses its answers. The payload is
   * that of the request.
   */
  readonly recorded?: RecordedRun;
  /** True to find out where the workflow makes each call. It uses fuel of the workflow. */
  readonly hasCallSites?: boolean;
}

/**
 * How time passes:
 *
 * - `skip`: time is skipped while the run waits for time only. It passes normally while a fetch is in flight, and stands still while the run waits for an event, a callback or an answer.
 * - `real`: wall-clock time.
 * - `manual`: only `advance` and `advanceToNext` let time pass.
 */
export type ClockMode = "skip" | "real" | "manual";

/**
 * What happens to a fetch without a mock response:
 *
 * - `direct`: it is sent. If it fails, for example because of CORS, it fails in the workflow.
 * - `ask`: it is sent, and becomes a pending request if it fails.
 * - `off`: nothing is sent, and every fetch becomes a pending request.
 *
 * A call of another workflow is a pending request in all modes.
 */
export type NetworkMode = "direct" | "ask" | "off";

export interface PreviewSecret {
  readonly value: string;
  /** Patterns of the only hosts that it may be sent to. */
  readonly hosts: readonly string[];
}

/** A request that the user has to answer, because nothing else can. */
export type PendingRequest =
  | {
      readonly kind: "fetch";
      /** The `index` of the step that waits. */
      readonly step: number;
      readonly method: string;
      /** With placeholders instead of secrets. */
      readonly url: string;
      readonly headers: readonly (readonly [name: string, value: string])[];
      /** The body, if it is text. */
      readonly body?: string;
      /** Why it was not sent or how it failed, as a sentence. */
      readonly why: string;
    }
  | {
      readonly kind: "call";
      readonly step: number;
      readonly workflowId: string;
      readonly entryPoint?: string;
      readonly payload: JsonValue;
    };

/** An answer to a pending request: a response to a fetch, a result of a call, or an error. */
export type Answer =
  | { readonly response: MockResponse }
  | { readonly result: JsonValue }
  | { readonly error: Failure };

/** A step, with the fields of a step in the API. Times are those of the virtual clock. */
export interface PreviewStep {
  readonly index: number;
  readonly operation: string;
  readonly name: string;
  /** RFC 3339, as are all times here. */
  readonly startedAt?: string;
  readonly endedAt?: string;
  readonly outcome: "pending" | "succeeded" | "failed" | "abandoned";
  readonly attempts?: number;
  readonly attemptHistory?: readonly FetchAttempt[];
  readonly request?: RequestRecord;
  readonly wakesAt?: string;
  readonly resultBytes?: number;
  readonly result?: JsonValue;
  readonly error?: Failure;
  /** The recorded call that answered it, if one did. */
  readonly recorded?: RecordedAnswerView;
  /** True if the user or a mock response answered it. */
  readonly isWritten?: true;
  /** How often its effect was started: more than once if a crash interrupted it. */
  readonly starts?: number;
  /** Where the workflow made the call, in a run with `hasCallSites`. */
  readonly place?: CallSite;
}

/** Which recorded call answered a step, and how it matches. */
export interface RecordedAnswerView {
  readonly call: number;
  readonly match: "same" | "repeated" | "similar";
  /** True if the answer differs from the recorded one. */
  readonly isChanged?: true;
}

/** One line of the console, in the API's form. */
export interface PreviewLogLine {
  readonly number: number;
  readonly level: LogLevel;
  readonly time: string;
  readonly arguments: JsonValue[];
}

/** An address that the workflow made and waits at. */
export interface PreviewCallback {
  readonly callback: number;
  readonly url: string;
  /** Whether it was completed, which is possible only once. */
  readonly isUsed: boolean;
}

/** `waiting`: nothing happens without external input: time, an event, a callback or an answer. */
export type PreviewStatus = "running" | "waiting" | "completed" | "failed" | "cancelled";

/** The state of a run. Each change makes a new object, in which unchanged parts keep their identity. */
export interface PreviewState {
  readonly status: PreviewStatus;
  readonly steps: readonly PreviewStep[];
  readonly logs: readonly PreviewLogLine[];
  /** Only of a `completed` run. */
  readonly result?: JsonValue;
  /** Only of a `failed` or `cancelled` run. Its stack refers to the author's files. */
  readonly failure?: Failure;
  /** Human-readable: `event "approved" until 2026-01-31T09:30:00.000Z`. */
  readonly waitingFor: readonly string[];
  /** Names of the events that the run waits for. */
  readonly events: readonly string[];
  readonly callbacks: readonly PreviewCallback[];
  readonly pendingRequests: readonly PendingRequest[];
  readonly fuelUsed: number;
  /** The time of the virtual clock. */
  readonly now: string;
  /** When the next sleep or timer ends. */
  readonly nextWakeAt?: string;
  /** Responses of the network, usable as `answers` of another run. */
  readonly recorded: readonly MockedFetch[];
  /** The seed, with which the run can be repeated. */
  readonly seed: string;
}

/** One run. Whatever is asked of it after it has ended, or was disposed of, does nothing. */
export interface PreviewRun extends Disposable {
  readonly state: PreviewState;
  /** Calls the listener after changes, which may be batched. Returns a function that unsubscribes. */
  subscribe(listener: (state: PreviewState) => void): () => void;
  /** Resolves when the run has ended. Never resolves if it is disposed of before. */
  readonly ended: Promise<PreviewState>;
  setClock(mode: ClockMode): void;
  /** Advances the clock. Timers that become due fire in order. */
  advance(milliseconds: number): void;
  /** Advances the clock to the end of the next sleep or timer. */
  advanceToNext(): void;
  /** @throws {DuraniumError} `invalid-event-name`, `too-many-events` */
  sendEvent(name: string, payload: JsonValue): void;
  /**
   * @param callback its number or its URL
   * @throws {DuraniumError} `callback-not-found`, `callback-already-used`
   */
  completeCallback(callback: number | string, payload: JsonValue): void;
  /** Answers a pending request, by the index of its step. */
  answer(step: number, answer: Answer): void;
  cancel(): void;
  /** The run so far as a recording, with which it can be repeated. */
  recording(): Recording;
}

/** Previews of one engine. */
export interface Preview {
  /**
   * Evaluates a bundle as a deploy does, and starts a run.
   *
   * @throws {DuraniumError} with diagnostics, as a deploy: `missing-run`, `evaluation-failed`, `evaluation-out-of-fuel`,
   *   `evaluation-out-of-memory`
   */
  run(bundle: PreviewBundle, source: PreviewSource, request: PreviewRequest): Promise<PreviewRun>;
  /**
   * Evaluates a bundle once for several runs in sequence.
   *
   * @throws {DuraniumError} as `run`
   */
  open(bundle: PreviewBundle, source: PreviewSource, limits?: Partial<ExecutionLimits>): PreviewedWorkflow;
  /** The values of `ctx.state` by workflow, kept between runs. */
  readonly states: PreviewStates;
}

/** An evaluated workflow. A run must be disposed before the next one. */
export interface PreviewedWorkflow {
  run(request: PreviewRequest): Promise<PreviewRun>;
}

/** Values of `ctx.state`, by the id of a workflow. */
export interface PreviewStates {
  get(workflowId: string): Readonly<Record<string, JsonValue>>;
  set(workflowId: string, values: Readonly<Record<string, JsonValue>>): void;
}

/** What an author wrote. */
export interface PreviewSource {
  readonly entry: string;
  readonly files: Readonly<Record<string, string>>;
  /** Files that are not text, in base64. */
  readonly binaryFiles?: Readonly<Record<string, string>>;
}

/** Why a draft cannot be run, in the form of a problem document of `POST /workflows/:id/deploy`. */
export interface Refusal {
  readonly code: ErrorCode;
  readonly title: string;
  readonly detail: string;
  readonly diagnostics: readonly Diagnostic[];
}

/** The progress of a preview in a worker, from loading the engine to the end of the run. */
export type PreviewProgress =
  | {
      readonly phase: "preparing";
      readonly doing: "loading the engine" | "loading the compiler" | "compiling" | "evaluating";
      readonly loadedBytes?: number;
      readonly totalBytes?: number;
    }
  | { readonly phase: "refused"; readonly refusal: Refusal }
  | { readonly phase: "started"; readonly state: PreviewState }
  /** The worker has ended; `why` is a sentence. */
  | { readonly phase: "lost"; readonly why: string };

/** Previews in a dedicated worker, implemented by `web/src/preview/client.ts`. */
export interface PreviewClient extends Disposable {
  /** Ends the previous run, compiles the files and runs them. Loads the engine and the compiler on first use. */
  run(source: PreviewSource, request: PreviewRequest): PreviewSession;
  /** The values of `ctx.state` after the runs so far, by workflow; `clearState` deletes them. */
  state(workflowId: string): Promise<Readonly<Record<string, JsonValue>>>;
  clearState(workflowId: string): Promise<void>;
  /**
   * Compiles the files and replays recordings on them in order. Rejects with a sentence if the files do not compile.
   *
   * @param recordings the texts of their files
   */
  replay(source: PreviewSource, recordings: readonly string[]): Promise<readonly ReplayedRecording[]>;
}

/** What the source does on a recording, or why the recording cannot be read, as a sentence. */
export type ReplayedRecording = ReplayItem | { readonly why: string };

/** One run in the worker. */
export interface PreviewSession extends Disposable {
  readonly progress: PreviewProgress;
  /** Calls the listener after each change and returns a function that unsubscribes, as `useSyncExternalStore` expects. */
  subscribe(listener: () => void): () => void;
  setClock(mode: ClockMode): void;
  advance(milliseconds: number): void;
  advanceToNext(): void;
  /** Rejects with a sentence if the run does not accept it. */
  sendEvent(name: string, payload: JsonValue): Promise<void>;
  completeCallback(callback: number | string, payload: JsonValue): Promise<void>;
  answer(step: number, answer: Answer): void;
  /** The run so far as a recording. Rejects with a sentence if its worker has ended. */
  recording(): Promise<Recording>;
  /** Cancels the execution, whose clean-up still runs. If it computes without yielding, its worker is terminated. */
  cancel(): void;
}
