import { defaultExecutionLimits } from "../../src/domain/execution-limits.ts";
import type { GuestContext, Turn } from "../../src/host/guest.ts";
import { compute } from "../../src/sandbox/crypto/compute.ts";
import { instantiateCore } from "../../src/sandbox/instances/glue.ts";
import type { Core } from "../../src/sandbox/instances/glue.ts";
import { compiledTestEngine } from "../support/engine.ts";

/** How a workflow went in the real engine, with a host that is played by the test. */
export interface Played {
  /** What `evaluate` threw. */
  readonly evaluationFailure?: GuestFailure;
  /** `schedules` and `flow`. */
  readonly declarations?: unknown;
  readonly result?: unknown;
  readonly failure?: GuestFailure;
  /** Every host call, in order: `fetch GET https://a.test/x`, `timer 50`, `sleep 1000`, `tag nightly`. */
  readonly calls: readonly string[];
  readonly requests: readonly PlayedRequest[];
  readonly abandoned: readonly number[];
  /** Console lines: the level, then the arguments. */
  readonly lines: readonly (readonly unknown[])[];
  /** The frames of each call, if the context asks for call sites. */
  readonly callSites: readonly (readonly string[])[];
  /** How often the guest was entered. */
  readonly turns: number;
}

export interface GuestFailure {
  readonly name: string;
  readonly message: string;
  readonly stack: string;
  readonly code?: string | number;
  readonly cause?: GuestFailure;
  readonly errors?: readonly GuestFailure[];
}

export interface PlayedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly redirect: string;
  /** UTF-8. */
  readonly body: string;
}

export interface PlayedResponse {
  readonly status?: number;
  readonly url?: string;
  readonly redirected?: boolean;
  readonly headers?: readonly (readonly [string, string])[];
  readonly body?: string | Uint8Array;
  /** How long the response takes. */
  readonly afterMs?: number;
  /** The fetch fails with it. */
  readonly error?: { readonly name: string; readonly message: string; readonly code?: string };
}

export interface PlayOptions {
  readonly payload?: unknown;
  readonly context?: Partial<GuestContext>;
  /** Answers a request; nothing is a 200 without a body, after 10 ms. */
  readonly respond?: (request: PlayedRequest) => PlayedResponse;
  /** What operations of `ctx.state` come to, after 10 ms. */
  readonly state?: (args: Readonly<Record<string, unknown>>) => unknown;
  /** How many host calls the host takes in one turn. */
  readonly callsInFlight?: number;
  /** Answers other operations, after 10 ms; they are not answered without it, or where it returns nothing. */
  readonly answer?: (operation: string, args: Readonly<Record<string, unknown>>) => PlayedAnswer | undefined;
  /** When the execution is cancelled, after its start. */
  readonly cancelAfterMs?: number;
}

export interface PlayedAnswer {
  readonly value?: unknown;
  readonly body?: Uint8Array;
  readonly error?: { readonly name: string; readonly message: string; readonly code?: string };
}

export const startedAt = Date.UTC(2026, 0, 1);

/** Runs workflows, each in an instance of its own. A source says `export function run` at its top level. */
export async function createGuestRunner(): Promise<(source: string, options?: PlayOptions) => Played> {
  const module = await compiledTestEngine();
  return (source, options = {}) => playBundle(module, encode(asBundle(source)), options);
}

/** Runs a bundle, as `evaluate` takes it, in a new instance of an engine. */
export function playBundle(
  module: WebAssembly.Module,
  bundle: Uint8Array,
  options: PlayOptions = {},
): Played {
  const { callsInFlight = defaultExecutionLimits.callsInFlight } = options;
  const limits = { ...defaultExecutionLimits, callsInFlight };
  return play(
    instantiateCore(module, () => limits, compute),
    bundle,
    options,
  );
}

interface Waiting {
  readonly id: number;
  readonly at: number;
  readonly outcome: unknown;
  readonly body: Uint8Array;
}

/** All that happens in one execution. */
interface Stage {
  readonly options: PlayOptions;
  readonly played: {
    calls: string[];
    requests: PlayedRequest[];
    abandoned: number[];
    lines: unknown[][];
    callSites: string[][];
    turns: number;
    evaluationFailure?: GuestFailure;
    declarations?: unknown;
    result?: unknown;
    failure?: GuestFailure;
  };
  waiting: Waiting[];
  now: number;
  isCancelled: boolean;
}

function play(core: Core, bundle: Uint8Array, options: PlayOptions): Played {
  const stage: Stage = {
    options,
    played: { calls: [], requests: [], abandoned: [], lines: [], callSites: [], turns: 0 },
    waiting: [],
    now: startedAt,
    isCancelled: false,
  };
  const failure = core.evaluate(bundle);
  if (failure !== undefined) return { ...stage.played, evaluationFailure: decode(failure) as GuestFailure };
  const declared = core.declarations();
  if ("json" in declared && declared.json !== undefined) stage.played.declarations = decode(declared.json);
  record(stage, core.run(contextOf(options), encodeJson(options.payload ?? null)));
  while (!hasEnded(stage) && (stage.waiting.length > 0 || isToCancel(stage)))
    record(stage, enterNext(core, stage));
  return stage.played;
}

/** Lines are those of the source, whose own first line is empty in the tests that look at them. */
function asBundle(source: string): string {
  const names = [...source.matchAll(/^export (?:async function|function|const) (\w+)/gm)].map(
    ([, name]) => name,
  );
  const script = source.replaceAll(/^export (?=async function|function|const)/gm, "");
  return `(() => {${script}\nglobalThis.__duranium_define({ ${names.join(", ")} });})();`;
}

function contextOf({ context }: PlayOptions): GuestContext {
  return {
    workflowId: "order-sync",
    version: 3,
    executionId: "inv_1gdiJtL0bTjQ0W6O9ODv3AkSzo8dsFfN1Z",
    seed: new Uint8Array(32).fill(7),
    now: startedAt,
    callbackUrl: "https://duranium.example/callbacks/",
    ...context,
  };
}

function record(stage: Stage, turn: Turn): void {
  const { played } = stage;
  played.turns += 1;
  for (const { level, line } of turn.logs) played.lines.push([level, ...(decode(line) as unknown[])]);
  for (const call of turn.calls) {
    const waiting = answer(stage, call);
    if (waiting !== undefined) stage.waiting.push(waiting);
  }
  played.abandoned.push(...turn.abandoned);
  stage.waiting = stage.waiting.filter(({ id }) => !turn.abandoned.includes(id));
  if (turn.completion === undefined || hasEnded(stage)) return;
  const { ok, json } = turn.completion;
  if (ok) played.result = decode(json);
  else played.failure = decode(json) as GuestFailure;
}

function answer(stage: Stage, call: Turn["calls"][number]): Waiting | undefined {
  const args = decodeArguments(stage, call.arguments);
  if (call.operation === "fetch") return answerFetch(stage, call, args);
  if (call.operation === "state") return answerState(stage, call, args);
  if (call.operation === "tag") return answerTag(stage, call, args);
  if (call.operation !== "sleep" && call.operation !== "timer") return answerOther(stage, call, args);
  const durationMs = args["durationMs"] as number;
  stage.played.calls.push(`${call.operation} ${durationMs}`);
  return { id: call.id, at: stage.now + durationMs, outcome: { ok: true, value: null }, body: noBytes };
}

/** With call sites, the frames follow a line break. */
function decodeArguments({ played }: Stage, json: Uint8Array): Record<string, unknown> {
  const [args = "", ...frames] = new TextDecoder().decode(json).split("\n");
  if (frames.length > 0) played.callSites.push(frames);
  return JSON.parse(args) as Record<string, unknown>;
}

function answerOther(
  { played, options, now }: Stage,
  { id, operation }: Turn["calls"][number],
  args: Record<string, unknown>,
): Waiting | undefined {
  played.calls.push(`${operation} ${JSON.stringify(args)}`);
  const given = options.answer?.(operation, args);
  if (given === undefined) return undefined;
  const { body = noBytes, error, value = null } = given;
  const outcome = error === undefined ? { ok: true, value } : { ok: false, error };
  return { id, at: now + 10, outcome, body };
}

function answerState(
  { played, options, now }: Stage,
  { id }: Turn["calls"][number],
  args: Record<string, unknown>,
): Waiting {
  played.calls.push(`state ${String(args["action"])}`);
  return { id, at: now + 10, outcome: { ok: true, value: options.state?.(args) ?? null }, body: noBytes };
}

function answerTag(
  { played, now }: Stage,
  { id }: Turn["calls"][number],
  args: Record<string, unknown>,
): Waiting {
  played.calls.push(`tag ${(args["tags"] as readonly string[]).join(" ")}`);
  return { id, at: now + 10, outcome: { ok: true, value: null }, body: noBytes };
}

function answerFetch(
  { played, options, now }: Stage,
  call: Turn["calls"][number],
  args: Record<string, unknown>,
): Waiting {
  const request = { ...args, body: new TextDecoder().decode(call.body) } as unknown as PlayedRequest;
  played.calls.push(`fetch ${request.method} ${request.url}`);
  played.requests.push(request);
  const { error, body = "", afterMs = 10, ...head } = options.respond?.(request) ?? {};
  const at = now + afterMs;
  if (error !== undefined) return { id: call.id, at, outcome: { ok: false, error }, body: noBytes };
  const value = { status: 200, statusText: "", url: request.url, redirected: false, headers: [], ...head };
  return {
    id: call.id,
    at,
    outcome: { ok: true, value },
    body: typeof body === "string" ? encode(body) : body,
  };
}

function hasEnded({ played }: Stage): boolean {
  return "result" in played || "failure" in played;
}

function isToCancel({ options, isCancelled }: Stage): boolean {
  return options.cancelAfterMs !== undefined && !isCancelled;
}

/** What is due first; of what is due at once, what was asked for first. */
function enterNext(core: Core, stage: Stage): Turn {
  const [first] = stage.waiting.toSorted((a, b) => a.at - b.at);
  const cancelAt = isToCancel(stage) ? startedAt + (stage.options.cancelAfterMs ?? 0) : Infinity;
  if (first !== undefined && first.at < cancelAt) return settleNext(core, stage, first);
  stage.isCancelled = true;
  stage.waiting = [];
  stage.now = Math.max(stage.now, cancelAt);
  return core.cancel(stage.now);
}

function settleNext(core: Core, stage: Stage, next: Waiting): Turn {
  stage.waiting = stage.waiting.filter((one) => one !== next);
  stage.now = Math.max(stage.now, next.at);
  return core.settle({ id: next.id, now: stage.now, outcome: encodeJson(next.outcome), body: next.body });
}

const noBytes = new Uint8Array(0);

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function encodeJson(value: unknown): Uint8Array {
  return encode(JSON.stringify(value));
}

function decode(json: Uint8Array): unknown {
  return JSON.parse(new TextDecoder().decode(json));
}
