import { messageOf } from "../../src/domain/errors.ts";
import { defaultExecutionLimits } from "../../src/domain/execution-limits.ts";
import type { GuestCall, GuestContext, Settlement, Turn } from "../../src/host/guest.ts";
import { parseEgressAllow } from "../../src/host/network/egress.ts";
import { FetchError } from "../../src/host/network/fetch-error.ts";
import type { HttpClient, HttpRequest } from "../../src/host/network/http-client.ts";
import { createHttpClient } from "../../src/host/network/undici-client.ts";
import { createInstance } from "../../src/sandbox/instances/instance.ts";
import type { Instance, LoadedEngine } from "../../src/sandbox/instances/instance.ts";
import { asBundled, createImages } from "./program-images.ts";
import { createOutcomeRecorder } from "./program.ts";
import type { Emission, Engine, Outcome, Program } from "./program.ts";

export interface SandboxEngine extends Engine, AsyncDisposable {}

/** Virtual time that a program may take. Its timers fire immediately if it waits for nothing else. */
const programTimeoutMs = 60_000;
/** Real time that a program may wait for the responses to its fetches. */
const fetchTimeoutMs = 15_000;
/** Bounds a program that sets timers without end. */
const maxTurns = 50_000;
/** Conformance runs check results, not costs, and some files compute more than the limits of an execution allow. */
const limits = { ...defaultExecutionLimits, turnFuel: 400e9, executionFuel: 800e9, callsInFlight: 10_000 };

/**
 * Runs programs in the sandbox: an instance of the real engine with an image of the workflow below, timers in
 * virtual time, and fetches through the host's HTTP client.
 */
export async function createSandboxEngine(engine: LoadedEngine): Promise<SandboxEngine> {
  const images = createImages(engine);
  const http = createHttpClient({ policy: parseEgressAllow("127.0.0.1:*") });
  let idle: Instance | undefined;
  return {
    name: "sandbox",
    async run(program) {
      const image = await images.for(program);
      const scripts = await Promise.all(program.scripts.map(asBundled));
      const instance = idle ?? createInstance(engine);
      idle = undefined;
      instance.reset(image, limits);
      try {
        return await runIn(instance, { ...program, scripts }, http);
      } finally {
        if (instance.isReusable) idle = instance;
      }
    },
    async [Symbol.asyncDispose]() {
      await http[Symbol.asyncDispose]();
    },
  };
}

const startedAt = Date.UTC(2026, 0, 1);

const context: GuestContext = {
  workflowId: "conformance",
  version: 1,
  executionId: "inv_conformance",
  seed: new Uint8Array(32).fill(7),
  now: startedAt,
  callbackUrl: "https://duranium.example/callbacks/",
};

async function runIn(instance: Instance, program: Program, http: HttpClient): Promise<Outcome> {
  const recorder = createOutcomeRecorder();
  using calls = createPendingCalls(http);
  const take = (turn: Turn): void => {
    for (const { line } of turn.logs) recorder.record(emissionOf(line));
    for (const id of turn.abandoned) calls.abandon(id);
    for (const call of turn.calls) calls.start(call);
  };
  try {
    take(instance.enter((core) => core.run(context, encodeJson(program))));
    for (let turns = 0; !recorder.hasEnded && turns < maxTurns; turns += 1) {
      const settlement = await calls.next();
      if (settlement === undefined) return recorder.outcome({ kind: "idle" });
      take(instance.enter((core) => core.settle(settlement)));
    }
    return recorder.outcome({ kind: "timeout" });
  } catch (error) {
    return recorder.outcome({ kind: "crashed", message: messageOf(error) });
  }
}

/** A line that the program itself has written to its console is reported as a result that is not valid. */
function emissionOf(line: Uint8Array): Emission {
  const [text] = JSON.parse(new TextDecoder().decode(line)) as [unknown];
  try {
    const emission = JSON.parse(String(text)) as Emission;
    if (typeof emission === "object" && ("end" in emission || "status" in emission)) return emission;
  } catch {
    // The line is reported below.
  }
  return { name: "a console line that is not a result", status: -1, message: "" };
}

interface PendingCalls extends Disposable {
  start(call: GuestCall): void;
  abandon(id: number): void;
  /** The next answer, or `undefined` if no call is pending or the time has expired. */
  next(): Promise<Settlement | undefined>;
}

/** Timers use virtual time. While a fetch is in flight they use real time, so that both can be compared. */
function createPendingCalls(http: HttpClient): PendingCalls {
  const timers = new Map<number, number>();
  const fetches = new Map<number, { readonly abort: AbortController; readonly done: Promise<Settlement> }>();
  let now = startedAt;
  const endsAt = performance.now() + fetchTimeoutMs;
  const settle = (id: number, outcome: unknown, body = new Uint8Array()): Settlement => ({
    id,
    now,
    outcome: encodeJson(outcome),
    body,
  });
  const startFetch = ({ id, arguments: args, body }: GuestCall): void => {
    const abort = new AbortController();
    const began = { now, at: performance.now() };
    const done = fetchOutcome(http, { ...(decodeJson(args) as HttpRequest), body }, abort.signal).then(
      ({ outcome, body: received }) => {
        now = Math.max(now, began.now + Math.round(performance.now() - began.at));
        return settle(id, outcome, received);
      },
    );
    fetches.set(id, { abort, done });
  };
  const dueTimer = () => [...timers].toSorted(([, one], [, other]) => one - other)[0];
  return {
    start(call) {
      if (call.operation === "fetch") return startFetch(call);
      const { durationMs = 0 } = decodeJson(call.arguments) as { durationMs?: number };
      return void timers.set(call.id, now + durationMs);
    },
    abandon(id) {
      timers.delete(id);
      fetches.get(id)?.abort.abort();
      fetches.delete(id);
    },
    async next() {
      const due = dueTimer();
      if (due !== undefined && due[1] - startedAt > programTimeoutMs && fetches.size === 0) return undefined;
      const waited = [...fetches.values()].map(({ done }) => done);
      if (waited.length > 0) {
        const timer = due === undefined ? [] : [delay(due[1] - now)];
        const left = endsAt - performance.now();
        if (left <= 0) return undefined;
        const settled = await Promise.race([...waited, ...timer, delay(left)]);
        if (settled !== undefined) {
          fetches.delete(settled.id);
          return settled;
        }
      }
      if (due === undefined) return undefined;
      timers.delete(due[0]);
      now = Math.max(now, due[1]);
      return settle(due[0], { ok: true, value: null });
    },
    [Symbol.dispose]() {
      for (const { abort } of fetches.values()) abort.abort();
    },
  };
}

async function delay(ms: number): Promise<undefined> {
  await new Promise((resolve) => setTimeout(resolve, ms).unref());
}

async function fetchOutcome(
  http: HttpClient,
  request: HttpRequest,
  signal: AbortSignal,
): Promise<{ outcome: unknown; body: Uint8Array<ArrayBuffer> }> {
  try {
    const { body, ...value } = await http.fetch(request, signal);
    return { outcome: { ok: true, value }, body: new Uint8Array(body) };
  } catch (error) {
    const { message } = FetchError.of(error);
    return { outcome: { ok: false, error: { name: "TypeError", message } }, body: new Uint8Array() };
  }
}

function encodeJson(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}

function decodeJson(json: Uint8Array): unknown {
  return JSON.parse(new TextDecoder().decode(json));
}
