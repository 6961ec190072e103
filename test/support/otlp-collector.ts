import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { gunzipSync } from "node:zlib";
import { fieldsOf } from "../../src/base/protobuf.ts";

/** A span as a collector received it. */
export interface CollectedSpan {
  readonly traceId: string;
  readonly spanId: string;
  /** Empty for a root span. */
  readonly parentSpanId: string;
  readonly name: string;
  /** 1 internal, 2 server, 3 client. */
  readonly kind: number;
  readonly attributes: Readonly<Record<string, unknown>>;
  /** 1 ok, 2 error. */
  readonly statusCode: number;
  readonly resource: Readonly<Record<string, unknown>>;
}

/** A trace collector for OTLP over HTTP with protobuf. */
export interface OtlpCollector extends AsyncDisposable {
  readonly url: string;
  readonly spans: readonly CollectedSpan[];
  /** Headers of the requests, in order. */
  readonly headers: readonly Readonly<Record<string, string | string[] | undefined>>[];
}

export async function startOtlpCollector(): Promise<OtlpCollector> {
  const spans: CollectedSpan[] = [];
  const headers: Record<string, string | string[] | undefined>[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      headers.push(request.headers);
      const body = Buffer.concat(chunks);
      const isPosted = request.method === "POST" && request.url === "/v1/traces";
      if (!isPosted || request.headers["content-type"] !== "application/x-protobuf") {
        response.writeHead(400).end();
        return;
      }
      spans.push(...decodeSpans(request.headers["content-encoding"] === "gzip" ? gunzipSync(body) : body));
      response.writeHead(200, { "content-type": "application/x-protobuf" }).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    headers,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/**
 * `ExportTraceServiceRequest` of
 * https://github.com/open-telemetry/opentelemetry-proto/blob/main/opentelemetry/proto/trace/v1/trace.proto
 */
function decodeSpans(request: Buffer): CollectedSpan[] {
  return messages(request, 1).flatMap((resourceSpans) => {
    const resource = attributesIn(messages(resourceSpans, 1)[0] ?? Buffer.alloc(0), 1);
    return messages(resourceSpans, 2).flatMap((scopeSpans) =>
      messages(scopeSpans, 2).map((span) => ({ ...decodeSpan(span), resource })),
    );
  });
}

function decodeSpan(span: Buffer): Omit<CollectedSpan, "resource"> {
  const hex = (field: number) => (messages(span, field)[0] ?? Buffer.alloc(0)).toString("hex");
  const status = messages(span, 15)[0];
  return {
    traceId: hex(1),
    spanId: hex(2),
    parentSpanId: hex(4),
    name: String(messages(span, 5)[0] ?? ""),
    kind: number(span, 6),
    attributes: attributesIn(span, 9),
    statusCode: status === undefined ? 0 : number(status, 3),
  };
}

function attributesIn(message: Buffer, field: number): Record<string, unknown> {
  return Object.fromEntries(
    messages(message, field).map((pair) => {
      const [value = Buffer.alloc(0)] = messages(pair, 2);
      return [String(messages(pair, 1)[0]), anyValue(value)];
    }),
  );
}

function anyValue(value: Buffer): unknown {
  const [field] = fieldsOf(value);
  return Buffer.isBuffer(field?.content) ? String(field.content) : Number(field?.content);
}

function messages(message: Buffer, wanted: number): Buffer[] {
  return [...fieldsOf(message)].flatMap(({ number, content }) =>
    number === wanted && Buffer.isBuffer(content) ? [content] : [],
  );
}

function number(message: Buffer, wanted: number): number {
  const found = [...fieldsOf(message)].find((field) => field.number === wanted)?.content;
  return typeof found === "bigint" ? Number(found) : 0;
}
