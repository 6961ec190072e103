import { SpanKind, SpanStatusCode, context, propagation, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { W3CTraceContextPropagator } from "@opentelemetry/core";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { resourceFromAttributes } from "@opentelemetry/resources";
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from "@opentelemetry/sdk-trace";
import type { HooksProvider } from "@restatedev/restate-sdk";
import { openTelemetryHook } from "@restatedev/restate-sdk-opentelemetry";
import type { RequestTracing } from "../api/services.ts";
import { traceHeader } from "./trace-header.ts";

/**
 * Traces: one from a request to the API, over the attempts at the execution that it begins, to each effect. They go to
 * a collector over OTLP/HTTP. The context is a header of the request to Restate, which keeps it with the input, so each
 * attempt finds it, in whatever process; a Restate that traces as well names a closer one with each attempt.
 *
 * Imported only where it is asked for: it takes a tenth of a second to load.
 */
export interface Tracing extends AsyncDisposable {
  readonly requests: RequestTracing;
  /** Makes a span of each attempt, and of each effect that runs, which those of a replay do not. */
  readonly hooks: HooksProvider;
  /** The context of what runs now, for the requests that it makes to Restate. */
  headers(): Record<string, string>;
}

export interface TracingOptions {
  /** Where spans are posted: `http://127.0.0.1:4318/v1/traces`. */
  readonly url: string;
  readonly serviceName: string;
  readonly serviceVersion: string;
  /** Of traces that begin here; in one that began before, its beginning has decided. From 0 to 1. */
  readonly sampleRatio: number;
}

/** How long spans are gathered before they are sent. */
const exportDelayMs = 1_000;

export function startTracing({ url, serviceName, serviceVersion, sampleRatio }: TracingOptions): Tracing {
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ "service.name": serviceName, "service.version": serviceVersion }),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(sampleRatio) }),
    spanProcessors: [
      new BatchSpanProcessor({
        exporter: new OTLPTraceExporter({ url }),
        scheduledDelayMillis: exportDelayMs,
      }),
    ],
  });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  const tracer = provider.getTracer("duranium", serviceVersion);
  const hook = openTelemetryHook({ tracer });
  return {
    hooks: (attempt) => hook(withParent(attempt)),
    requests: {
      async answering({ method, route, headers }, answer) {
        const parent = propagation.extract(context.active(), headers);
        const attributes = { "http.request.method": method, "http.route": route };
        const span = tracer.startSpan(`${method} ${route}`, { kind: SpanKind.SERVER, attributes }, parent);
        try {
          const response = await context.with(trace.setSpan(parent, span), answer);
          span.setAttribute("http.response.status_code", response.status);
          return response;
        } catch (error) {
          span.setStatus({ code: SpanStatusCode.ERROR });
          throw error;
        } finally {
          span.end();
        }
      },
    },
    headers() {
      const carrier: Record<string, string> = {};
      propagation.inject(context.active(), carrier);
      return carrier;
    },
    async [Symbol.asyncDispose]() {
      // A collector that is away keeps nobody from stopping.
      await provider.shutdown().catch(() => {});
      context.disable();
      propagation.disable();
    },
  };
}

type Attempt = Parameters<HooksProvider>[0];

/** The attempt with the trace of its input, where Restate names none. All else that the hook may look for is there. */
function withParent(attempt: Attempt): Attempt {
  const { headers, attemptHeaders } = attempt.request;
  const parent = headers.get(traceHeader);
  if (parent === undefined || attemptHeaders.has(traceHeader)) return attempt;
  const request = { ...attempt.request, attemptHeaders: new Map([...attemptHeaders, [traceHeader, parent]]) };
  return Object.create(attempt, { request: { value: request } }) as Attempt;
}
