import { readFileSync } from "node:fs";
import { DiagLogLevel, context, diag, propagation, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { W3CTraceContextPropagator } from "@opentelemetry/core";
import { OTLPTraceExporter as JsonExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { OTLPTraceExporter as ProtobufExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { resourceFromAttributes } from "@opentelemetry/resources";
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from "@opentelemetry/sdk-trace";
import type { Sampler, SpanExporter } from "@opentelemetry/sdk-trace";
import type { HooksProvider } from "@restatedev/restate-sdk";
import { openTelemetryHook } from "@restatedev/restate-sdk-opentelemetry";
import type { RequestTracing } from "../api/contract/services.ts";
import type { Logger } from "../base/logger.ts";
import type { ExecutionId } from "../domain/ids.ts";
import type { HttpClient } from "../host/network/http-client.ts";
import { traceHeader } from "../journal/input-headers.ts";
import { traceFetches, traceRequests } from "./http-spans.ts";
import { executionAttributes } from "./span-attributes.ts";
import { createSpanIds } from "./span-ids.ts";
import { createStartedVersions } from "./started-versions.ts";

/**
 * Traces from a request to the API, over the attempts at the execution that it starts, to each effect. They are exported
 * to a collector by OTLP over HTTP. The trace context is a header of the request to Restate, which stores it with the
 * input, so that each attempt on any process reads it. If Restate traces as well, it passes a closer parent with each
 * attempt.
 *
 * Imported only if tracing is on, because loading OpenTelemetry delays the start.
 */
export interface Tracing extends AsyncDisposable {
  readonly requests: RequestTracing;
  /** Creates a span for each attempt and each executed effect. Replayed effects get none. */
  readonly hooks: HooksProvider;
  /** The HTTP client of workflows with a span around each request. */
  fetches(http: HttpClient): HttpClient;
  /** Called during an attempt once its version is known. */
  started(executionId: ExecutionId, version: number): void;
  /** The active trace context, for requests to Restate. */
  headers(): Record<string, string>;
}

export interface TracingOptions {
  readonly serviceVersion: string;
  readonly serviceName: string;
  readonly resource: Readonly<Record<string, string>>;
  readonly exporter: ExporterOptions;
  readonly sampler: SamplerOptions;
  /** True if the `traceparent` of a request is read and passed on. */
  readonly isPropagated: boolean;
  readonly batch: {
    readonly delayMs: number;
    readonly timeoutMs: number;
    readonly maxQueuedSpans: number;
    readonly maxBatchSpans: number;
  };
  /** Limits of each span. The SDK's default applies to missing ones. */
  readonly limits: {
    readonly attributeValueLengthLimit?: number;
    readonly attributeCountLimit?: number;
    readonly eventCountLimit?: number;
    readonly linkCountLimit?: number;
  };
  readonly logger: Logger;
}

interface ExporterOptions {
  /** URL of the collector: `http://127.0.0.1:4318/v1/traces`. */
  readonly url: string;
  readonly protocol: "http/protobuf" | "http/json";
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly compression: "gzip" | "none";
  /** Paths of PEM files. */
  readonly certificates: { readonly ca?: string; readonly cert?: string; readonly key?: string };
}

interface SamplerOptions {
  readonly kind: "always_on" | "always_off" | "traceidratio";
  readonly isParentBased: boolean;
  readonly ratio: number;
}

/** @throws if a certificate cannot be read */
export function startTracing(options: TracingOptions): Tracing {
  const { serviceName, serviceVersion, resource, batch, limits } = options;
  const ids = createSpanIds();
  const provider = new TracerProvider({
    resource: resourceFromAttributes({
      ...resource,
      "service.name": serviceName,
      "service.version": serviceVersion,
    }),
    sampler: samplerOf(options.sampler),
    spanLimits: limits,
    idGenerator: ids,
    spanProcessors: [
      new BatchSpanProcessor({
        exporter: exporterOf(options.exporter),
        scheduledDelayMillis: batch.delayMs,
        exportTimeoutMillis: batch.timeoutMs,
        maxQueueSize: batch.maxQueuedSpans,
        maxExportBatchSize: batch.maxBatchSpans,
      }),
    ],
  });
  reportProblems(options.logger);
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  if (options.isPropagated) propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  const tracer = provider.getTracer("duranium", serviceVersion);
  const versions = createStartedVersions();
  const attributesOf = ({ request: { id, target } }: { readonly request: Attempt["request"] }) => {
    const executionId = id as string as ExecutionId;
    const version = versions.versionOf(executionId);
    const { service, key } = target;
    return service === "Workflow" ? executionAttributes({ workflowId: key, version, executionId }) : {};
  };
  const hook = openTelemetryHook({
    tracer,
    additionalAttemptAttributes: attributesOf,
    additionalRunAttributes: attributesOf,
  });
  return {
    hooks: (attempt) => hook(withParent(attempt)),
    requests: traceRequests(tracer),
    fetches: (http) => traceFetches(http, tracer, ids),
    started(executionId, version) {
      versions.note(executionId, version);
      trace.getActiveSpan()?.setAttributes(executionAttributes({ version }));
    },
    headers() {
      const carrier: Record<string, string> = {};
      propagation.inject(context.active(), carrier);
      return carrier;
    },
    async [Symbol.asyncDispose]() {
      // An unreachable collector must not delay the shutdown.
      await provider.shutdown().catch(() => {});
      context.disable();
      propagation.disable();
      diag.disable();
    },
  };
}

function samplerOf({ kind, isParentBased, ratio }: SamplerOptions): Sampler {
  const root = {
    always_on: () => new AlwaysOnSampler(),
    always_off: () => new AlwaysOffSampler(),
    traceidratio: () => new TraceIdRatioBasedSampler(ratio),
  }[kind]();
  return isParentBased ? new ParentBasedSampler({ root }) : root;
}

function exporterOf({
  protocol,
  timeoutMs,
  compression,
  certificates,
  ...rest
}: ExporterOptions): SpanExporter {
  const options = {
    ...rest,
    timeoutMillis: timeoutMs,
    // oxlint-disable-next-line typescript/no-unsafe-enum-assignment -- the enumeration belongs to a transitive dependency
    compression: compression as Compression,
    httpAgentOptions: Object.fromEntries(
      Object.entries(certificates).map(([name, path]) => [name, readFileSync(path)]),
    ),
  };
  return protocol === "http/json" ? new JsonExporter(options) : new ProtobufExporter(options);
}

/** The enumeration of the exporters' base package, by its values. */
type Compression = NonNullable<NonNullable<ConstructorParameters<typeof JsonExporter>[0]>["compression"]>;

/** An unreachable collector fails each batch. The log is limited to one line per interval. */
const reportIntervalMs = 60_000;

function reportProblems(logger: Logger): void {
  let reportedAt = -Infinity;
  const problem = (message: string) => {
    if (performance.now() - reportedAt < reportIntervalMs) return;
    reportedAt = performance.now();
    logger.error(`cannot export spans: ${message.slice(0, 500)}`);
  };
  diag.setLogger(
    { error: problem, warn: problem, info: ignore, debug: ignore, verbose: ignore },
    { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
  );
}

function ignore(): void {}

type Attempt = Parameters<HooksProvider>[0];

/** The attempt with the trace of its input if Restate sends none. All other fields that the hook reads are unchanged. */
function withParent(attempt: Attempt): Attempt {
  const { headers, attemptHeaders } = attempt.request;
  const parent = headers.get(traceHeader);
  if (parent === undefined || attemptHeaders.has(traceHeader)) return attempt;
  const request = { ...attempt.request, attemptHeaders: new Map([...attemptHeaders, [traceHeader, parent]]) };
  return Object.create(attempt, { request: { value: request } }) as Attempt;
}
