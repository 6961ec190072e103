import { createQuota } from "../../base/concurrency/quota.ts";
import { DuraniumError } from "../../domain/errors.ts";
import type { ApiContext } from "../contract/context.ts";
import {
  maxRestateAnswerBytes,
  maxRestateRequests,
  maxRestateRequestsPerKey,
  restateRequestTimeoutMs,
} from "../contract/limits.ts";
import type { RestateAdminAnswer, RestateAdminService } from "../contract/services.ts";

/**
 * Forwards a request to Restate's admin API. Only headers that describe the body are forwarded, in both directions, so
 * neither cookies nor keys are. The response is a stream of limited size, and is aborted on a timeout.
 */
export type RestateProxy = (context: ApiContext, forwarded: ForwardedRequest) => Promise<RestateAdminAnswer>;

export interface ForwardedRequest {
  /** Path and query, still percent-encoded. */
  readonly target: string;
  readonly body?: Uint8Array;
  /** True if the response may be compressed, because the caller accepts it. */
  readonly mayBeEncoded: boolean;
  /** Changes something: it continues if its caller disconnects, so that the audit log has its outcome. */
  readonly isOperation?: true;
}

export function createRestateProxy(restateAdmin: RestateAdminService): RestateProxy {
  const places = createQuota({ total: maxRestateRequests, perHolder: maxRestateRequestsPerKey });
  return async (context, { target, body, mayBeEncoded, isOperation }) => {
    const place = places.take(context.get("apiKey").id);
    if (place === undefined) throw tooMany();
    const timeout = AbortSignal.timeout(restateRequestTimeoutMs);
    const signal = isOperation === true ? timeout : AbortSignal.any([context.req.raw.signal, timeout]);
    // A response that is never read ends only this way.
    signal.addEventListener("abort", () => place[Symbol.dispose](), { once: true });
    try {
      const { method } = context.req;
      const headers = requestHeaders(context, mayBeEncoded);
      const answer = await restateAdmin.request({ method, target, headers, signal, ...(body && { body }) });
      const chunks = answer.body.pipeThrough(bounded(() => place[Symbol.dispose]()));
      return { status: answer.status, headers: answerHeaders(answer), body: chunks };
    } catch (error) {
      place[Symbol.dispose]();
      throw error;
    }
  };
}

function tooMany(): DuraniumError {
  return new DuraniumError(
    "overloaded",
    "Cannot forward the request to Restate: too many requests are in flight. Try again later",
  );
}

function requestHeaders({ req }: ApiContext, mayBeEncoded: boolean): Record<string, string> {
  const names = ["accept", "content-type", ...(mayBeEncoded ? ["accept-encoding"] : [])];
  return Object.fromEntries(names.map((name) => [name, req.header(name) ?? ""]).filter(([, value]) => value));
}

const describing = ["content-type", "content-encoding", "content-length"];

function answerHeaders({ headers }: RestateAdminAnswer): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => describing.includes(name)));
}

/** @param onEnd called when everything was read, or reading was cancelled */
function bounded(onEnd: () => void): TransformStream<Uint8Array, Uint8Array> {
  let size = 0;
  return new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      size += chunk.length;
      if (size <= maxRestateAnswerBytes) return controller.enqueue(chunk);
      onEnd();
      throw new Error(`Restate's answer is larger than ${maxRestateAnswerBytes} bytes: limit the query`);
    },
    flush: onEnd,
    cancel: onEnd,
  });
}
