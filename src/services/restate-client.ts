import { DuraniumError } from "../domain/errors.ts";
import { parseExecutionId } from "../domain/ids.ts";
import type { ExecutionId } from "../domain/ids.ts";
import { fromRestateFailure } from "./restate-error.ts";
import type { RestateFailure } from "./restate-error.ts";

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
    input: unknown,
    idempotencyKey?: string,
  ): Promise<{ readonly executionId: ExecutionId; readonly replayed: boolean }>;
  /** Waits until the invocation ended, however it ended. Rejects when `signal` aborts. */
  attach(id: ExecutionId, signal: AbortSignal): Promise<void>;
  cancel(id: ExecutionId): Promise<void>;
  /** Ends the invocation at once; nothing where it has ended. */
  kill(id: ExecutionId): Promise<void>;
  /** Makes an invocation that is paused or backs off go on now; nothing where it does neither. */
  resume(id: ExecutionId): Promise<void>;
  /** A new invocation with the journal of an ended one, up to and including the entry `from`. */
  restart(id: ExecutionId, from: number): Promise<ExecutionId>;
  /** Rows of Restate's SQL introspection. Callers build `sql` of checked parts only. */
  query(sql: string): Promise<readonly Row[]>;
  /** Tells Restate where the executor is. The same address again replaces what was known of it. */
  register(executorUrl: string): Promise<void>;
  /** What does not answer, in words. */
  problems(): Promise<readonly string[]>;
}

export interface Target {
  readonly object: string;
  readonly key: string;
  readonly handler: string;
}

/** A row by column. Columns that are null may be left out. */
export type Row = Readonly<Record<string, string | number | null | undefined>>;

export function createRestateClient(urls: {
  readonly ingressUrl: string;
  readonly adminUrl: string;
}): RestateClient {
  const ingress = requester(urls.ingressUrl, "ingress");
  const admin = requester(urls.adminUrl, "admin API");
  return {
    async call(target, input) {
      const response = await ingress(pathOf(target), post(input));
      if (!response.ok) throw fromRestateFailure(await failureOf(response));
      return await response.json();
    },
    async send(target, input, idempotencyKey) {
      const headers = idempotencyKey === undefined ? {} : { "idempotency-key": idempotencyKey };
      const response = await ingress(`${pathOf(target)}/send`, post(input, headers));
      if (!response.ok) throw unexpected(await failureOf(response));
      const body = (await response.json()) as { invocationId: string; status: string };
      return {
        executionId: parseExecutionId(body.invocationId),
        replayed: body.status === "PreviouslyAccepted",
      };
    },
    async attach(id, signal) {
      const response = await ingress(`/restate/invocation/${id}/attach`, { signal });
      await response.arrayBuffer();
    },
    async cancel(id) {
      const response = await admin(`/invocations/${id}/cancel`, { method: "PATCH" });
      if (!response.ok) throw notOperable(id, response.status, "cancelled", await failureOf(response));
      await response.arrayBuffer();
    },
    async kill(id) {
      const response = await admin(`/invocations/${id}/kill`, { method: "PATCH" });
      if (!response.ok && !isNoSuchState(response.status)) throw unexpected(await failureOf(response));
      await response.body?.cancel();
    },
    async resume(id) {
      const response = await admin(`/invocations/${id}/resume`, { method: "PATCH" });
      if (!response.ok && !isNoSuchState(response.status)) throw unexpected(await failureOf(response));
      await response.body?.cancel();
    },
    async restart(id, from) {
      const response = await admin(`/invocations/${id}/restart-as-new?from=${from}`, { method: "PATCH" });
      if (!response.ok) throw notOperable(id, response.status, "retried", await failureOf(response));
      const body = (await response.json()) as { new_invocation_id: string };
      return parseExecutionId(body.new_invocation_id);
    },
    async query(sql) {
      const response = await admin("/query", post({ query: sql }, { accept: "application/json" }));
      if (!response.ok) throw unexpected(await failureOf(response));
      return ((await response.json()) as { rows: Row[] }).rows;
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

function requester(baseUrl: string, what: string): Requester {
  return async (path, init) => {
    try {
      return await fetch(`${baseUrl}${path}`, init);
    } catch (error) {
      if (init?.signal?.aborted === true) throw error;
      throw new DuraniumError("restate-unavailable", `Restate's ${what} at ${baseUrl} does not answer`, {
        cause: error,
      });
    }
  };
}

function pathOf({ object, key, handler }: Target): string {
  return `/${object}/${encodeURIComponent(key)}/${handler}`;
}

function post(body: unknown, headers: Record<string, string> = {}): RequestInit {
  return {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  };
}

async function failureOf(response: Response): Promise<RestateFailure> {
  const text = await response.text();
  try {
    return { code: response.status, ...(JSON.parse(text) as { message: string }) };
  } catch {
    return { code: response.status, message: text };
  }
}

/** The invocation is not there, or not in the state that was asked for. */
function isNoSuchState(status: number): boolean {
  return status === 404 || status === 409 || status === 425;
}

function unexpected({ code, message }: RestateFailure): DuraniumError {
  return new DuraniumError("restate-unavailable", `Restate answered ${code}: ${message}`);
}

function notOperable(id: ExecutionId, status: number, verb: string, failure: RestateFailure): DuraniumError {
  if (status === 404) return new DuraniumError("execution-not-found", `There is no execution "${id}"`);
  if (status === 409 && verb === "cancelled") {
    return new DuraniumError("execution-ended", `Execution "${id}" cannot be ${verb}: it has ended`);
  }
  if (status === 409 || status === 425) {
    return new DuraniumError("execution-not-ended", `Execution "${id}" cannot be ${verb}: it has not ended`);
  }
  return unexpected(failure);
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
