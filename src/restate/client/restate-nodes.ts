import { setTimeout as delay } from "node:timers/promises";
import type { Agent } from "undici";
import { DuraniumError } from "../../domain/errors.ts";
import { connectTo, describeAddress } from "./restate-address.ts";
import type { RestateAddress } from "./restate-address.ts";

/**
 * One of Restate's APIs at its addresses: one, or one for each node of a cluster. Any node serves any request.
 *
 * 1. Requests take turns among the nodes. A node that could not be reached is left out for a while, unless no other remains.
 * 2. A request that fails without a response goes to the next node at once. If it may have been processed, only a repeatable
 *    one does.
 * 3. A node that accepts requests and does not answer its health check counts as unreachable: the requests that it holds fail.
 */
export interface RestateNodes extends AsyncDisposable {
  readonly count: number;
  /**
   * Resolves like `send`, which is called for one node after another.
   *
   * @throws {DuraniumError} `restate-unavailable` if no node responds
   * @throws what `send` throws if `signal` aborts
   */
  request<T>(send: (node: NodeConnection) => Promise<T>, options: NodeRequestOptions): Promise<T>;
  /** Why the API cannot be used. `undefined` if at least one node is healthy. */
  problem(): Promise<string | undefined>;
  /** Checks the health of each node. */
  health(): Promise<readonly NodeHealth[]>;
}

export interface NodeHealth {
  /** For people: the URL, or the path of the socket. */
  readonly address: string;
  /** False if the node does not respond as healthy, or if requests to it failed so recently that it is left out. */
  readonly isUp: boolean;
}

export interface NodeConnection {
  readonly url: string;
  readonly dispatcher: Agent;
  /** Aborts when the caller's signal does, and when the node of a cluster turns out not to respond. */
  readonly signal: AbortSignal | undefined;
}

export interface NodeRequestOptions {
  /** True if processing the request twice has the same effect as processing it once. */
  readonly isRepeatable: boolean;
  readonly signal?: AbortSignal | null | undefined;
}

/** What the addresses lead to. */
export interface RestateApi {
  /** For messages. */
  readonly name: string;
  readonly healthPath: string;
}

export const ingressApi: RestateApi = { name: "ingress", healthPath: "/restate/health" };
export const adminApi: RestateApi = { name: "admin API", healthPath: "/health" };

/** How long a node is left out after its first failure, and at most. */
const firstAbsenceMs = 500;
const maxAbsenceMs = 10_000;
/** How often the health of a node with requests in flight is checked, and how many checks in a row it may miss. */
const checkIntervalMs = 2_000;
const checkTimeoutMs = 4_000;
const maxMissedChecks = 2;
/** How long a node may take to say whether it is healthy. */
const problemTimeoutMs = 2_000;

/** @param watch intervals of the health checks, for tests */
export function createRestateNodes(
  addresses: readonly RestateAddress[],
  api: RestateApi,
  watch: Watch = { intervalMs: checkIntervalMs, timeoutMs: checkTimeoutMs },
): RestateNodes {
  const isCluster = addresses.length > 1;
  const nodes = addresses.map((address) => new Node(address, api, isCluster ? watch : undefined));
  // The processes of an installation start with different nodes.
  let turn = Math.floor(Math.random() * nodes.length);
  const unreachable = (cause: unknown) => {
    const where = addresses.map(describeAddress).join(", ");
    return new DuraniumError("restate-unavailable", `Restate's ${api.name} at ${where} is not reachable`, {
      cause,
    });
  };
  return {
    count: nodes.length,
    async request(send, { isRepeatable, signal }) {
      turn = (turn + 1) % nodes.length;
      let failure: unknown;
      for (const node of inOrder(nodes, turn)) {
        try {
          return await node.request(send, signal ?? undefined);
        } catch (error) {
          if (signal?.aborted === true) throw error;
          failure = error;
          if (!isRepeatable && !wasNotSent(error)) break;
        }
      }
      throw unreachable(failure);
    },
    async problem() {
      const problems = await Promise.all(nodes.map(async (node) => await node.problem()));
      return problems.includes(undefined) ? undefined : problems.join("; ");
    },
    async health() {
      return await Promise.all(nodes.map(async (node) => await node.health()));
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(nodes.map(async (node) => await node[Symbol.asyncDispose]()));
    },
  };
}

interface Watch {
  readonly intervalMs: number;
  readonly timeoutMs: number;
}

/** Present nodes in turn, then absent ones, the longest absent first. A single address is tried twice: it may lead to several nodes. */
function inOrder(nodes: readonly Node[], turn: number): readonly Node[] {
  if (nodes.length === 1) return [...nodes, ...nodes];
  const turned = [...nodes.slice(turn), ...nodes.slice(0, turn)];
  const now = performance.now();
  const [present, absent] = [false, true].map((isAbsent) =>
    turned.filter((node) => node.absentUntil > now === isAbsent),
  );
  return [
    ...(present ?? []),
    ...(absent ?? []).toSorted((one, other) => one.absentUntil - other.absentUntil),
  ];
}

/** Owns the connections to one address and what is known of its health. */
class Node implements AsyncDisposable {
  readonly #address: RestateAddress;
  readonly #api: RestateApi;
  readonly #watch: Watch | undefined;
  readonly #dispatcher: Agent;
  readonly #inFlight = new Set<AbortController>();
  readonly #closed = new AbortController();
  #isWatched = false;
  #failures = 0;
  /** In the time of `performance.now()`. */
  absentUntil = 0;

  constructor(address: RestateAddress, api: RestateApi, watch: Watch | undefined) {
    this.#address = address;
    this.#api = api;
    this.#watch = watch;
    this.#dispatcher = connectTo(address);
  }

  async request<T>(send: (node: NodeConnection) => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    const watched = this.#watch && new AbortController();
    if (watched !== undefined) this.#inFlight.add(watched);
    void this.#watchHealth();
    const signals = [signal, watched?.signal].filter((each) => each !== undefined);
    try {
      const result = await send({
        url: this.#address.url,
        dispatcher: this.#dispatcher,
        signal: signals.length > 1 ? AbortSignal.any(signals) : signals[0],
      });
      this.#failures = 0;
      this.absentUntil = 0;
      return result;
    } catch (error) {
      if (signal?.aborted !== true) this.#failed();
      throw error;
    } finally {
      if (watched !== undefined) this.#inFlight.delete(watched);
    }
  }

  async problem(): Promise<string | undefined> {
    const status = await this.#healthStatus(problemTimeoutMs);
    if (status === undefined) {
      return `Restate's ${this.#api.name} at ${describeAddress(this.#address)} is not reachable`;
    }
    return status === 200 ? undefined : `Restate responds with status ${status} on ${this.#api.healthPath}`;
  }

  async health(): Promise<NodeHealth> {
    const isUp = (await this.problem()) === undefined && performance.now() >= this.absentUntil;
    return { address: describeAddress(this.#address), isUp };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed.abort();
    await this.#dispatcher.destroy();
  }

  /** Requests that fail together are one failure. */
  #failed(): void {
    const now = performance.now();
    if (now < this.absentUntil) return;
    this.absentUntil = now + Math.min(firstAbsenceMs * 2 ** this.#failures, maxAbsenceMs);
    this.#failures += 1;
  }

  async #watchHealth(): Promise<void> {
    if (this.#watch === undefined || this.#isWatched) return;
    this.#isWatched = true;
    const { intervalMs, timeoutMs } = this.#watch;
    let missed = 0;
    while (this.#inFlight.size > 0 && missed < maxMissedChecks && !this.#closed.signal.aborted) {
      await delay(intervalMs, undefined, { ref: false, signal: this.#closed.signal }).catch(() => {});
      if (this.#inFlight.size === 0) break;
      missed = (await this.#healthStatus(timeoutMs)) === undefined ? missed + 1 : 0;
    }
    this.#isWatched = false;
    if (missed < maxMissedChecks) return;
    const reason = new Error(`${describeAddress(this.#address)} accepts requests and does not respond`);
    for (const request of this.#inFlight) request.abort(reason);
  }

  async #healthStatus(timeoutMs: number): Promise<number | undefined> {
    const { origin, pathname } = new URL(this.#address.url);
    const path = `${pathname.replace(/\/$/, "")}${this.#api.healthPath}`;
    try {
      const signal = AbortSignal.any([AbortSignal.timeout(timeoutMs), this.#closed.signal]);
      const { statusCode, body } = await this.#dispatcher.request({ origin, path, method: "GET", signal });
      await body.dump();
      return statusCode;
    } catch {
      return undefined;
    }
  }
}

/** True if no byte of the request reached a server, because no connection was made. */
function wasNotSent(error: unknown): boolean {
  for (let current = error; current instanceof Error; current = current.cause) {
    if ("code" in current && noConnection.has(String(current.code))) return true;
  }
  return false;
}

const noConnection: ReadonlySet<string> = new Set([
  "ECONNREFUSED",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOENT",
  "ENOTFOUND",
  "EAI_AGAIN",
  "UND_ERR_CONNECT_TIMEOUT",
]);
