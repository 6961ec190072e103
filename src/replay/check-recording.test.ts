import { describe, expect, test } from "vitest";
import type { GuestCall, GuestContext, Turn } from "../host/guest.ts";
import { parseRecording } from "../recordings/parse-recording.ts";
import { recordedBodyOf } from "../recordings/recorded-body.ts";
import type { RecordedBody } from "../recordings/recording.ts";
import { redactRecording, withOtherValues } from "../recordings/redaction/redact-recording.ts";
import { checkRecording } from "./check-recording.ts";
import { replayOwnVersion } from "./own-version.ts";
import type { ReplayedVersion } from "./replayed-version.ts";
import { withTimeLimit } from "./time-limit.ts";

/** Replays on a guest that is played by the test; `test/e2e/replay.test.ts` has real ones. */

const recording = parseRecording(
  JSON.stringify({
    format: "duranium-recording/1",
    workflowId: "orders",
    version: 1,
    executionId: "inv_1",
    recordedAt: 1,
    start: { executionId: "inv_1", seed: "ab".repeat(32), now: 1_000, callbackUrl: "http://localhost/" },
    payload: null,
    calls: [
      {
        name: "fetch GET http://a/x",
        operation: "fetch",
        result: { value: { ok: true, now: 1_100, value: { status: 200 }, text: "x" } },
      },
      { name: "sleep", operation: "sleep", result: { value: null } },
      { name: "call pays", operation: "call", result: { value: { ok: true, value: 1 } } },
    ],
    signals: [],
    arrivals: [{ barrier: "started" }, { call: 1 }, { call: 0 }, { call: 2 }, { clock: 1_200 }],
    logs: [],
    outcome: { kind: "completed", result: { done: true } },
  }),
);

const fetchX = { operation: "fetch", given: { url: "http://a/x", method: "GET" } };
const sleep = { operation: "sleep", given: { durationMs: 5 } };
const pays = (amount: number) => ({
  operation: "call",
  given: { workflowId: "pays", payload: { amount } },
});
const recorded = played([[fetchX, sleep], [], [pays(1)], { done: true }]);

describe("a recording without the sandbox", () => {
  test("is replayed on its own version, which reports the requests of its calls and their places", async () => {
    const own = await replayOwnVersion(recording, recorded, { hasCallSites: true });
    expect(own.contradiction).toBeUndefined();
    expect(own.replay.delivered).toEqual([1, 0, 2]);
    expect(own.recording.arrivals.at(-1)).toEqual({ clock: 1_200, after: 2 });
    expect(own.recording.calls[2]).toMatchObject({
      arguments: { workflowId: "pays", payload: { amount: 1 } },
      turn: 2,
      stack: [{ function: "run", file: "workflow.ts", line: 3, column: 1 }],
    });
  });

  test.each([
    [
      "the same calls in another order",
      [[sleep, fetchX], [], [pays(1)], { done: true }],
      { outcome: "same" },
    ],
    [
      "another call",
      [[fetchX, sleep], [], [pays(2)], { done: true }],
      { outcome: "different", step: 2, place: { line: 3 } },
    ],
    [
      "a further call of another kind",
      [[fetchX, sleep], [], [pays(1)], [{ operation: "state", given: { action: "get", key: "k" } }], {}],
      { outcome: "asksForMore", step: 3, place: { line: 4 } },
    ],
    ["no last call", [[fetchX, sleep], [], { done: true }], { outcome: "endsEarlier", step: 2 }],
    [
      "another result",
      [[fetchX, sleep], [], [pays(1)], { done: false }],
      { outcome: "otherResult", differences: [{ path: "/done", before: true, after: false }] },
    ],
  ])("is compared with a version that makes %s", async (_, turns, item) => {
    expect(await checkRecording({ recording, own: recorded, candidate: played(turns) })).toMatchObject(item);
  });

  test("is not comparable if its own version makes other calls", async () => {
    const item = await checkRecording({ recording, own: played([[sleep], {}]), candidate: recorded });
    expect(item).toMatchObject({
      outcome: "notComparable",
      reason: expect.stringContaining("deterministic"),
    });
  });

  test("that is redacted is compared by what does not depend on the redacted values", async () => {
    const rules = { body: ["/amount", "/key", "/done"] };
    const whole = { ...recording, calls: [...recording.calls] };
    const call = { workflowId: "pays", payload: { amount: 1, key: "k-0123456789" } };
    whole.calls[2] = {
      name: "call pays",
      operation: "call",
      arguments: call,
      result: { value: { ok: true, value: 1 } },
    };
    const redacted = redactRecording(whole, rules);
    expect(redacted.redacted).toBeDefined();
    const outcomeOf = async (payload: object, result: object = { done: true }) => {
      const candidate = played([
        [fetchX, sleep],
        [],
        [{ operation: "call", given: { workflowId: "pays", payload } }],
        result,
      ]);
      return await checkRecording({ recording: redacted, candidate });
    };
    expect(await outcomeOf({ amount: 5, key: "k-9876543210" })).toMatchObject({ outcome: "same" });
    expect(await outcomeOf({ amount: 5, key: "k-9876543210", more: 1 })).toMatchObject({
      outcome: "different",
    });
  });

  test.each([
    ["authorization", undefined],
    ["set-cookie", expect.stringContaining("redacted")],
  ])("may throw because of redacted values that it has received: %s", async (name, reason) => {
    const [, ...rest] = recording.calls;
    const headers = [[name, "abc-secret-token"]];
    const isSent = name === "authorization";
    const received = {
      ok: true,
      now: 1_100,
      text: "x",
      value: { status: 200, headers: isSent ? [] : headers },
    };
    const result = { value: isSent ? { ...received, request: { headers } } : received };
    const calls = [{ name: "fetch GET http://a/x", operation: "fetch", result }, ...rest];
    const redacted = redactRecording({ ...recording, calls }, {});
    expect(redacted.redacted).toBeDefined();
    const candidate = played([[fetchX, sleep], [], new Error("no items")]);
    const item = await checkRecording({ recording: redacted, candidate });
    expect(item).toMatchObject({ outcome: "throws" });
    expect(item.reason).toEqual(reason);
  });

  test("that is redacted is replayed with other values in the bodies of requests too", async () => {
    const whole = { ...recording, payload: { card: "4111-1111-1111" }, calls: [...recording.calls] };
    const body = paidWith("4111-1111-1111");
    const [first] = recording.calls;
    if (first === undefined) throw new Error("no call");
    whole.calls[0] = { ...first, body };
    const redacted = redactRecording(whole, { body: ["/card"] });
    expect(redacted.calls[0]?.body).toEqual(paidWith("__REDACTED__"));
    expect(withOtherValues(redacted).calls[0]?.body).toEqual(paidWith("__REDACTED_2__"));
  });

  test("that takes too long to replay is not comparable", async () => {
    const candidate = withTimeLimit(recorded, -1);
    expect(await checkRecording({ recording, own: recorded, candidate })).toMatchObject({
      outcome: "notComparable",
      reason: expect.stringContaining("takes longer"),
    });
  });

  test("that is malformed is not comparable", async () => {
    const malformed = structuredClone(recording);
    for (const call of malformed.calls) call.result = { value: { ok: "maybe" } };
    expect(await checkRecording({ recording: malformed, candidate: recorded })).toMatchObject({
      outcome: "notComparable",
    });
  });
});

function paidWith(card: string): RecordedBody {
  return recordedBodyOf(encode(JSON.stringify({ total: 1, paid: { card } })));
}

interface PlayedCall {
  readonly operation: string;
  readonly given: object;
}

/** A version that makes these calls, turn by turn, and then returns the last item, or throws it. */
function played(turns: readonly (readonly PlayedCall[] | object)[]): ReplayedVersion {
  return {
    mapper: { failure: (failure) => failure, json: (json) => json },
    async open() {
      const left = [...turns];
      let ids = 0;
      let hasCallSites = false;
      function callOf({ operation, given }: PlayedCall): GuestCall {
        const id = ids++;
        const site = hasCallSites ? `\nat run (workflow.ts:${id + 1}:1)` : "";
        return { id, operation, arguments: encode(`${JSON.stringify(given)}${site}`), body: encode("") };
      }
      async function turn(): Promise<Turn> {
        const next = left.shift();
        const empty = { calls: [], abandoned: [], logs: [] };
        if (Array.isArray(next)) return { ...empty, calls: (next as PlayedCall[]).map(callOf) };
        if (next instanceof Error) {
          const { name, message } = next;
          return { ...empty, completion: { ok: false, json: encode(JSON.stringify({ name, message })) } };
        }
        return { ...empty, completion: { ok: true, json: encode(JSON.stringify(next)) } };
      }
      return {
        fuelUsed: 100,
        async run(context: GuestContext) {
          hasCallSites = context.callSites === true;
          return await turn();
        },
        settle: turn,
        cancel: turn,
        [Symbol.dispose]() {},
      };
    },
  };
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
