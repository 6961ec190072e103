import { describe, expect, test } from "vitest";
import { defaultExecutionLimits } from "../../domain/execution-limits.ts";
import type { ExecutionLimits } from "../../domain/execution-limits.ts";
import {
  maxCallsInFlight,
  maxFailureBytes,
  maxFetchRequestBytes,
  maxLogLineBytes,
  maxResultBytes,
} from "../../domain/limits.ts";
import {
  maxCallArgumentBytes,
  maxLogLinesPerTurn,
  maxOperationNameBytes,
  maxTurnBytes,
} from "../../host/limits.ts";
import { createTurnRecorder } from "./turn-recorder.ts";

const memoryBytes = 40 * 1024 * 1024;

/** A recorder over a memory that begins with the text. */
function recorderOver(text: string, given: Partial<ExecutionLimits> = {}) {
  const memory = new ArrayBuffer(memoryBytes);
  new Uint8Array(memory).set(new TextEncoder().encode(text));
  const limits = { ...defaultExecutionLimits, ...given };
  let stopped = 0;
  const recorder = createTurnRecorder({
    memory: () => memory,
    limits: () => limits,
    stop: () => void (stopped += 1),
  });
  return { ...recorder, stopped: () => stopped };
}

describe("a turn recorder", () => {
  test("the recorder copies the guest's calls in order", () => {
    const { imports, finish } = recorderOver('fetch{"a":1}body');
    imports.call(0, 0, 5, 5, 7, 12, 4);
    imports.call(-1, 0, 5, 5, 0, 12, 0);
    imports.abandon(0);
    imports.log(2, 5, 7);
    imports.complete(5, 7);
    const turn = finish();
    expect(turn.calls.map(({ id, operation }) => [id, operation])).toEqual([
      [0, "fetch"],
      [4_294_967_295, "fetch"],
    ]);
    expect(new TextDecoder().decode(turn.calls[0]?.arguments)).toBe('{"a":1}');
    expect(new TextDecoder().decode(turn.calls[0]?.body)).toBe("body");
    expect(turn.calls[0]?.body.buffer.byteLength).toBe(4);
    expect(turn.abandoned).toEqual([0]);
    expect(turn.logs[0]?.level).toBe("warn");
    expect(turn.completion?.ok).toBe(true);
  });

  test("the recorder starts each turn empty", () => {
    const { imports, finish } = recorderOver("fetch");
    imports.call(0, 0, 5, 0, 0, 0, 0);
    finish();
    expect(finish()).toEqual({ calls: [], abandoned: [], logs: [] });
  });

  test("only the first completion counts", () => {
    const { imports, finish } = recorderOver("12");
    imports.fail(0, 1);
    imports.complete(1, 1);
    expect(finish().completion).toEqual({ ok: false, json: new TextEncoder().encode("1") });
  });

  test.each([
    ["a pointer beyond the memory", -1, 1],
    ["a length that is negative", 0, -1],
    ["an end beyond the memory", memoryBytes - 3, 4],
    ["a sum that overflows 32 bits", -4, 8],
  ])("the recorder refuses to read %s", (_, pointer, length) => {
    const { imports, finish } = recorderOver("");
    imports.complete(pointer, length);
    expect(finish).toThrow(expect.objectContaining({ code: "guest-protocol-violated" }));
  });

  test("the recorder reads up to the last byte of the memory", () => {
    const { imports, finish } = recorderOver("");
    imports.complete(memoryBytes - 4, 4);
    expect(finish().completion?.json).toEqual(new Uint8Array(4));
  });

  test("an unknown log level is refused", () => {
    const { imports, finish } = recorderOver("");
    imports.log(4, 0, 0);
    expect(finish).toThrow(expect.objectContaining({ code: "guest-protocol-violated" }));
  });

  test.each([
    ["the name of an operation", maxOperationNameBytes, (length: number) => [0, 0, length, 0, 0, 0, 0]],
    ["the arguments of a call", maxCallArgumentBytes, (length: number) => [0, 0, 0, 0, length, 0, 0]],
    ["the body of a call", maxFetchRequestBytes, (length: number) => [0, 0, 0, 0, 0, 0, length]],
  ])("the recorder accepts %s at the limit and refuses one byte more", (_, limit, call) => {
    const { imports, finish } = recorderOver("");
    imports.call(...call(limit));
    expect(finish().calls).toHaveLength(1);
    imports.call(...call(limit + 1));
    expect(finish).toThrow(expect.objectContaining({ code: "limit-exceeded" }));
  });

  test.each([
    ["complete", maxResultBytes, []],
    ["fail", maxFailureBytes, []],
    ["log", maxLogLineBytes, [1]],
  ] as const)("the recorder accepts %s up to the limit and refuses one byte more", (name, limit, before) => {
    const { imports, finish } = recorderOver("");
    imports[name](...before, 0, limit);
    expect(finish).not.toThrow();
    imports[name](...before, 0, limit + 1);
    expect(finish).toThrow(expect.objectContaining({ code: "limit-exceeded" }));
  });

  test("the recorder keeps no more calls than may be in flight", () => {
    const { imports, finish } = recorderOver("fetch");
    for (let id = 0; id < maxCallsInFlight; id++) imports.call(id, 0, 5, 0, 0, 0, 0);
    expect(finish().calls).toHaveLength(maxCallsInFlight);
    for (let id = 0; id <= maxCallsInFlight; id++) imports.call(id, 0, 5, 0, 0, 0, 0);
    expect(finish).toThrow(expect.objectContaining({ code: "limit-exceeded" }));
  });

  test("a guest is stopped at the first violation of its execution's limits", () => {
    const { imports, finish, stopped } = recorderOver("fetch", { callsInFlight: 2, resultBytes: 5 });
    for (let id = 0; id < 2; id++) imports.call(id, 0, 5, 0, 0, 0, 0);
    imports.complete(0, 5);
    expect([finish().calls.length, stopped()]).toEqual([2, 0]);
    for (let id = 0; id < 5; id++) imports.call(id, 0, 5, 0, 0, 0, 0);
    expect(stopped()).toBe(1);
    expect(finish).toThrow("Too many host calls in one turn: 3, and the limit is 2 (callsInFlight)");
    imports.complete(0, 6);
    expect(stopped()).toBe(2);
    expect(finish).toThrow("Too many bytes in the result: 6, and the limit is 5 (resultBytes)");
  });

  test("the number of abandoned calls is bounded", () => {
    const { imports, finish } = recorderOver("");
    for (let id = 0; id <= 2 * maxCallsInFlight; id++) imports.abandon(id);
    expect(finish).toThrow(expect.objectContaining({ code: "limit-exceeded" }));
  });

  test("the bytes of a turn are bounded", () => {
    const { imports, finish } = recorderOver("");
    for (let taken = 0; taken < maxTurnBytes; taken += maxFetchRequestBytes) {
      imports.call(0, 0, 0, 0, 0, 0, maxFetchRequestBytes);
    }
    expect(finish().calls).toHaveLength(maxTurnBytes / maxFetchRequestBytes);
    for (let taken = 0; taken <= maxTurnBytes; taken += maxFetchRequestBytes) {
      imports.call(0, 0, 0, 0, 0, 0, maxFetchRequestBytes);
    }
    expect(finish).toThrow(expect.objectContaining({ code: "limit-exceeded" }));
  });

  test("console lines above the limit are dropped, and the last line reports it", () => {
    const { imports, finish } = recorderOver("[1]");
    for (let line = 0; line < maxLogLinesPerTurn + 10; line++) imports.log(1, 0, 3);
    const { logs } = finish();
    expect(logs).toHaveLength(maxLogLinesPerTurn + 1);
    expect(new TextDecoder().decode(logs.at(-1)?.line)).toContain("dropped");
  });
});
