import { expect, test } from "vitest";
import { acceptsEventStream, eventStreamResponse, type StreamEvent } from "./event-stream.ts";

test("an idle stream sends a keep-alive comment", async () => {
  const loud = await eventStreamResponse(quietEvents(), 0).text();
  expect(loud).toBe('retry: 1000\n\nid: 7\ndata: "first"\n\n: keep-alive\n\nevent: end\ndata: null\n\n');
  expect(await eventStreamResponse(quietEvents(), 60_000).text()).not.toContain("keep-alive");
});

test("the source of a stream is closed when its reader disconnects", async () => {
  const ended = Promise.withResolvers<void>();
  async function* events() {
    try {
      for (;;) yield { data: "more" };
    } finally {
      ended.resolve();
    }
  }
  const reader = eventStreamResponse(events()).body?.getReader();
  await reader?.read();
  await reader?.read();
  await reader?.cancel();
  await ended.promise;
});

test.each([
  [undefined, false],
  ["*/*", false],
  ["application/json, text/plain", false],
  ["text/event-stream", true],
  ["Text/Event-Stream; q=0.9, application/json", true],
])("the Accept header %j requests a stream: %j", (accept, wanted) => {
  expect(acceptsEventStream(accept)).toBe(wanted);
});

async function* quietEvents(): AsyncGenerator<StreamEvent | undefined> {
  yield { id: 7, data: "first" };
  yield undefined;
  yield { type: "end", data: null };
}
