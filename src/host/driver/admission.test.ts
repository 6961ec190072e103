import { describe, expect, test } from "vitest";
import { maxFailureBytes, maxJsonDepth } from "../../domain/limits.ts";
import type { GuestCall, Turn } from "../guest.ts";
import { maxBodyBytesInFlight, maxCallArgumentBytes } from "../limits.ts";
import type { NamedLimit } from "../operations/operation.ts";
import {
  commandNames,
  driveGuest,
  driveTurns,
  driveTurnsWithin,
  scriptedPayload as payload,
} from "../testing/scripted-drive.ts";
import { createHostileGuest, guestCall, jsonBytes } from "../testing/scripted-guest.ts";

const done: CompletionOfTurn = { ok: true, json: jsonBytes("done") };

describe("a guest that violates the protocol fails permanently, and its turn leaves no command", () => {
  const valid = guestCall(0, "effect", { key: "a" });
  const malformed = (text: string) => ({ ...valid, arguments: new TextEncoder().encode(text) });
  const cases: readonly [what: string, turn: Partial<Turn>, message: RegExp][] = [
    ["an id twice in a turn", { calls: [valid, valid] }, /used the id 0 for a host call after 0/],
    [
      "an id that decreases",
      { calls: [guestCall(5, "timer", { durationMs: 1 }), valid] },
      /the id 0 .* after 5/,
    ],
    ["a negative id", { calls: [{ ...valid, id: -1 }] }, /the id -1/],
    ["a fraction as id", { calls: [{ ...valid, id: 0.5 }] }, /the id 0.5/],
    ["an id that is not a number", { calls: [{ ...valid, id: Number.NaN }] }, /the id NaN/],
    ["an unknown operation", { calls: [guestCall(0, "exec", {})] }, /operation "exec"/],
    [
      "an operation named after a property of Object.prototype",
      { calls: [guestCall(0, "constructor", {})] },
      /operation "constructor"/,
    ],
    ["an operation with a huge name", { calls: [guestCall(0, "x".repeat(1e6), {})] }, /operation "x{40}…"/],
    [
      "arguments that are not valid JSON",
      { calls: [malformed("{key:")] },
      /arguments of effect that is not valid JSON/,
    ],
    ["arguments that are empty", { calls: [malformed("")] }, /not valid JSON/],
    [
      "arguments that are not valid UTF-8",
      { calls: [{ ...valid, arguments: Uint8Array.of(0x22, 0xff, 0x22) }] },
      /not valid JSON/,
    ],
    ["arguments of the wrong type", { calls: [guestCall(0, "effect", { key: 1 })] }, /malformed arguments/],
    ["excess arguments", { calls: [guestCall(0, "effect", { key: "a", more: 1 })] }, /malformed arguments/],
    [
      "a prototype in the arguments",
      { calls: [malformed('{"key":"a","__proto__":{"x":1}}')] },
      /malformed arguments/,
    ],
    ["arguments that are a list", { calls: [guestCall(0, "effect", ["a"])] }, /malformed arguments/],
    ["a negative duration", { calls: [guestCall(0, "sleep", { durationMs: -1 })] }, /malformed arguments/],
    [
      "an infinite duration",
      {
        calls: [
          { ...valid, operation: "sleep", arguments: new TextEncoder().encode('{"durationMs":1e999}') },
        ],
      },
      /malformed arguments/,
    ],
    [
      "a body for a sleep",
      { calls: [guestCall(0, "sleep", { durationMs: 1 }, Uint8Array.of(1))] },
      /sent a body to sleep/,
    ],
    ["an abandoned id that was never used", { calls: [valid], abandoned: [1] }, /abandoned the host call 1/],
    [
      "an abandoned id that is not a number",
      { calls: [valid], abandoned: [Number.NaN] },
      /abandoned the host call NaN/,
    ],
    [
      "a result that is not valid JSON",
      { completion: { ok: true, json: Uint8Array.of() } },
      /a result that is not valid JSON/,
    ],
    [
      "a failure without a message",
      { completion: { ok: false, json: jsonBytes({ name: "Error" }) } },
      /without a name and a message/,
    ],
  ];

  test.each(cases)("%s", async (_what, turn, message) => {
    const driven = await driveTurns(turn);
    expect(driven.result).toEqual(failedWith("guest-protocol-violated", expect.stringMatching(message)));
    expect(commandNames(driven)).toEqual(["cancellation"]);
  });

  test("a failure has at most five nested causes and ten errors, and other properties are dropped", async () => {
    const one = { name: "Error", message: "one", code: 5, stack: "at x", extra: 1 };
    const kept = { name: "Error", message: "one", code: "5", stack: "at x" };
    const deep = (depth: number, base: object): object =>
      depth === 0 ? base : { ...base, cause: deep(depth - 1, base) };
    const inner = { ...one, cause: one, errors: [one] };
    const json = jsonBytes({ ...deep(50, one), errors: repeated(10, inner) });
    const driven = await driveTurns({ completion: { ok: false, json } });
    expect(driven.result).toEqual({
      kind: "failed",
      code: "workflow-failed",
      failure: { ...deep(5, kept), errors: repeated(10, { ...kept, cause: kept, errors: [kept] }) },
    });
    const tooMany = jsonBytes({ ...one, errors: repeated(11, one) });
    const refused = await driveTurns({ completion: { ok: false, json: tooMany } });
    expect(refused.result).toMatchObject({ code: "guest-protocol-violated" });
  });

  test("an id of an earlier turn is rejected", async () => {
    const driven = await driveTurns({ calls: [valid] }, { calls: [valid] });
    expect(driven.result).toMatchObject({ code: "guest-protocol-violated" });
    expect(driven.effects).toEqual(["a"]);
  });

  test("keys named __proto__ and constructor in a result stay plain data", async () => {
    const json = new TextEncoder().encode('{"__proto__":{"polluted":true},"constructor":1}');
    const driven = await driveTurns({ completion: { ok: true, json } });
    expect(JSON.stringify(driven.result)).toBe(
      '{"kind":"completed","value":{"__proto__":{"polluted":true},"constructor":1}}',
    );
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });

  test("a guest may abandon the same call a hundred thousand times", async () => {
    const driven = await driveTurns(
      { calls: [valid, guestCall(1, "effect", { key: "b" })] },
      {
        abandoned: Array.from({ length: 100_000 }, () => 1),
        completion: done,
      },
    );
    expect(driven.result).toEqual({ kind: "completed", value: "done" });
  });
});

describe("an exceeded limit is named with its value, and the limit itself is allowed", () => {
  const half = maxBodyBytesInFlight / 2;
  const cases: readonly LimitCase[] = [
    {
      limit: { callsInFlight: 3 },
      fits: [{ calls: timers(3), completion: done }],
      tooMuch: [{ calls: timers(4), completion: done }],
    },
    {
      limit: { callsInFlight: 3 },
      fits: [{ calls: timers(3) }, { calls: timers(1, 3), completion: done }],
      tooMuch: [{ calls: timers(3) }, { calls: timers(2, 3), completion: done }],
    },
    {
      limit: { calls: 5 },
      fits: [{ calls: timers(5), abandoned: [0, 1, 2, 3] }, { completion: done }],
      tooMuch: [{ calls: timers(5), abandoned: [0, 1, 2, 3] }, { calls: timers(1, 5) }],
    },
    {
      limit: { payloadBytes: payload.length },
      fits: [{ completion: done }],
      tooMuch: [{ completion: done }],
      tooMuchOf: { payloadBytes: payload.length - 1 },
    },
    {
      limit: { resultBytes: 100 },
      fits: [{ completion: resultOf(100) }],
      tooMuch: [{ completion: resultOf(101) }],
    },
    {
      limit: { maxBodyBytesInFlight },
      fits: [{ calls: [effectWithBody(0, half), effectWithBody(1, half)], completion: done }],
      tooMuch: [{ calls: [effectWithBody(0, half), effectWithBody(1, half), effectWithBody(2, 1)] }],
    },
    {
      limit: { maxBodyBytesInFlight },
      fits: [{ calls: [effectWithBody(0, maxBodyBytesInFlight)], completion: done }],
      tooMuch: [{ calls: [effectWithBody(0, maxBodyBytesInFlight + 1)] }],
    },
    {
      limit: { maxCallArgumentBytes },
      fits: [{ calls: [effectWithArguments(maxCallArgumentBytes)], completion: done }],
      tooMuch: [{ calls: [effectWithArguments(maxCallArgumentBytes + 1)] }],
    },
    {
      limit: { maxJsonDepth },
      fits: [{ completion: nestedResult(maxJsonDepth) }],
      tooMuch: [{ completion: nestedResult(maxJsonDepth + 1) }],
    },
    {
      limit: { maxJsonDepth },
      fits: [{ completion: done }],
      tooMuch: [{ completion: nestedResult(1_000_000) }],
    },
  ];

  test.each(cases)("$limit", async ({ limit, fits, tooMuch, tooMuchOf = limit }) => {
    const [[name, value] = []] = Object.entries(tooMuchOf);
    const fitting = await driveTurnsWithin(limit, fits);
    expect(fitting.result.kind).toBe("completed");
    const { result } = await driveTurnsWithin(tooMuchOf, tooMuch);
    const message = expect.stringMatching(
      new RegExp(`^Workflow exceeded its limit of ${value} .* \\(${name}\\)$`),
    );
    expect(result).toEqual(failedWith("limit-exceeded", message));
  });

  test("maxFailureBytes", async () => {
    const fitting = await driveTurns({ completion: failureOf(maxFailureBytes) });
    expect(fitting.result).toMatchObject({ code: "workflow-failed" });
    const { result } = await driveTurns({ completion: failureOf(maxFailureBytes + 1) });
    expect(result).toEqual(
      failedWith("limit-exceeded", expect.stringContaining("65536 bytes of failure (maxFailureBytes)")),
    );
  });
});

describe("a full journal ends the execution and names the limit", () => {
  const given = jsonBytes({ durationMs: 1 }).length;
  const answered = jsonBytes({ ok: true, value: null }).length;

  test.each([
    ["with its payload", payload.length, [{ completion: done }]],
    ["with its host calls", payload.length + 2 * given, [{ calls: timers(2), completion: done }]],
    ["with its settlements", payload.length + given + answered, [{ calls: timers(1) }, { completion: done }]],
  ])("%s", async (_how, journalBytes, turns) => {
    const fitting = await driveTurnsWithin({ journalBytes }, turns);
    expect(fitting.result.kind).toBe("completed");
    const { result } = await driveTurnsWithin({ journalBytes: journalBytes - 1 }, turns);
    expect(result).toEqual(tooFull(journalBytes - 1));
  });

  test("before it makes the calls that exceed the limit", async () => {
    const journalBytes = payload.length + 3 * given - 1;
    const driven = await driveTurnsWithin({ journalBytes }, [{ calls: timers(3) }]);
    expect(commandNames(driven)).toEqual(["cancellation"]);
  });

  test("at the same result on a replay", async () => {
    const limits = { journalBytes: payload.length + 3 * (given + answered) - 1 };
    const turns = [{ calls: timers(3) }];
    const first = await driveTurnsWithin(limits, turns);
    expect(first.result).toEqual(tooFull(limits.journalBytes));
    const { record } = first.journal;
    const replay = await driveGuest(
      createHostileGuest(turns),
      { record, maxResults: record.results.length },
      limits,
    );
    expect(replay.result).toEqual(first.result);
    expect(replay.journal.record).toEqual(record);
  });
});

function tooFull(journalBytes: number): unknown {
  const message = expect.stringContaining(`Journal exceeds ${journalBytes} bytes (journalBytes)`);
  return failedWith("journal-full", message);
}

interface LimitCase {
  readonly limit: NamedLimit;
  readonly fits: readonly Partial<Turn>[];
  readonly tooMuch: readonly Partial<Turn>[];
  /** Where `tooMuch` is of another limit than the one that it fits in. */
  readonly tooMuchOf?: NamedLimit;
}

function timers(count: number, firstId = 0): readonly GuestCall[] {
  return Array.from({ length: count }, (_, index) => guestCall(firstId + index, "timer", { durationMs: 1 }));
}

function effectWithBody(id: number, bytes: number): GuestCall {
  return guestCall(id, "effect", { key: "a" }, new Uint8Array(bytes));
}

function effectWithArguments(bytes: number): GuestCall {
  const emptyBytes = jsonBytes({ key: "" }).length;
  return guestCall(0, "effect", { key: "x".repeat(bytes - emptyBytes) });
}

type CompletionOfTurn = NonNullable<Turn["completion"]>;

function resultOf(bytes: number): CompletionOfTurn {
  return { ok: true, json: jsonBytes("x".repeat(bytes - 2)) };
}

function nestedResult(depth: number): CompletionOfTurn {
  return { ok: true, json: new TextEncoder().encode("[".repeat(depth) + "]".repeat(depth)) };
}

function repeated(count: number, error: object): readonly object[] {
  return Array.from({ length: count }, () => error);
}

function failureOf(bytes: number): CompletionOfTurn {
  const emptyBytes = jsonBytes({ name: "Error", message: "" }).length;
  return { ok: false, json: jsonBytes({ name: "Error", message: "x".repeat(bytes - emptyBytes) }) };
}

function failedWith(code: string, message: unknown): unknown {
  return { kind: "failed", code, failure: { name: expect.any(String), code, message } };
}
