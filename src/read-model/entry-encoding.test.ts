import { describe, expect, test } from "vitest";
import { decodeInput, decodeOutput, decodeResult } from "./entry-encoding.ts";
import { failureMessage, field } from "./testing/journal-rows.ts";

const json = { text: "ä".repeat(100), version: 3 };
const value = (content: unknown) => field(1, JSON.stringify(content));
const failure = { code: 500, message: "no", metadata: { code: "workflow-failed", failure: "{}" } };

describe("a result", () => {
  test("has its value after its completion id, at any length", () => {
    expect(decodeResult(Buffer.concat([field(1, 129), field(5, value(json))]))).toEqual({ value: json });
    expect(decodeResult(Buffer.concat([field(3, "event go 0"), field(5, value(null))]))).toEqual({
      value: null,
    });
  });

  test("has a failure, the id of a called invocation, or neither", () => {
    expect(decodeResult(Buffer.concat([field(1, 7), field(6, failureMessage(failure))]))).toEqual({
      failure,
    });
    expect(decodeResult(Buffer.concat([field(1, 7), field(16, "inv_1")]))).toEqual({ value: "inv_1" });
    expect(decodeResult(Buffer.concat([field(1, 7), field(4, "")]))).toEqual({});
  });

  test("is empty if it is truncated, not JSON, or not a message", () => {
    const whole = Buffer.concat([field(1, 7), field(5, value(json))]);
    const broken = [whole.subarray(0, 60), field(5, field(1, "{")), Buffer.from("{}"), Buffer.alloc(0)];
    for (const message of broken) expect(decodeResult(message)).toEqual({});
  });
});

test("an input has its payload and headers", () => {
  const headers = ["a", "b"].map((name) => field(1, field(1, name), field(2, `of ${name}`)));
  expect(decodeInput(Buffer.concat([...headers, field(14, value({ payload: 7 })), field(12, "")]))).toEqual({
    payload: { payload: 7 },
    headers: [
      { name: "a", value: "of a" },
      { name: "b", value: "of b" },
    ],
  });
});

test("an output has a result or a failure", () => {
  expect(decodeOutput(field(14, value(json)))).toEqual({ value: json });
  expect(decodeOutput(field(15, failureMessage(failure)))).toEqual({ failure });
});
