import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import { expect, test } from "vitest";
import { DuraniumError } from "../domain/errors.ts";
import { traceRequests } from "./http-spans.ts";

const request = {
  method: "GET",
  route: "/workflows/:workflowId",
  url: "http://[::1]:3000/workflows/none?secret=1",
  path: "/workflows/none",
  headers: {},
  clientAddress: "::1",
  workflowId: "none",
};

test.each([
  ["a response", new Response("", { status: 404 }), { status: 404, code: 0, type: undefined }],
  [
    "a refusal",
    new DuraniumError("workflow-not-found", "There is none"),
    { status: 404, code: 0, type: undefined },
  ],
  [
    "a server error",
    new DuraniumError("restate-unavailable", "It is away"),
    { status: 503, code: 2, type: "restate-unavailable" },
  ],
  ["an unexpected error", new TypeError("x is undefined"), { status: 500, code: 2, type: "internal" }],
])("a server span of %s has its status, and is an error if the server is at fault", async (_, came, told) => {
  const exporter = new InMemorySpanExporter();
  const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] });
  const tracing = traceRequests(provider.getTracer("test"));
  const answer = async () => (came instanceof Response ? came : await Promise.reject(came));
  await tracing.answering(request, answer).catch(() => undefined);
  await provider.forceFlush();
  const [span] = exporter.getFinishedSpans();
  expect(span?.status.code).toBe(told.code);
  expect(span?.attributes).toMatchObject({
    "http.response.status_code": told.status,
    "url.path": "/workflows/none",
    "server.address": "::1",
    "server.port": 3000,
    "duranium.workflow.id": "none",
  });
  expect(span?.attributes["error.type"]).toBe(told.type);
  expect(JSON.stringify(span?.attributes)).not.toContain("secret");
});
