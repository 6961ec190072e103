import { defaultExecutionLimits } from "../../src/domain/execution-limits.ts";
import type { GuestContext, Turn } from "../../src/host/guest.ts";
import { compute } from "../../src/sandbox/crypto/compute.ts";
import { instantiateCore } from "../../src/sandbox/instances/glue.ts";
import type { Core } from "../../src/sandbox/instances/glue.ts";
import { testEngineStore } from "../support/engine.ts";

/** How a workflow went in the real engine, with a host that is played by the test. */
export interface Played {
  /** What `evaluate` threw. */
  readonly evaluationFailure?: GuestFailure;
  readonly result?: unknown;
  readonly failure?: GuestFailure;
  /** Every host call, in order: `fetch GET https://a.test/x`, `timer 50`, `sleep 1000`. */
  readonly calls: readonly string[];
  readonly requests: readonly PlayedRequest[];
  readonly abandoned: readonly number[];
  /** Console lines: the level, then the arguments. */
  readonly lines: readonly (readonly unknown[])[];
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
}

export const startedAt = Date.UTC(2026, 0, 1);

/** Runs workflows, each in an instance of its own. A source says `export function run` at its top level. */
export async function createGuestRunner(): Promise<(source: string, options?: PlayOptions) => Played> {
  const engine = await testEngineStore().current();
  const module = new WebAssembly.Module(engine.core);
  return (source, options = {}) => {
    const { callsInFlight = defaultExecutionLimits.callsInFlight } = options;
    const limits = { ...defaultExecutionLimits, callsInFlight };
    return play(
      instantiateCore(module, () => limits, compute),
      source,
      options,
    );
  };
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
    turns: number;
    evaluationFailure?: GuestFailure;
    result?: unknown;
    failure?: GuestFailure;
  };
  waiting: Waiting[];
  now: number;
}

function play(core: Core, source: string, options: PlayOptions): Played {
  const stage: Stage = {
    options,
    played: { calls: [], requests: [], abandoned: [], lines: [], turns: 0 },
    waiting: [],
    now: startedAt,
  };
  const failure = core.evaluate(encode(asBundle(source)));
  if (failure !== undefined) return { ...stage.played, evaluationFailure: decode(failure) as GuestFailure };
  record(stage, core.run(contextOf(options), encodeJson(options.payload ?? null)));
  while (stage.waiting.length > 0 && !hasEnded(stage)) record(stage, settleNext(core, stage));
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
  for (const call of turn.calls) stage.waiting.push(answer(stage, call));
  played.abandoned.push(...turn.abandoned);
  stage.waiting = stage.waiting.filter(({ id }) => !turn.abandoned.includes(id));
  if (turn.completion === undefined || hasEnded(stage)) return;
  const { ok, json } = turn.completion;
  if (ok) played.result = decode(json);
  else played.failure = decode(json) as GuestFailure;
}

function answer(stage: Stage, call: Turn["calls"][number]): Waiting {
  const args = decode(call.arguments) as Record<string, unknown>;
  if (call.operation === "fetch") return answerFetch(stage, call, args);
  if (call.operation === "state") return answerState(stage, call, args);
  const durationMs = args["durationMs"] as number;
  stage.played.calls.push(`${call.operation} ${durationMs}`);
  return { id: call.id, at: stage.now + durationMs, outcome: { ok: true, value: null }, body: noBytes };
}

function answerState(
  { played, options, now }: Stage,
  { id }: Turn["calls"][number],
  args: Record<string, unknown>,
): Waiting {
  played.calls.push(`state ${String(args["action"])}`);
  return { id, at: now + 10, outcome: { ok: true, value: options.state?.(args) ?? null }, body: noBytes };
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

/** What is due first; of what is due at once, what was asked for first. */
function settleNext(core: Core, stage: Stage): Turn {
  const next = stage.waiting.toSorted((a, b) => a.at - b.at)[0] as Waiting;
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
