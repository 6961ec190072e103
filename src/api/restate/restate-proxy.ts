import { createQuota } from "../../base/quota.ts";
import { DuraniumError } from "../../domain/errors.ts";
import {
  maxRestateAnswerBytes,
  maxRestateRequests,
  maxRestateRequestsPerKey,
  restateRequestTimeoutMs,
} from "../../domain/limits.ts";
import type { ApiContext } from "../contract/context.ts";
import type { RestateAdminAnswer, RestateAdminService } from "../contract/services.ts";

/**
 * Passes a request on to Restate's admin API. Of its headers only those go along that say what the body is, so neither
 * cookies nor keys do, and of the answer's only the same ones come back. The answer is a stream of bounded size, and is cut
 * off when its time is over.
 */
export type RestateProxy = (context: ApiContext, forwarded: ForwardedRequest) => Promise<RestateAdminAnswer>;

export interface ForwardedRequest {
  /** Path and query, still percent-encoded. */
  readonly target: string;
  readonly body?: Uint8Array;
  /** Whether the answer may be compressed, as the caller accepts it. */
  readonly mayBeEncoded: boolean;
  /** Changes something: it goes on when its caller is gone, so that the audit log has it. */
  readonly isOperation?: true;
}

export function createRestateProxy(restateAdmin: RestateAdminService): RestateProxy {
  const places = createQuota({ total: maxRestateRequests, perHolder: maxRestateRequestsPerKey });
  return async (context, { target, body, mayBeEncoded, isOperation }) => {
    const place = places.take(context.get("apiKey").id);
    if (place === undefined) throw tooMany();
    const timeout = AbortSignal.timeout(restateRequestTimeoutMs);
    const signal = isOperation === true ? timeout : AbortSignal.any([context.req.raw.signal, timeout]);
    // An answer that is never read has no other end.
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
    "Cannot pass the request on to Restate: too many are under way already; try again when they are answered",
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

/** @param onEnd called when all was read, or is not going to be */
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
