import { eventStreamKeepAliveMs } from "../contract/limits.ts";

export const eventStreamMediaType = "text/event-stream";

/** One event of a stream (HTML Standard, section 9.2). An event without a `type` is a `message`. */
export interface StreamEvent {
  readonly type?: string;
  /** Sent back as `Last-Event-ID` by a client that reconnects. */
  readonly id?: number;
  /** Encoded as JSON. */
  readonly data: unknown;
}

/** How long a client waits before it reconnects after an interruption. */
const reconnectMs = 1_000;

/** True if an `Accept` header asks for an event stream. */
export function acceptsEventStream(accept: string | undefined): boolean {
  const mediaTypes = (accept ?? "")
    .split(",", 50)
    .map((range) => range.split(";", 1)[0]?.trim().toLowerCase());
  return mediaTypes.includes(eventStreamMediaType);
}

/**
 * Sends events as they occur. The source yields `undefined` while nothing happens, and after some time without events a
 * comment keeps the connection open. A slow client slows the source down, and a client that disconnects ends it.
 */
export function eventStreamResponse(
  events: AsyncIterable<StreamEvent | undefined>,
  keepAliveMs = eventStreamKeepAliveMs,
): Response {
  const body = ReadableStream.from(encodeEvents(events, keepAliveMs));
  return new Response(body as ReadableStream<Uint8Array<ArrayBuffer>>, {
    // Proxies that buffer responses would delay the events.
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

/** Encoded JSON has no line breaks, so the data is one line. */
function encodeEvent({ type, id, data }: StreamEvent): string {
  const fields = [
    ...(type === undefined ? [] : [`event: ${type}`]),
    ...(id === undefined ? [] : [`id: ${id}`]),
    `data: ${JSON.stringify(data)}`,
  ];
  return `${fields.join("\n")}\n\n`;
}
