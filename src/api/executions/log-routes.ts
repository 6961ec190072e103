import { z } from "zod";
import type { LogEvent, LogService } from "../contract/services.ts";
import { toWire } from "../contract/wire.ts";
import {
  acceptsEventStream,
  eventStreamMediaType,
  eventStreamResponse,
  type StreamEvent,
} from "../http/event-stream.ts";
import { page, pageRequest } from "../http/paging.ts";
import { defineRoute, type Route } from "../http/route.ts";
import { executionParameters } from "./execution-schema.ts";
import { logLine, logLineView, logsHeaders, logsQuery } from "./log-schema.ts";

/** `closing` aborts when the API is about to close: streams then end, and their readers reconnect. */
export function logRoutes(logs: LogService, closing: AbortSignal): readonly Route[] {
  return [list(logs, closing)];
}

function list(logs: LogService, closing: AbortSignal): Route {
  return defineRoute({
    method: "get",
    path: "/executions/:executionId/logs",
    access: "executions:read",
    operationId: "listLogLines",
    tag: "Executions",
    summary: "List the console output of an execution, or follow it",
    description:
      "In the order in which it was written; a replay adds nothing. With `Accept: text/event-stream` the " +
      "lines come as server-sent events, those that are there and then each as it is written: the `data` of " +
      "a `message` is a line, its `id` the line's number, so that `Last-Event-ID` goes on after it. When the " +
      "execution has ended, and all lines were sent, one event `end` says its status; close the stream then.",
    params: executionParameters,
    query: logsQuery,
    headers: logsHeaders,
    answer: page(logLine, "A page of lines, or the stream of them", {
      otherMediaTypes: [eventStreamMediaType],
    }),
    errors: ["execution-not-found", "invalid-cursor", "too-many-log-streams", "restate-unavailable"],
    handle: async ({ params, query, headers }, context) => {
      const filter = query.level === undefined ? {} : { levels: query.level };
      const request = pageRequest(query, lineNumber);
      if (!acceptsEventStream(headers.accept)) {
        const lines = await logs.list(params.executionId, filter, request);
        return { ...lines, items: lines.items.map(logLineView) };
      }
      const after = headers["last-event-id"] ?? request.after;
      const signal = AbortSignal.any([context.req.raw.signal, closing]);
      const reader = { keyId: context.get("apiKey").id, signal };
      return eventStreamResponse(streamEvents(await logs.follow(params.executionId, filter, after, reader)));
    },
  });
}

const lineNumber = z.int().nonnegative();

async function* streamEvents(events: AsyncIterable<LogEvent>): AsyncGenerator<StreamEvent | undefined> {
  for await (const event of events) {
    if (event.kind === "line")
      yield { id: event.line.number, data: toWire(logLine, logLineView(event.line)) };
    else if (event.kind === "ended")
      yield { type: "end", data: event.status === undefined ? {} : { status: event.status } };
    else yield undefined;
  }
}
