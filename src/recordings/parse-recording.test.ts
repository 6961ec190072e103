import { describe, expect, test } from "vitest";
import { maxRecordingTextBytes } from "./limits.ts";
import { parseRecording } from "./parse-recording.ts";
import { recordingFormat } from "./recording.ts";
import type { Recording } from "./recording.ts";

const recording: Recording = {
  format: recordingFormat,
  workflowId: "orders",
  version: 1,
  executionId: "inv_1",
  recordedAt: 1,
  start: { executionId: "inv_1", seed: "ab".repeat(32), now: 1, callbackUrl: "http://localhost/" },
  payload: null,
  calls: [{ name: "sleep", operation: "sleep", result: { value: null } }],
  signals: [{ name: "event go 0", result: { value: { now: 1, value: 1 } } }],
  arrivals: [{ barrier: "started" }, { signal: "event go 0" }, { call: 0 }],
  logs: [],
};

describe("a file that should be a recording", () => {
  test("is read with values of any form in it", () => {
    const payload = JSON.parse('{"__proto__": {"polluted": true}, "constructor": 1}') as null;
    const read = parseRecording(JSON.stringify({ ...recording, payload, unknown: 1 }));
    expect(read).toEqual({ ...recording, payload });
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  test.each([
    ["not JSON", "{", "it is not JSON"],
    ["a list", "[]", 'it has no `format` "duranium-recording/1"'],
    ["null", "null", "it has no `format`"],
    ["of a later format", JSON.stringify({ format: "duranium-recording/2" }), "this release reads"],
    ["without its members", JSON.stringify({ format: recordingFormat }), "Invalid input"],
    ["with members of other types", change({ calls: {} as never }), "calls"],
    ["without a payload", change({ payload: undefined as never }), "is required"],
    ["with an arrival of no call", change({ arrivals: [{ call: 7 }] }), "names the call 7"],
    ["with an arrival of no signal", change({ arrivals: [{ signal: "event x 0" }] }), "names a signal"],
    ["with a result that arrives twice", change({ arrivals: [{ call: 0 }, { call: 0 }] }), "arrives twice"],
    [
      "with an arrival without a result",
      change({ calls: [{ name: "sleep", operation: "sleep" }] }),
      "has no result",
    ],
    ["nested too deeply", nested(5_000), "levels deep"],
    ["too long", " ".repeat(maxRecordingTextBytes + 1), "the limit is"],
  ])("is refused if it is %s", (_, text, why) => {
    expect(() => parseRecording(text)).toThrow(`Cannot read the recording: `);
    expect(() => parseRecording(text)).toThrow(why);
  });
});

function change(changed: Partial<Recording>): string {
  return JSON.stringify({ ...recording, ...changed });
}

function nested(levels: number): string {
  return change({ payload: "here" }).replace('"here"', `${"[".repeat(levels)}${"]".repeat(levels)}`);
}
