/**
 * A preview: an execution of a draft outside of Restate, in a worker of a browser or in Node, on the same engine, guest
 * runtime, driver and operations as every other execution. What differs is where its journal is, which is in memory,
 * and its clock, which is virtual.
 */
import type { JsonValue } from "../../base/json.ts";
import type { Diagnostic, ErrorCode } from "../../domain/errors.ts";
import type { ExecutionLimits } from "../../domain/execution-limits.ts";
import type { FetchAttempt, RequestRecord } from "../../domain/execution.ts";
import type { Digest } from "../../domain/ids.ts";
import type { LogLevel } from "../../domain/log-line.ts";
import type { Failure } from "../../domain/outcome.ts";
import type { EgressSettings } from "../../domain/workflow-settings.ts";

/** An engine of the server's, as `GET /engine` names it. */
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
  /** As the workflow sees it: 1 where nothing is said. */
  readonly version?: number;
  readonly entryPoint?: string;
  readonly payload: JsonValue;
  /** 64 hexadecimal digits, drawn where there are none. The same seed, clock and answers make the same run. */
  readonly seed?: string;
  /** What the clock shows at the beginning, in milliseconds since the Unix epoch: now where nothing is said. */
  readonly startAt?: number;
  /** Those that differ from the usual ones. */
  readonly limits?: Partial<ExecutionLimits>;
  /** What the URLs of callbacks begin with: an address where nobody listens, where nothing is said. */
  readonly callbackUrl?: string;
  readonly clock?: ClockMode;
  readonly network?: NetworkMode;
  /** Tried in their order before anything is sent. */
  readonly answers?: readonly MockedFetch[];
  /** By their names. */
  readonly secrets?: Readonly<Record<string, PreviewSecret>>;
  /** Where fetches may go: the settings of the workflow, where it has some. */
  readonly egress?: EgressSettings;
}

/**
 * How time passes.
 *
 * - `skip`: whenever time is all that is waited for, it is skipped. It passes as usual while a fetch is under way, and
 *   stands while somebody may post an event, post to a callback or answer a question.
 * - `real`: as the clock on the wall.
 * - `manual`: by `advance` and `advanceToNext` alone.
 */
export type ClockMode = "skip" | "real" | "manual";

/**
 * What becomes of a fetch for which there is no answer.
 *
 * - `direct`: it is sent. What fails, as browsers refuse much of it, fails in the workflow.
 * - `ask`: it is sent, and what the network refuses becomes a question.
 * - `off`: nothing is sent, and every one becomes a question.
 *
 * A call of another workflow is a question in all of them.
 */
export type NetworkMode = "direct" | "ask" | "off";

/** A response that is given without asking the network: written by hand, or recorded in an earlier run. */
export interface MockedFetch {
  /** Any where nothing is said. */
  readonly method?: string;
  /** A URL, in which each `*` stands for anything: `https://api.example.com/orders/*`. */
  readonly url: string;
  /** How often it is given: always where nothing is said. */
  readonly times?: number;
  readonly response: MockResponse;
}

export interface MockResponse {
  /** 200 where nothing is said. */
  readonly status?: number;
  readonly headers?: readonly (readonly [name: string, value: string])[];
  /** Text. Of a recorded response that is no text there is `base64` instead. */
  readonly body?: string;
  readonly base64?: string;
}

export interface PreviewSecret {
  readonly value: string;
  /** Patterns of hosts that it may be sent to, and no others. */
  readonly hosts: readonly string[];
}

/** What somebody is asked for, because nothing else can answer. */
export type PendingRequest =
  | {
      readonly kind: "fetch";
      /** The `index` of the step that waits. */
      readonly step: number;
      readonly method: string;
      /** With placeholders where secrets would be. */
      readonly url: string;
      readonly headers: readonly (readonly [name: string, value: string])[];
      /** Its body, where that is text. */
      readonly body?: string;
      /** Why it was not sent, or what became of it: a sentence. */
      readonly why: string;
    }
  | {
      readonly kind: "call";
      readonly step: number;
      readonly workflowId: string;
      readonly entryPoint?: string;
      readonly payload: JsonValue;
    };

/** An answer to a question: a response to a fetch, a result to a call, or an error to either. */
export type Answer =
  | { readonly response: MockResponse }
  | { readonly result: JsonValue }
  | { readonly error: Failure };

/** One operation, in the form that the API gives to the steps of executions. Times are those of the virtual clock. */
export interface PreviewStep {
  readonly index: number;
  readonly operation: string;
  readonly name: string;
  /** RFC 3339, as all times here. */
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
  /** Whether somebody posted to it: that can be done once. */
  readonly isUsed: boolean;
}

/** `waiting`: nothing happens until somebody does something: lets time pass, sends an event, answers. */
export type PreviewStatus = "running" | "waiting" | "completed" | "failed" | "cancelled";

/** Where a run is. A new object after each change; what did not change in it stays the same object. */
export interface PreviewState {
  readonly status: PreviewStatus;
  readonly steps: readonly PreviewStep[];
  readonly logs: readonly PreviewLogLine[];
  /** Of one that is `completed`. */
  readonly result?: JsonValue;
  /** Of one that is `failed` or `cancelled`. Its stack is in the author's files. */
  readonly failure?: Failure;
  /** For people: `event "approved" until 2026-01-31T09:30:00.000Z`. */
  readonly waitingFor: readonly string[];
  /** The events that are waited for, by their names. */
  readonly events: readonly string[];
  readonly callbacks: readonly PreviewCallback[];
  readonly questions: readonly PendingRequest[];
  readonly fuelUsed: number;
  /** What the virtual clock shows. */
  readonly now: string;
  /** When the next sleep or timer is over. */
  readonly nextWakeAt?: string;
  /** What the network answered, to be used as `answers` of another run. */
  readonly recorded: readonly MockedFetch[];
  /** The seed, which makes the same run again. */
  readonly seed: string;
}

/** One run. Whatever is asked of it after it has ended, or was disposed of, does nothing. */
export interface PreviewRun extends Disposable {
  readonly state: PreviewState;
  /** Calls back after each change, some of them together. Answers with how to stop that. */
  subscribe(listener: (state: PreviewState) => void): () => void;
  /** Resolves when it has ended; never, where it is disposed of before. */
  readonly ended: Promise<PreviewState>;
  setClock(mode: ClockMode): void;
  /** Lets time pass. What is due meanwhile happens in its order. */
  advance(milliseconds: number): void;
  /** To where the next sleep or timer is over. */
  advanceToNext(): void;
  /** @throws {DuraniumError} `invalid-event-name`, `too-many-events` */
  sendEvent(name: string, payload: JsonValue): void;
  /**
   * @param callback its number, or its URL
   * @throws {DuraniumError} `callback-not-found`, `callback-already-used`
   */
  completeCallback(callback: number | string, payload: JsonValue): void;
  /** Answers a question, by the index of its step. */
  answer(step: number, answer: Answer): void;
  cancel(): void;
}

/** Previews of one engine. */
export interface Preview {
  /**
   * Evaluates a bundle, as a deploy does, and begins to run it.
   *
   * @throws {DuraniumError} with diagnostics, as a deploy: `missing-run`, `evaluation-failed`, `evaluation-out-of-fuel`,
   *   `evaluation-out-of-memory`
   */
  run(bundle: PreviewBundle, source: PreviewSource, request: PreviewRequest): Promise<PreviewRun>;
  /** What `ctx.state` keeps of each workflow, from one run to the next. */
  readonly states: PreviewStates;
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
}

/** Why a draft cannot be run, in the form of a problem document of `POST /workflows/:id/deploy`. */
export interface Refusal {
  readonly code: ErrorCode;
  readonly title: string;
  readonly detail: string;
  readonly diagnostics: readonly Diagnostic[];
}

/** Where a preview in a worker is, from the first byte of the engine to the end of the run. */
export type PreviewProgress =
  | {
      readonly phase: "preparing";
      readonly doing: "loading the engine" | "loading the compiler" | "compiling" | "evaluating";
      readonly loadedBytes?: number;
      readonly totalBytes?: number;
    }
  | { readonly phase: "refused"; readonly refusal: Refusal }
  | { readonly phase: "started"; readonly state: PreviewState }
  /** The worker is no more: a sentence says why. */
  | { readonly phase: "lost"; readonly why: string };

/** Previews in a worker of its own, as the page has them: `web/src/preview/client.ts`. */
export interface PreviewClient extends Disposable {
  /** Ends the run before, compiles the files and runs them. Loads the engine and the compiler where that was not done. */
  run(source: PreviewSource, request: PreviewRequest): PreviewSession;
  /** The values of `ctx.state` that the runs so far have left, by workflow; `clearState` forgets them. */
  state(workflowId: string): Promise<Readonly<Record<string, JsonValue>>>;
  clearState(workflowId: string): Promise<void>;
}

/** One run in the worker. */
export interface PreviewSession extends Disposable {
  readonly progress: PreviewProgress;
  /** Calls back after each change. Answers with how to stop that: made for `useSyncExternalStore`. */
  subscribe(listener: () => void): () => void;
  setClock(mode: ClockMode): void;
  advance(milliseconds: number): void;
  advanceToNext(): void;
  /** Rejects with a sentence where the run does not take it. */
  sendEvent(name: string, payload: JsonValue): Promise<void>;
  completeCallback(callback: number | string, payload: JsonValue): Promise<void>;
  answer(step: number, answer: Answer): void;
  /** Cancels the execution, whose clean-up still runs. One that does not see it, as it computes, ends with its worker. */
  cancel(): void;
}
