import { eventStreamKeepAliveMs } from "../../domain/limits.ts";

export const eventStreamMediaType = "text/event-stream";

/** One event of a stream (HTML Standard, section 9.2). Without a `type` it is a `message`. */
export interface StreamEvent {
  readonly type?: string;
  /** What a reader that comes back sends as `Last-Event-ID`. */
  readonly id?: number;
  /** JSON. */
  readonly data: unknown;
}

/** How long a reader waits before it comes back, after a connection that broke. */
const reconnectMs = 1_000;

/** Whether an `Accept` header asks for a stream of events. */
export function acceptsEventStream(accept: string | undefined): boolean {
  const mediaTypes = (accept ?? "")
    .split(",", 50)
    .map((range) => range.split(";", 1)[0]?.trim().toLowerCase());
  return mediaTypes.includes(eventStreamMediaType);
}

/**
 * Answers with events as they come. `undefined` among them says that nothing happened: after a while of
 * that a comment keeps the connection open. A reader that is slow, or gone, holds back or ends the source.
 */
export function eventStreamResponse(
  events: AsyncIterable<StreamEvent | undefined>,
  keepAliveMs = eventStreamKeepAliveMs,
): Response {
  const body = ReadableStream.from(encodeEvents(events, keepAliveMs));
  return new Response(body as ReadableStream<Uint8Array<ArrayBuffer>>, {
    // Proxies that buffer answers would hold the events back.
    headers: { "content-type": eventStreamMediaType, "x-accel-buffering": "no" },
  });
}

async function* encodeEvents(
  events: AsyncIterable<StreamEvent | undefined>,
  keepAliveMs: number,
): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  yield encoder.encode(`retry: ${reconnectMs}\n\n`);
  let sentAt = performance.now();
  for await (const event of events) {
    if (event === undefined && performance.now() - sentAt < keepAliveMs) continue;
    yield encoder.encode(event === undefined ? ": keep-alive\n\n" : encodeEvent(event));
    sentAt = performance.now();
  }
}

/** JSON has no line breaks of its own, so the data is one line. */
function encodeEvent({ type, id, data }: StreamEvent): string {
  const fields = [
    ...(type === undefined ? [] : [`event: ${type}`]),
    ...(id === undefined ? [] : [`id: ${id}`]),
    `data: ${JSON.stringify(data)}`,
  ];
  return `${fields.join("\n")}\n\n`;
}
