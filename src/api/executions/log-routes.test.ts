import { describe, expect, test } from "vitest";
import type { z } from "zod";
import { toJsonText } from "../../base/json.ts";
import type { LogLevel, LogLine } from "../../domain/log-line.ts";
import { testKey } from "../testing/in-memory-services.ts";
import { type AskOptions, readProblem, type TestApi, testApi } from "../testing/test-api.ts";
import type { logLine } from "./log-schema.ts";

const lines: readonly LogLine[] = (["info", "warn", "error"] as const).map(lineOf);

describe("the console lines of an execution", () => {
  test("are listed with level, time and arguments, page by page", async () => {
    const { list } = await begun();
    const first = await list("?limit=2");
    expect(first.items[0]).toEqual({
      number: 0,
      level: "info",
      time: "1970-01-01T00:00:00.000Z",
      arguments: ["info\nline", { number: 0 }],
    });
    const second = await list(`?limit=2&cursor=${first.cursor}`);
    expect(numbersOf([...first.items, ...second.items])).toEqual([0, 1, 2]);
    expect(second.cursor).toBeUndefined();
  });

  test("are filtered by level", async () => {
    const { ask, list, path } = await begun();
    expect(numbersOf((await list("?level=warn")).items)).toEqual([1]);
    expect(numbersOf((await list("?level=error,info")).items)).toEqual([0, 2]);
    expect((await readProblem(await ask("GET", `${path}?level=loud`))).code).toBe("invalid-request");
  });

  test("an unknown execution is reported with 404, for a list and for a stream", async () => {
    const { ask } = await begun();
    const nowhere = `/executions/inv_${"0".repeat(24)}/logs`;
    expect((await readProblem(await ask("GET", nowhere))).code).toBe("execution-not-found");
    expect((await readProblem(await ask("GET", nowhere, asStream()))).code).toBe("execution-not-found");
  });
});

describe("the stream of an execution's console lines", () => {
  test("has an event per line with the line number as ID, and an end event", async () => {
    const { stream } = await begun();
    const response = await stream();
    expect(response.headers.get("content-type")).toBe("text/event-stream");
    expect(response.headers.get("cache-control")).toBe("no-store");
    const events = (await response.text()).split("\n\n");
    expect(events[0]).toBe("retry: 1000");
    expect(events[1]).toBe(
      'id: 0\ndata: {"number":0,"level":"info","time":"1970-01-01T00:00:00.000Z","arguments":["info\\nline",{"number":0}]}',
    );
    expect(events.slice(2).map((event) => event.split("\n", 1)[0])).toEqual([
      "id: 1",
      "id: 2",
      "event: end",
      "",
    ]);
    expect(events[4]).toBe('event: end\ndata: {"status":"completed"}');
  });

  test("resumes after Last-Event-ID and is filtered by level", async () => {
    const { stream } = await begun();
    expect(await (await stream({ headers: { "last-event-id": "1" } })).text()).not.toContain("id: 1\n");
    const warnings = await (await stream({}, "?level=warn")).text();
    expect(warnings.match(/^id: .*$/gm)).toEqual(["id: 1"]);
    const refused = await stream({ headers: { "last-event-id": "-1" } });
    expect((await readProblem(refused)).code).toBe("invalid-request");
  });
});

interface Started {
  readonly ask: TestApi["ask"];
  readonly list: (query?: string) => Promise<{ items: z.input<typeof logLine>[]; cursor?: string }>;
  readonly path: string;
  readonly stream: (options?: AskOptions, query?: string) => Promise<Response>;
}

async function begun(): Promise<Started> {
  const { app, ask, services } = testApi();
  const { executionId } = await services.executions.execute({
    workflowId: "order-sync" as never,
    payload: toJsonText(null),
    caller: { id: "root", name: "root" },
  });
  services.logs.add(...lines);
  const path = `/executions/${executionId}/logs`;
  const stream: Started["stream"] = async (options, query = "") =>
    await app.request(`${path}${query}`, {
      headers: { authorization: `Bearer ${testKey}`, ...asStream(options).headers },
    });
  const list: Started["list"] = async (query = "") =>
    (await (await ask("GET", `${path}${query}`)).json()) as Awaited<ReturnType<Started["list"]>>;
  return { ask, list, path, stream };
}

function asStream({ headers }: AskOptions = {}): AskOptions {
  return { headers: { accept: "text/html;q=0.5, text/event-stream", ...headers } };
}

function lineOf(level: LogLevel, number: number): LogLine {
  return { number, level, at: number * 1_000, line: [`${level}\nline`, { number }] };
}

function numbersOf(items: readonly { readonly number: number }[]): readonly number[] {
  return items.map(({ number }) => number);
}
