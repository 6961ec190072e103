import { expect, test } from "vitest";
import { acceptedHeaders } from "../../journal/input-headers.ts";
import { acceptedAtOf } from "./accepted-at.ts";

const id = "inv_1i1XnuCasr147GBlyCTLnNl4DJ2iu3INzP";
const idOfKey = "inv_1i6Lwr2st3pK4ojUlsuPAlAQ5EzoDtMhXp";
const createdAt = 0x01a2_2aaf_8806;
const now = createdAt + 5_000;
const none = new Map<string, string>();

test("the time in the ID of an execution that another one sent is when it was accepted", () => {
  expect(acceptedAtOf({ id, headers: none }, now)).toBe(createdAt);
});

test("a header gives the time at which the API sent an execution, or at which a scheduled one is due", () => {
  for (const delayMs of [0, 60_000]) {
    const due = Date.now() + delayMs;
    const headers = new Map(Object.entries(acceptedHeaders(delayMs)));
    expect(acceptedAtOf({ id: idOfKey, headers }, Infinity)).toBeGreaterThanOrEqual(due);
  }
});

test("it is not known for an ID without a time, nor from a malformed header, and is never in the future", () => {
  expect(acceptedAtOf({ id: idOfKey, headers: none }, now)).toBe(undefined);
  expect(acceptedAtOf({ id, headers: none, idempotencyKey: "key" }, now)).toBe(undefined);
  expect(acceptedAtOf({ id: idOfKey, headers: new Map([["duranium-accepted", "-1"]]) }, now)).toBe(undefined);
  expect(acceptedAtOf({ id, headers: none }, createdAt - 10)).toBe(createdAt - 10);
});
