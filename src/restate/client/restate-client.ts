import { setTimeout as delay } from "node:timers/promises";
import { fetch } from "undici";
import type { RequestInit, Response } from "undici";
import type { JsonText, JsonValue } from "../../base/json.ts";
import { DuraniumError } from "../../domain/errors.ts";
import { parseExecutionId } from "../../domain/ids.ts";
import type { ExecutionId } from "../../domain/ids.ts";
import { fromRestateFailure } from "../../journal/restate-failure.ts";
import type { RestateFailure } from "../../journal/restate-failure.ts";
import { connectTo, describeAddress } from "./restate-address.ts";
import type { RestateAddress } from "./restate-address.ts";

/**
 * Restate's ingress and admin API, as much of them as we use. Everything rejects with
 * `restate-unavailable` when the server does not answer.
 */
export interface RestateClient {
  /** Calls a handler and waits for its result. Rejects with the error that the handler ended with. */
  call(target: Target, input: unknown): Promise<unknown>;
  /** Hands an invocation to Restate; `replayed` says that its idempotency key was known. */
  send(
    target: Target,
    input: JsonText,
    options?: {
      readonly idempotencyKey?: string | undefined;
      /** Kept with the input. */
      readonly headers?: Readonly<Record<string, string>> | undefined;
    },
  ): Promise<{ readonly executionId: ExecutionId; readonly replayed: boolean }>;
  /**
   * Waits until the invocation ended, however it ended. Rejects with `execution-not-found` where Restate knows it no
   * more, and when `signal` aborts.
   */
  attach(id: ExecutionId, signal: AbortSignal): Promise<InvocationEnd>;
  cancel(id: ExecutionId): Promise<void>;
  /** Takes what runs off its executor, as soon as it can be, until it is resumed. */
  pause(id: ExecutionId): Promise<void>;
  /** What is paused, suspended or backing off goes on at once; nothing where it is none of these. */
  resume(id: ExecutionId): Promise<void>;
  /** Forgets an ended invocation and its journal. */
  purge(id: ExecutionId): Promise<void>;
  /** Removes the state of a Virtual Object, after what was asked of the object before. */
  clearState(object: string, key: string): Promise<void>;
  /** Ends the invocation at once; nothing where it has ended. */
  kill(id: ExecutionId): Promise<void>;
  /** A new invocation with the journal of an ended one, up to and including the entry `from`. */
  restart(id: ExecutionId, from: number): Promise<ExecutionId>;
  /** Rows of Restate's SQL introspection. Callers build `sql` of checked parts only. */
  query(sql: string): Promise<readonly Row[]>;
  /** Tells Restate where the executor is. The same address again replaces what was known of it. */
  register(executorUrl: string): Promise<void>;
  /** What does not answer, in words. */
  problems(): Promise<readonly string[]>;
}

/** What an invocation ended with. */
export type InvocationEnd = { readonly value: JsonValue } | { readonly failure: RestateFailure };

export interface Target {
  readonly object: string;
  readonly key: string;
  readonly handler: string;
}

/** A row by column. Columns that are null may be left out. */
export type Row = Readonly<Record<string, string | number | null | undefined>>;

/**
 * A server that has just started says that it is healthy before it has found its own partitions again: until then it
 * looks for rows at the node that it was before, and fails, and so it does with requests.
 */
const retryTimeoutMs = 5_000;
const retryMs = 100;

/** @param traced headers that hand the trace of what runs now on to what is called */
export function createRestateClient(
  addresses: {
    readonly ingress: RestateAddress;
    readonly admin: RestateAddress;
  },
  traced: () => Readonly<Record<string, string>> = () => ({}),
): RestateClient {
  const ingress = requester(addresses.ingress, "ingress");
  const partitions = withRetry(ingress);
  const admin = requester(addresses.admin, "admin API");
  const administered = withRetry(admin);
  const operate = async (id: ExecutionId, verb: Verb) => {
    const response = await administered(`/invocations/${id}/${verb}`, { method: "PATCH" }, true);
    if (!response.ok) throw notOperable(id, verb, await failureOf(response));
    await response.arrayBuffer();
  };
  return {
    async call(target, input) {
      const response = await partitions(pathOf(target), post(input, traced()));
      if (response.ok) return await response.json();
      const failure = await failureOf(response);
      throw isOfHandler(response) ? fromRestateFailure(failure) : unexpected(failure);
    },
    async send(target, input, { idempotencyKey, headers } = {}) {
      const key = idempotencyKey === undefined ? {} : { "idempotency-key": idempotencyKey };
      const init = postText(input, { ...headers, ...key, ...traced() });
      const response = await partitions(`${pathOf(target)}/send`, init, idempotencyKey !== undefined);
      if (!response.ok) throw unexpected(await failureOf(response));
      const body = (await response.json()) as { invocationId: string; status: string };
      return {
        executionId: parseExecutionId(body.invocationId),
        replayed: body.status === "PreviouslyAccepted",
      };
    },
    async attach(id, signal) {
      const response = await partitions(`/restate/invocation/${id}/attach`, { signal }, true);
      if (response.ok) return { value: (await response.json()) as JsonValue };
      const failure = await failureOf(response);
      if (isForgotten(failure))
        throw new DuraniumError("execution-not-found", `There is no execution "${id}"`);
      if (isOfHandler(response)) return { failure };
      throw unexpected(failure);
    },
    cancel: async (id) => await operate(id, "cancel"),
    pause: async (id) => await operate(id, "pause"),
    async resume(id) {
      const response = await administered(`/invocations/${id}/resume`, { method: "PATCH" }, true);
      if (!response.ok && !isNoSuchState(response.status)) throw unexpected(await failureOf(response));
      await response.body?.cancel();
    },
    purge: async (id) => await operate(id, "purge"),
    async clearState(object, key) {
      const state = post({ object_key: key, new_state: {} });
      const response = await administered(`/services/${object}/state`, state, true);
      if (!response.ok) throw unexpected(await failureOf(response));
      await response.body?.cancel();
    },
    async kill(id) {
      const response = await administered(`/invocations/${id}/kill`, { method: "PATCH" }, true);
      if (!response.ok && !isNoSuchState(response.status)) throw unexpected(await failureOf(response));
      await response.body?.cancel();
    },
    async restart(id, from) {
      const path = `/invocations/${id}/restart-as-new?from=${from}`;
      const response = await administered(path, { method: "PATCH" });
      if (!response.ok) throw notOperable(id, "restart", await failureOf(response));
      const body = (await response.json()) as { new_invocation_id: string };
      return parseExecutionId(body.new_invocation_id);
    },
    async query(sql) {
      const deadline = Date.now() + retryTimeoutMs;
      for (;;) {
        const response = await admin("/query", post({ query: sql }, { accept: "application/json" }));
        if (response.ok) return ((await response.json()) as { rows: Row[] }).rows;
        const failure = await failureOf(response);
        if (isOfNoId(failure)) return [];
        if (failure.code < 500 || Date.now() >= deadline) throw unexpected(failure);
        await delay(retryMs);
      }
    },
    async register(executorUrl) {
      const response = await admin("/deployments", post({ uri: executorUrl, force: true }));
      if (!response.ok) throw unexpected(await failureOf(response));
      await response.arrayBuffer();
    },
    async problems() {
      const checks = [problemOf(ingress, "/restate/health"), problemOf(admin, "/health")];
      return (await Promise.all(checks)).flatMap((problem) => (problem === undefined ? [] : [problem]));
    },
  };
}

type Requester = (path: string, init?: RequestInit) => Promise<Response>;

function requester(address: RestateAddress, what: string): Requester {
  const dispatcher = connectTo(address);
  return async (path, init) => {
    try {
      return await fetch(`${address.url}${path}`, { ...init, dispatcher });
    } catch (error) {
      if (init?.signal?.aborted === true) throw error;
      throw new DuraniumError(
        "restate-unavailable",
        `Restate's ${what} at ${describeAddress(address)} does not answer`,
        {
          cause: error,
        },
      );
    }
  };
}

type RetryingRequester = (path: string, init?: RequestInit, isRepeatable?: boolean) => Promise<Response>;

/**
 * Asks again where Restate finds no leader of the partition that a request is for. Where it lost one on the way it may have
 * taken the request: only those that are repeatable are made again then.
 */
function withRetry(request: Requester): RetryingRequester {
  return async (path, init, isRepeatable = false) => {
    const deadline = Date.now() + retryTimeoutMs;
    for (;;) {
      const response = await request(path, init);
      if (response.status !== 503 || isOfHandler(response) || Date.now() >= deadline) return response;
      const { message } = await failureOf(response.clone());
      if (!message.startsWith("Error when routing the request internally")) return response;
      if (!isRepeatable && !message.endsWith("not leader")) return response;
      await response.body?.cancel();
      await delay(retryMs);
    }
  };
}

function pathOf({ object, key, handler }: Target): string {
  return `/${object}/${encodeURIComponent(key)}/${handler}`;
}

function post(body: unknown, headers: Record<string, string> = {}): RequestInit {
  return postText(JSON.stringify(body), headers);
}

function postText(body: string, headers: Record<string, string>): RequestInit {
  return { method: "POST", headers: { "content-type": "application/json", ...headers }, body };
}

async function failureOf(response: Response): Promise<RestateFailure> {
  const text = await response.text();
  try {
    return { code: response.status, ...(JSON.parse(text) as { message: string }) };
  } catch {
    return { code: response.status, message: text };
  }
}

/** Restate itself fails too, with the same statuses: when it knows of no executor yet, for one. */
function isOfHandler(response: Response): boolean {
  return response.headers.get("x-restate-error-source") === "invocation";
}

/** Handlers of ours say more when they end with that status. */
function isForgotten({ code, metadata }: RestateFailure): boolean {
  return code === 404 && metadata === undefined;
}

/** The invocation is not there, or not in the state that was asked for. */
function isNoSuchState(status: number): boolean {
  return status === 404 || status === 409 || status === 425;
}

/** The query asked for an id that has an id's form and can be none: with a digit too few, say. There is no other sign. */
function isOfNoId({ message }: RestateFailure): boolean {
  return message.includes("non valid invocation id");
}

function unexpected({ code, message }: RestateFailure): DuraniumError {
  return new DuraniumError("restate-unavailable", `Restate answered ${code}: ${message}`);
}

type Verb = "cancel" | "pause" | "purge" | "restart";

/** Of these it is an invocation that has not ended yet which Restate refuses; of the others one that has. */
const needsEnd: ReadonlySet<Verb> = new Set(["purge", "restart"]);

function notOperable(id: ExecutionId, verb: Verb, failure: RestateFailure): DuraniumError {
  const isNone = failure.code === 400 && failure.message.includes("invocation_id");
  if (failure.code === 404 || isNone)
    return new DuraniumError("execution-not-found", `There is no execution "${id}"`);
  if (failure.code !== 409 && failure.code !== 425) return unexpected(failure);
  const code = needsEnd.has(verb) ? "execution-not-ended" : "execution-ended";
  return new DuraniumError(code, `Restate cannot ${verb} execution "${id}": ${failure.message}`);
}

async function problemOf(request: Requester, path: string): Promise<string | undefined> {
  try {
    const response = await request(path, { signal: AbortSignal.timeout(2_000) });
    await response.arrayBuffer();
    return response.ok ? undefined : `Restate answers ${response.status} on ${path}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
