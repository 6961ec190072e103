import { z } from "zod";
import type { TracingOptions } from "../telemetry/tracing.ts";

/**
 * The export and sampling of traces, from the standard variables of OpenTelemetry.
 * https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/
 */
export type TracingConfig = Omit<TracingOptions, "serviceVersion" | "logger">;

const endpoint = z.url({ protocol: /^https?$/, error: "must be an http:// or https:// URL" }).optional();
const whole = z.coerce
  .number("must be a whole number")
  .int("must be a whole number")
  .nonnegative("must be 0 or more");
const protocol = z
  .enum(
    ["http/protobuf", "http/json"],
    'must be "http/protobuf" or "http/json": gRPC is not supported, and collectors take both at port 4318',
  )
  .optional();
const pairs = z.string().transform(readPairs).optional();
const compression = z.enum(["gzip", "none"], 'must be "gzip" or "none"').optional();
const file = z.string().optional();

/** As in the specification, except that tracing is off unless a variable turns it on. */
export const tracingVariables = {
  OTEL_SDK_DISABLED: z.string().optional(),
  OTEL_TRACES_EXPORTER: z
    .enum(["otlp", "none"], 'must be "otlp" or "none": other exporters are not supported')
    .optional(),
  OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: endpoint,
  OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
  OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: protocol,
  OTEL_EXPORTER_OTLP_HEADERS: pairs,
  OTEL_EXPORTER_OTLP_TRACES_HEADERS: pairs,
  OTEL_EXPORTER_OTLP_TIMEOUT: whole.optional(),
  OTEL_EXPORTER_OTLP_TRACES_TIMEOUT: whole.optional(),
  OTEL_EXPORTER_OTLP_COMPRESSION: compression,
  OTEL_EXPORTER_OTLP_TRACES_COMPRESSION: compression,
  OTEL_EXPORTER_OTLP_CERTIFICATE: file,
  OTEL_EXPORTER_OTLP_TRACES_CERTIFICATE: file,
  OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE: file,
  OTEL_EXPORTER_OTLP_TRACES_CLIENT_CERTIFICATE: file,
  OTEL_EXPORTER_OTLP_CLIENT_KEY: file,
  OTEL_EXPORTER_OTLP_TRACES_CLIENT_KEY: file,
  OTEL_SERVICE_NAME: z.string().optional(),
  OTEL_RESOURCE_ATTRIBUTES: pairs,
  OTEL_TRACES_SAMPLER: z
    .enum(
      [
        "always_on",
        "always_off",
        "traceidratio",
        "parentbased_always_on",
        "parentbased_always_off",
        "parentbased_traceidratio",
      ],
      "must be always_on, always_off or traceidratio, or one of them after parentbased_",
    )
    .optional(),
  OTEL_TRACES_SAMPLER_ARG: ratio().optional(),
  OTEL_PROPAGATORS: z.string().optional(),
  OTEL_BSP_SCHEDULE_DELAY: whole.default(1_000),
  OTEL_BSP_EXPORT_TIMEOUT: whole.default(30_000),
  OTEL_BSP_MAX_QUEUE_SIZE: whole.default(2_048),
  OTEL_BSP_MAX_EXPORT_BATCH_SIZE: whole.default(512),
  OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT: whole.optional(),
  OTEL_ATTRIBUTE_COUNT_LIMIT: whole.optional(),
  OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT: whole.optional(),
  OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT: whole.optional(),
  OTEL_SPAN_EVENT_COUNT_LIMIT: whole.optional(),
  OTEL_SPAN_LINK_COUNT_LIMIT: whole.optional(),
  DURANIUM_TRACE_RATIO: ratio().default(1),
};

type Given = z.infer<z.ZodObject<typeof tracingVariables>>;

/** `undefined` if tracing is off. */
export function tracingOf(given: Given): TracingConfig | undefined {
  const url = urlOf(given);
  if (url === undefined) return undefined;
  const { "service.name": named, ...resource } = given.OTEL_RESOURCE_ATTRIBUTES ?? {};
  const propagators = given.OTEL_PROPAGATORS?.split(",").map((name) => name.trim());
  return {
    exporter: {
      url,
      protocol:
        given.OTEL_EXPORTER_OTLP_TRACES_PROTOCOL ?? given.OTEL_EXPORTER_OTLP_PROTOCOL ?? "http/protobuf",
      headers: given.OTEL_EXPORTER_OTLP_TRACES_HEADERS ?? given.OTEL_EXPORTER_OTLP_HEADERS ?? {},
      timeoutMs: given.OTEL_EXPORTER_OTLP_TRACES_TIMEOUT ?? given.OTEL_EXPORTER_OTLP_TIMEOUT ?? 10_000,
      compression:
        given.OTEL_EXPORTER_OTLP_TRACES_COMPRESSION ?? given.OTEL_EXPORTER_OTLP_COMPRESSION ?? "none",
      certificates: withoutUndefined({
        ca: given.OTEL_EXPORTER_OTLP_TRACES_CERTIFICATE ?? given.OTEL_EXPORTER_OTLP_CERTIFICATE,
        cert:
          given.OTEL_EXPORTER_OTLP_TRACES_CLIENT_CERTIFICATE ?? given.OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE,
        key: given.OTEL_EXPORTER_OTLP_TRACES_CLIENT_KEY ?? given.OTEL_EXPORTER_OTLP_CLIENT_KEY,
      }),
    },
    serviceName: given.OTEL_SERVICE_NAME ?? named ?? "duranium",
    resource,
    sampler: samplerOf(given),
    isPropagated: propagators === undefined || propagators.includes("tracecontext"),
    batch: {
      delayMs: given.OTEL_BSP_SCHEDULE_DELAY,
      timeoutMs: given.OTEL_BSP_EXPORT_TIMEOUT,
      maxQueuedSpans: given.OTEL_BSP_MAX_QUEUE_SIZE,
      maxBatchSpans: Math.min(given.OTEL_BSP_MAX_EXPORT_BATCH_SIZE, given.OTEL_BSP_MAX_QUEUE_SIZE),
    },
    limits: withoutUndefined({
      attributeValueLengthLimit:
        given.OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT ?? given.OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT,
      attributeCountLimit: given.OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT ?? given.OTEL_ATTRIBUTE_COUNT_LIMIT,
      eventCountLimit: given.OTEL_SPAN_EVENT_COUNT_LIMIT,
      linkCountLimit: given.OTEL_SPAN_LINK_COUNT_LIMIT,
    }),
  };
}

/** The endpoint for traces is used unchanged; the path of the signal is appended to the general one. */
function urlOf(given: Given): string | undefined {
  const { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: ofTraces, OTEL_EXPORTER_OTLP_ENDPOINT: base } = given;
  if (given.OTEL_SDK_DISABLED?.toLowerCase() === "true" || given.OTEL_TRACES_EXPORTER === "none")
    return undefined;
  if (ofTraces !== undefined) return ofTraces;
  if (base !== undefined) return `${base.replace(/\/+$/, "")}/v1/traces`;
  return given.OTEL_TRACES_EXPORTER === "otlp" ? "http://localhost:4318/v1/traces" : undefined;
}

function samplerOf(given: Given): TracingConfig["sampler"] {
  const { OTEL_TRACES_SAMPLER: sampler, OTEL_TRACES_SAMPLER_ARG: argument } = given;
  if (sampler === undefined)
    return { kind: "traceidratio", isParentBased: true, ratio: given.DURANIUM_TRACE_RATIO };
  const isParentBased = sampler.startsWith("parentbased_");
  const kind = (
    isParentBased ? sampler.slice("parentbased_".length) : sampler
  ) as TracingConfig["sampler"]["kind"];
  return { kind, isParentBased, ratio: argument ?? 1 };
}

function ratio() {
  return z.coerce.number("must be a number").min(0, "must be from 0 to 1").max(1, "must be from 0 to 1");
}

/** `team=billing,environment=production`, keys and values percent-encoded. */
function readPairs(text: string, context: z.core.$RefinementCtx<string>): Record<string, string> {
  const entries = text.split(",").filter((pair) => pair.trim() !== "");
  try {
    return Object.fromEntries(entries.map(readPair));
  } catch {
    context.addIssue({ code: "custom", message: "must be name=value, and more of them after commas" });
    return z.NEVER;
  }
}

function readPair(pair: string): readonly [name: string, value: string] {
  const [name = "", ...value] = pair.split("=");
  if (name.trim() === "" || value.length === 0) throw new Error("no name, or no value");
  return [decodeURIComponent(name.trim()), decodeURIComponent(value.join("=").trim())];
}

type Defined<T> = { readonly [K in keyof T]?: Exclude<T[K], undefined> };

function withoutUndefined<T extends object>(values: T): Defined<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Defined<T>;
}
