import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { DuraniumError } from "../domain/errors.ts";
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

test("a line of text has its time and level", () => {
  const log = openLog("text");
  log.part("restate").error("gone", { executionId: "inv_1" });
  log.warn("it is late");
  log
    .part("executor")
    .warn("cannot pause", { error: new DuraniumError("restate-unavailable", "Restate is away") });
  log.info("stopping");
  expect(written.map((line) => line.replace(new RegExp(`^${time} `), ""))).toEqual([
    "ERROR: restate: gone\n",
    "WARN: it is late\n",
    "WARN: executor: cannot pause: Restate is away\n",
    "INFO: stopping\n",
  ]);
  expect(written[0]).toMatch(new RegExp(`^${time} `));
});

test.each([
  ["an error of the catalogue", new DuraniumError("overloaded", "Server overloaded"), false],
  ["an error of the system", Object.assign(new Error("EACCES: no"), { code: "EACCES" }), false],
  ["an unexpected error", new TypeError("x is undefined"), true],
  ["an internal error of the API", new DuraniumError("internal", "x is undefined"), true],
])("%s has a stack only if it is unexpected", (_, error, hasStack) => {
  for (const format of ["text", "json"] as const) openLog(format).error("cannot do it", { error });
  expect(written.map((line) => line.includes("log.test.ts"))).toEqual([hasStack, hasStack]);
  for (const line of written) expect(line).toContain(`cannot do it: ${error.message}`);
});

test("with JSON every line is JSON, including announcements and the reason of the exit", () => {
  const log = openLog("json");
  log.announce("");
  log.announce("API         http://127.0.0.1:3000");
  log.part("restate").error("gone\nsecond line", { executionId: "inv_1" });
  log.error("urn:uuid:1", { instance: "urn:uuid:1", code: "internal", error: new TypeError("it failed") });
  log.access({
    method: "GET",
    path: "/workflows",
    status: 200,
    durationMs: 1.26,
    key: "root",
    operationId: "listWorkflows",
  });
  log.fatal("no");
  const lines = written.map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(lines).toMatchObject([
    { level: "info", msg: "API http://127.0.0.1:3000" },
    { level: "error", part: "restate", executionId: "inv_1", msg: "restate: gone\nsecond line" },
    {
      level: "error",
      instance: "urn:uuid:1",
      code: "internal",
      msg: "urn:uuid:1: it failed",
      error: { name: "TypeError", message: "it failed", stack: expect.stringContaining("log.test.ts") },
    },
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
