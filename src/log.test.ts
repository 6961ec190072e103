import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { openLog } from "./log.ts";

let written: string[] = [];

beforeEach(() => {
  written = [];
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, "write").mockImplementation((text) => written.push(String(text)) > 0);
  }
});

afterEach(() => void vi.restoreAllMocks());

const time = String.raw`\[\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\]`;

test("a line for people has its time and its level", () => {
  const log = openLog("text");
  log.print("error restate: gone");
  log.print("warning: it is late");
  log.print("restate warn Workflow/x inv_1: cut off");
  log.print("stopping");
  expect(written.map((line) => line.replace(new RegExp(`^${time} `), ""))).toEqual([
    "ERROR: restate: gone\n",
    "WARN: it is late\n",
    "WARN: restate Workflow/x inv_1: cut off\n",
    "INFO: stopping\n",
  ]);
  expect(written[0]).toMatch(new RegExp(`^${time} `));
});

test("with JSON every line is JSON, the announcement and the reason of the end too", () => {
  const log = openLog("json");
  log.announce("");
  log.announce("API         http://127.0.0.1:3000");
  log.print("error restate: gone\nsecond line");
  log.error("urn:uuid:1: it failed", { instance: "urn:uuid:1", code: "internal" });
  log.access({
    method: "GET",
    path: "/workflows",
    status: 200,
    tookMs: 1.26,
    key: "root",
    operationId: "listWorkflows",
  });
  log.fatal("no");
  const lines = written.map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(lines).toMatchObject([
    { level: "info", msg: "API http://127.0.0.1:3000" },
    { level: "error", msg: "restate: gone\nsecond line" },
    { level: "error", instance: "urn:uuid:1", code: "internal" },
    {
      level: "info",
      access: {
        operation: "listWorkflows",
        method: "GET",
        path: "/workflows",
        status: 200,
        durationMs: 1.3,
        key: "root",
      },
    },
    { level: "fatal", msg: "no" },
  ]);
});
