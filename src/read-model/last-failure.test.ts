import { describe, expect, test } from "vitest";
import { lastFailureOf } from "./last-failure.ts";

const stack = "Error: turn-timeout: A turn was stopped\n    at translated (file:///terminal-error.ts:35:47)";

describe("lastFailureOf", () => {
  test("returns an error of the catalogue with its code and without its stack", () => {
    const row = {
      last_failure: `[500 Internal] turn-timeout: A turn was stopped\n${stack}`,
      last_failure_error_code: "RT0007",
      retry_count: 3,
      next_retry_at: "2026-01-31T09:30:00.000Z",
    };
    expect(lastFailureOf(row, "retrying")).toEqual({
      name: "DuraniumError",
      code: "turn-timeout",
      message: "A turn was stopped",
      hint: expect.stringContaining("loops"),
      attempts: 3,
      nextAttemptAt: Date.UTC(2026, 0, 31, 9, 30),
    });
  });

  test("explains an error of Restate and appends Restate's message", () => {
    const row = { last_failure: "connection refused", last_failure_error_code: "RT0010" };
    expect(lastFailureOf(row, "paused")).toMatchObject({
      name: "RestateError",
      code: "RT0010",
      message: "Restate cannot reach the executor, or lost its connection: connection refused",
      hint: expect.stringContaining("DURANIUM_EXECUTOR_URL"),
      attempts: 1,
    });
  });

  test("returns an unknown error unchanged", () => {
    const row = {
      last_failure: "[500 Internal] Cannot read x: gone\nTypeError: Cannot read x: gone\n    at a.ts",
    };
    const told = { name: "Error", code: "internal", message: "Cannot read x: gone" };
    expect(lastFailureOf(row, "retrying")).toMatchObject(told);
    expect(lastFailureOf(row, "retrying")).not.toHaveProperty("nextAttemptAt");
  });

  test("returns the reason of a pause after a restart of Restate", () => {
    const event = { ty: "Paused", last_failure: { error_message: "worker-lost: It ended", error_code: 500 } };
    const paused = { event_json: JSON.stringify(event) };
    expect(lastFailureOf({}, "paused", paused)).toMatchObject({ code: "worker-lost", message: "It ended" });
    expect(lastFailureOf({}, "paused", { event_json: JSON.stringify({ ty: "Paused" }) })).toBeUndefined();
    expect(lastFailureOf({}, "paused")).toBeUndefined();
  });

  test("returns undefined for a running execution", () => {
    expect(lastFailureOf({ last_failure: "once" }, "running")).toBeUndefined();
  });
});
