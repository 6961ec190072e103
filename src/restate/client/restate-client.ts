import type { RequestInit } from "undici";
import type { JsonText, JsonValue } from "../../base/json.ts";
import { DuraniumError } from "../../domain/errors.ts";
import { parseExecutionId } from "../../domain/ids.ts";
import type { ExecutionId } from "../../domain/ids.ts";
import { fromRestateFailure } from "../../journal/restate-failure.ts";
import type { RestateFailure } from "../../journal/restate-failure.ts";
import type { RestateAddress } from "./restate-address.ts";
import { adminApi, createRestateNodes, ingressApi } from "./restate-nodes.ts";
import type { NodeHealth } from "./restate-nodes.ts";
import {
  failureOf,
  isOfHandler,
  isOfNoId,
  requester,
  withQueryRetry,
  withRetry,
} from "./restate-requests.ts";
import type { Requester } from "./restate-requests.ts";

/**
 * A client of Restate's ingress and admin API, limited to what Duranium uses. Every method rejects with
 * `restate-unavailable` if the server cannot be reached or responds with an unexpected error.
 */
export interface RestateClient {
  /** Calls a handler and waits for its result. Rejects with the handler's error if it failed. */
  call(target: Target, input: unknown): Promise<unknown>;
  /** Submits an invocation. `replayed` is true if an earlier request had the same idempotency key. */
  send(
    target: Target,
    input: JsonText,
    options?: {
      readonly idempotencyKey?: string | undefined;
      /** Starts the invocation after this time. */
      readonly delayMs?: number | undefined;
      /** Restate stores them with the input. */
      readonly headers?: Readonly<Record<string, string>> | undefined;
    },
  ): Promise<{ readonly executionId: ExecutionId; readonly replayed: boolean }>;
  /**
   * Waits until the invocation has completed or failed. Rejects with `execution-not-found` if Restate has no such
   * invocation, and when `signal` aborts.
   */
  attach(id: ExecutionId, signal: AbortSignal): Promise<InvocationEnd>;
  cancel(id: ExecutionId): Promise<void>;
  /** Stops the current attempt as soon as possible, and starts no further one until the invocation is resumed. */
  pause(id: ExecutionId): Promise<void>;
  /** Resumes a paused, suspended or backing-off invocation immediately. In any other state, it does nothing. */
  resume(id: ExecutionId): Promise<void>;
  /** Deletes an ended invocation and its journal. */
  purge(id: ExecutionId): Promise<void>;
  /** Deletes the state of a Virtual Object, after all earlier requests to the object. */
  clearState(object: string, key: string): Promise<void>;
  /** Ends the invocation immediately. If it has ended already, it does nothing. */
  kill(id: ExecutionId): Promise<void>;
  /** Starts a new invocation with the journal of an ended one, up to and including the entry `from`. */
  restart(id: ExecutionId, from: number): Promise<ExecutionId>;
  /**
   * Whether Restate has the invocation, running or ended. A query may not show it for a moment after the server has started;
   * this asks the leader of its partition.
   */
  has(id: ExecutionId): Promise<boolean>;
  /** Queries Restate's SQL introspection. Callers must build `sql` from validated parts only: there are no parameters. */
  query(sql: string): Promise<readonly Row[]>;
  /** Registers the executor with Restate. Registering the same URL again replaces the earlier registration. */
  register(executorUrl: string): Promise<void>;
  /** Returns a sentence for each API that is not healthy. */
  problems(): Promise<readonly string[]>;
  /** Checks each API of each node. */
  health(): Promise<readonly RestateHealth[]>;
}

/** Whether one of Restate's APIs responds at one of its addresses. */
export interface RestateHealth extends NodeHealth {
  readonly api: "ingress" | "admin";
}

/** The outcome of an invocation. */
export type InvocationEnd = { readonly value: JsonValue } | { readonly failure: RestateFailure };

export interface Target {
  readonly object: string;
  readonly key: string;
  readonly handler: string;
}

/** One row, by column name. Restate may omit columns that are null. */
export type Row = Readonly<Record<string, string | number | null | undefined>>;

/** The addresses of Restate's APIs: those of all nodes of a cluster. */
export interface RestateAddresses {
  readonly ingress: readonly RestateAddress[];
  readonly admin: readonly RestateAddress[];
}

/** @param traced returns the headers that continue the current trace in the called handler */
export function createRestateClient(
  addresses: RestateAddresses,
  traced: () => Readonly<Record<string, string>> = () => ({}),
): RestateClient {
  const ingress = createRestateNodes(addresses.ingress, ingressApi);
  const admin = createRestateNodes(addresses.admin, adminApi);
  return {
    ...handlerCalls(withRetry(requester(ingress), ingress.count), traced),
    ...invocationControl(withRetry(requester(admin), admin.count)),
    ...introspection(requester(admin)),
    async problems() {
      const problems = await Promise.all([ingress.problem(), admin.problem()]);
      return problems.flatMap((problem) => (problem === undefined ? [] : [problem]));
    },
    async health() {
      const [ingresses, admins] = await Promise.all([ingress.health(), admin.health()]);
      return [
        ...ingresses.map((node) => ({ api: "ingress" as const, ...node })),
        ...admins.map((node) => ({ api: "admin" as const, ...node })),
      ];
    },
  };
}

/**
 * Requests to handlers, through the ingress. Each has an idempotency key, so that it can be repeated on another node. Restate would
 * generate one otherwise.
 */
function handlerCalls(
  request: Requester,
  traced: () => Readonly<Record<string, string>>,
): Pick<RestateClient, "call" | "send" | "attach" | "has"> {
  return {
    async call(target, input) {
      const init = post(input, { ...ownKey(), ...traced() });
      const response = await request(pathOf(target), init, true);
      if (response.ok) return JSON.parse(response.text) as unknown;
      const failure = failureOf(response);
      throw isOfHandler(response) ? fromRestateFailure(failure) : unexpected(failure);
    },
    async send(target, input, { idempotencyKey, headers, delayMs = 0 } = {}) {
      const key = idempotencyKey === undefined ? ownKey() : { "idempotency-key": idempotencyKey };
      const init = postText(input, { ...headers, ...key, ...traced() });
      const path = `${pathOf(target)}/send${delayMs > 0 ? `?delay=${delayMs}ms` : ""}`;
      const response = await request(path, init, true);
      if (!response.ok) throw unexpected(failureOf(response));
      const body = JSON.parse(response.text) as { invocationId: string; status: string };
      return {
        executionId: parseExecutionId(body.invocationId),
        // A request that was repeated here is not replayed.
        replayed: idempotencyKey !== undefined && body.status === "PreviouslyAccepted",
      };
    },
    async attach(id, signal) {
      const response = await request(`/restate/invocation/${id}/attach`, { signal }, true);
      if (response.ok) return { value: JSON.parse(response.text) as JsonValue };
      const failure = failureOf(response);
      if (isForgotten(failure)) throw new DuraniumError("execution-not-found", `Execution "${id}" not found`);
      if (isOfHandler(response)) return { failure };
      throw unexpected(failure);
    },
    async has(id) {
      const response = await request(`/restate/invocation/${id}/output`, {}, true);
      if (response.ok || response.status === notEndedStatus || isOfHandler(response)) return true;
      const failure = failureOf(response);
      if (isForgotten(failure) || isOfBadId(failure)) return false;
      throw unexpected(failure);
    },
  };
}

function ownKey(): { readonly "idempotency-key": string } {
  return { "idempotency-key": crypto.randomUUID() };
}

/** What Restate answers for the output of an invocation that has not ended. */
const notEndedStatus = 470;

/** Operations on invocations and their state, through the admin API. */
function invocationControl(
  request: Requester,
): Pick<RestateClient, "cancel" | "pause" | "resume" | "purge" | "clearState" | "kill" | "restart"> {
  return {
    cancel: async (id) => await operate(request, id, "cancel"),
    pause: async (id) => await operate(request, id, "pause"),
    async resume(id) {
      const response = await request(`/invocations/${id}/resume`, { method: "PATCH" }, true);
      if (!response.ok && !isNoSuchState(response.status)) throw unexpected(failureOf(response));
    },
    purge: async (id) => await operate(request, id, "purge"),
    async clearState(object, key) {
      const state = post({ object_key: key, new_state: {} });
      const response = await request(`/services/${object}/state`, state, true);
      if (!response.ok) throw unexpected(failureOf(response));
    },
    async kill(id) {
      const response = await request(`/invocations/${id}/kill`, { method: "PATCH" }, true);
      if (!response.ok && !isNoSuchState(response.status)) throw unexpected(failureOf(response));
    },
    async restart(id, from) {
      const path = `/invocations/${id}/restart-as-new?from=${from}`;
      const response = await request(path, { method: "PATCH" }, false);
      if (!response.ok) throw notOperable(id, "restart", failureOf(response));
      const body = JSON.parse(response.text) as { new_invocation_id: string };
      return parseExecutionId(body.new_invocation_id);
    },
  };
}

async function operate(request: Requester, id: ExecutionId, verb: Verb): Promise<void> {
  const response = await request(`/invocations/${id}/${verb}`, { method: "PATCH" }, true);
  if (!response.ok) throw notOperable(id, verb, failureOf(response));
}

/** Queries and registration, through the admin API. */
function introspection(admin: Requester): Pick<RestateClient, "query" | "register"> {
  const ask = withQueryRetry(admin);
  return {
    async query(sql) {
      const response = await ask("/query", post({ query: sql }, { accept: "application/json" }), true);
      if (response.ok) return (JSON.parse(response.text) as { rows: Row[] }).rows;
      const failure = failureOf(response);
      if (isOfNoId(failure)) return [];
      throw unexpected(failure);
    },
    async register(executorUrl) {
      const response = await admin("/deployments", post({ uri: executorUrl, force: true }), true);
      if (!response.ok) throw unexpected(failureOf(response));
    },
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

/** Duranium's handlers set metadata when they fail with this status; Restate does not. */
function isForgotten({ code, metadata }: RestateFailure): boolean {
  return code === 404 && metadata === undefined;
}

/** True if the invocation does not exist, or is in another state than the request requires. */
function isNoSuchState(status: number): boolean {
  return status === 404 || status === 409 || status === 425;
}

/** True if an id is none. The ingress says so without a look-up. */
function isOfBadId({ code, message }: RestateFailure): boolean {
  return code === 400 && message.startsWith("bad invocation id");
}

function unexpected({ code, message }: RestateFailure): DuraniumError {
  return new DuraniumError("restate-unavailable", `Restate responded with status ${code}: ${message}`);
}

type Verb = "cancel" | "pause" | "purge" | "restart";

/** These require an ended invocation; the other verbs require one that has not ended. */
const needsEnd: ReadonlySet<Verb> = new Set(["purge", "restart"]);

function notOperable(id: ExecutionId, verb: Verb, failure: RestateFailure): DuraniumError {
  const isNone = failure.code === 400 && failure.message.includes("invocation_id");
  if (failure.code === 404 || isNone)
    return new DuraniumError("execution-not-found", `Execution "${id}" not found`);
  if (failure.code !== 409 && failure.code !== 425) return unexpected(failure);
  const code = needsEnd.has(verb) ? "execution-not-ended" : "execution-ended";
  return new DuraniumError(code, `Restate cannot ${verb} execution "${id}": ${failure.message}`);
}
