import { describe, expect, test } from "vitest";
import { ConfigError, readConfig } from "./config.ts";

const collector = { OTEL_EXPORTER_OTLP_ENDPOINT: "http://collector:4318" };

function tracing(environment: Record<string, string>) {
  return readConfig({ ...collector, ...environment }).tracing;
}

describe("the variables of OpenTelemetry", () => {
  test.each([
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: "https://otel.example/base/" }, "https://otel.example/base/v1/traces"],
    [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: "http://t.example/custom" }, "http://t.example/custom"],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: "", OTEL_TRACES_EXPORTER: "otlp" }, "http://localhost:4318/v1/traces"],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: "" }, undefined],
    [{ OTEL_TRACES_EXPORTER: "none" }, undefined],
    [{ OTEL_SDK_DISABLED: "TRUE" }, undefined],
    [{ OTEL_SDK_DISABLED: "false" }, "http://collector:4318/v1/traces"],
  ])("the endpoint of traces is configured by %j", (environment, url) => {
    expect(tracing(environment)?.exporter.url).toBe(url);
  });

  test("the export of spans is configured by the variables for traces before those for all signals", () => {
    const both = {
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
      OTEL_EXPORTER_OTLP_HEADERS: "authorization=Basic%20YQ%3D%3D, x-tenant=a=b",
      OTEL_EXPORTER_OTLP_TIMEOUT: "2500",
      OTEL_EXPORTER_OTLP_COMPRESSION: "gzip",
      OTEL_EXPORTER_OTLP_CERTIFICATE: "/ca.pem",
    };
    expect(tracing(both)?.exporter).toMatchObject({
      protocol: "http/json",
      headers: { authorization: "Basic YQ==", "x-tenant": "a=b" },
      timeoutMs: 2_500,
      compression: "gzip",
      certificates: { ca: "/ca.pem" },
    });
    const ofTraces = {
      OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: "http/protobuf",
      OTEL_EXPORTER_OTLP_TRACES_HEADERS: "a=1",
    };
    expect(tracing({ ...both, ...ofTraces })?.exporter).toMatchObject({
      protocol: "http/protobuf",
      headers: { a: "1" },
    });
  });

  test("the service name and other resource attributes are configured", () => {
    const attributes = { OTEL_RESOURCE_ATTRIBUTES: "service.name=shop,deployment.environment.name=pro%2Cd" };
    expect(tracing(attributes)).toMatchObject({
      serviceName: "shop",
      resource: { "deployment.environment.name": "pro,d" },
    });
    expect(tracing({ ...attributes, OTEL_SERVICE_NAME: "store" })?.serviceName).toBe("store");
  });

  test.each([
    [{}, { kind: "traceidratio", isParentBased: true, ratio: 1 }],
    [{ DURANIUM_TRACE_RATIO: "0.2" }, { kind: "traceidratio", isParentBased: true, ratio: 0.2 }],
    [{ OTEL_TRACES_SAMPLER: "always_off" }, { kind: "always_off", isParentBased: false, ratio: 1 }],
    [
      { OTEL_TRACES_SAMPLER: "parentbased_traceidratio", OTEL_TRACES_SAMPLER_ARG: "0.5" },
      { kind: "traceidratio", isParentBased: true, ratio: 0.5 },
    ],
  ])("the sampler is configured by %j", (environment, sampler) => {
    expect(tracing(environment)?.sampler).toEqual(sampler);
  });

  test("context propagation, batching and span limits are configured", () => {
    expect(tracing({ OTEL_PROPAGATORS: "none" })?.isPropagated).toBe(false);
    expect(tracing({ OTEL_PROPAGATORS: "baggage, tracecontext" })?.isPropagated).toBe(true);
    expect(
      tracing({
        OTEL_BSP_SCHEDULE_DELAY: "200",
        OTEL_BSP_MAX_QUEUE_SIZE: "100",
        OTEL_ATTRIBUTE_COUNT_LIMIT: "7",
      }),
    ).toMatchObject({
      batch: { delayMs: 200, maxQueuedSpans: 100, maxBatchSpans: 100 },
      limits: { attributeCountLimit: 7 },
    });
  });

  test.each([
    [{ OTEL_EXPORTER_OTLP_PROTOCOL: "grpc" }, "OTEL_EXPORTER_OTLP_PROTOCOL must be"],
    [{ OTEL_EXPORTER_OTLP_HEADERS: "authorization" }, "OTEL_EXPORTER_OTLP_HEADERS must be name=value"],
    [{ OTEL_EXPORTER_OTLP_HEADERS: "a=%" }, "OTEL_EXPORTER_OTLP_HEADERS must be name=value"],
    [{ OTEL_TRACES_SAMPLER: "xray" }, "OTEL_TRACES_SAMPLER must be"],
    [{ OTEL_TRACES_SAMPLER_ARG: "2" }, "OTEL_TRACES_SAMPLER_ARG must be from 0 to 1"],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: "collector:4318" }, "OTEL_EXPORTER_OTLP_ENDPOINT must be"],
  ])("an unsupported variable is refused by name: %j", (environment, message) => {
    expect(() => tracing(environment)).toThrow(ConfigError);
    expect(() => tracing(environment)).toThrow(message);
  });
});
