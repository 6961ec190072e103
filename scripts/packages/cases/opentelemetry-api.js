import { SpanStatusCode, trace } from "@opentelemetry/api";
export function run() {
  return trace.getTracer("t").startActiveSpan("a", (span) => {
    span.setStatus({ code: SpanStatusCode.OK });
    span.end();
    return span.spanContext().traceId;
  });
}
