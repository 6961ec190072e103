import { SpanKind, SpanStatusCode, context, propagation, trace } from "@opentelemetry/api";
import type { Attributes, Span, Tracer } from "@opentelemetry/api";
import type { RequestTracing, TracedRequest } from "../api/contract/services.ts";
import { messageOf, toDuraniumError } from "../domain/errors.ts";
import { FetchError } from "../host/network/fetch-error.ts";
import type { HttpClient, HttpRequest } from "../host/network/http-client.ts";
import { spanIdOf } from "../host/seed/trace-context.ts";
import { executionAttributes } from "./span-attributes.ts";
import type { SpanIds } from "./span-ids.ts";

/**
 * Spans of HTTP, named and described by the stable conventions of OpenTelemetry, version 1.37:
 * https://opentelemetry.io/docs/specs/semconv/http/http-spans/
 *
 * Query strings, which may contain secrets, are left out, and so are the tokens of webhooks and callbacks.
 */
export function traceRequests(tracer: Tracer): RequestTracing {
  return {
    async answering(request, answer) {
      const parent = propagation.extract(context.active(), request.headers);
      const { name, attributes } = methodOf(request.method);
      const options = { kind: SpanKind.SERVER, attributes: { ...attributes, ...serverAttributes(request) } };
      const span = tracer.startSpan(`${name} ${request.route}`, options, parent);
      try {
        const response = await context.with(trace.setSpan(parent, span), answer);
        noteAnswer(span, response);
        return response;
      } catch (error) {
        // The API turns it into a problem document.
        noteAnswer(span, toDuraniumError(error));
        throw error;
      } finally {
        span.end();
      }
    },
  };
}

/** An error of the client is not an error of the server. */
function noteAnswer(span: Span, { status, code }: { readonly status: number; readonly code?: string }): void {
  noteStatus(span, status, { leastError: 500, type: code });
}

/** The client with a span around each request. The first span of a fetch has the ID in its `traceparent`. */
export function traceFetches(http: HttpClient, tracer: Tracer, ids: SpanIds): HttpClient {
  return {
    async fetch(request, signal) {
      const { name, attributes } = methodOf(request.method);
      const options = { kind: SpanKind.CLIENT, attributes: { ...attributes, ...clientAttributes(request) } };
      const isFirst = (request.resendCount ?? 0) === 0;
      const announced = isFirst ? spanIdOf(request.traceparent) : undefined;
      const span = ids.with(announced, () => tracer.startSpan(name, options));
      return await observed(span, async () => {
        const response = await context.with(trace.setSpan(context.active(), span), async () =>
          http.fetch(request, signal),
        );
        noteStatus(span, response.status, { leastError: 400 });
        return response;
      });
    },
    [Symbol.asyncDispose]: async () => await http[Symbol.asyncDispose](),
  };
}

async function observed<T>(span: Span, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    span.setAttribute("error.type", error instanceof FetchError ? error.code : typeName(error));
    span.setStatus({ code: SpanStatusCode.ERROR, message: messageOf(error) });
    throw error;
  } finally {
    span.end();
  }
}

function typeName(error: unknown): string {
  return error instanceof Error ? error.name : "_OTHER";
}

function noteStatus(
  span: Span,
  status: number,
  { leastError, type = String(status) }: { readonly leastError: number; readonly type?: string | undefined },
): void {
  span.setAttribute("http.response.status_code", status);
  if (status < leastError) return;
  span.setAttribute("error.type", type);
  span.setStatus({ code: SpanStatusCode.ERROR });
}

const knownMethods: ReadonlySet<string> = new Set(
  "CONNECT DELETE GET HEAD OPTIONS PATCH POST PUT QUERY TRACE".split(" "),
);

/** An arbitrary method of a client must not become the name of a span. */
function methodOf(method: string): { readonly name: string; readonly attributes: Attributes } {
  if (knownMethods.has(method)) return { name: method, attributes: { "http.request.method": method } };
  return {
    name: "HTTP",
    attributes: { "http.request.method": "_OTHER", "http.request.method_original": method },
  };
}

function serverAttributes({ url, path, route, headers, clientAddress, ...ids }: TracedRequest): Attributes {
  const { protocol, hostname, port } = new URL(url);
  return {
    "http.route": route,
    "url.path": path,
    "url.scheme": protocol.slice(0, -1),
    "server.address": withoutBrackets(hostname),
    "server.port": portOf(protocol, port),
    "client.address": clientAddress,
    "network.protocol.version": "1.1",
    ...(headers["user-agent"] === undefined ? {} : { "user_agent.original": headers["user-agent"] }),
    ...executionAttributes(ids),
  };
}

function clientAttributes(request: HttpRequest): Attributes {
  const { resendCount = 0, workflowId, version, executionId } = request;
  const url = URL.parse(request.url);
  return {
    ...(url === null ? {} : targetAttributes(url)),
    ...(resendCount === 0 ? {} : { "http.request.resend_count": resendCount }),
    ...executionAttributes({ workflowId, version, executionId }),
  };
}

function targetAttributes({ protocol, hostname, port, origin, pathname, search }: URL): Attributes {
  // Of other schemes it is unknown which part is secret.
  if (protocol !== "http:" && protocol !== "https:") return { "url.scheme": protocol.slice(0, -1) };
  return {
    "url.full": `${origin}${pathname}${search === "" ? "" : "?REDACTED"}`,
    "server.address": withoutBrackets(hostname),
    "server.port": portOf(protocol, port),
  };
}

function portOf(protocol: string, port: string): number {
  if (port !== "") return Number(port);
  return protocol === "https:" ? 443 : 80;
}

function withoutBrackets(hostname: string): string {
  return hostname.replaceAll(/^\[|\]$/g, "");
}
