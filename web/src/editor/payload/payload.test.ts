import { describe, expect, test } from "vitest";
import { parsePayload, whyNotEntryPoint, whyNotIdempotencyKey } from "../../model/run-input.ts";
import { maxRememberedLength, maxRememberedPayloads, payloadHistory } from "./payload-history.ts";

/** A storage with a limit, as in browsers. */
function storage(maxLength = Number.POSITIVE_INFINITY) {
  const items = new Map<string, string>();
  return {
    getItem: (key: string) => items.get(key) ?? null,
    setItem(key: string, value: string) {
      if (value.length > maxLength) throw new DOMException("full", "QuotaExceededError");
      items.set(key, value);
    },
    removeItem: (key: string) => void items.delete(key),
  };
}

describe("the payload history", () => {
  test("payloads are listed newest first, without duplicates, up to a maximum, per workflow", () => {
    const tab = storage();
    const history = payloadHistory(tab, "orders");
    for (const payload of ["1", "2", "1"]) history.add(payload);
    expect(history.list()).toEqual(["1", "2"]);
    expect(payloadHistory(tab, "other").list()).toEqual([]);
    for (let n = 0; n < 50; n++) history.add(String(n));
    expect(history.list()).toHaveLength(maxRememberedPayloads);
    history.clear();
    expect(history.list()).toEqual([]);
  });

  test("long payloads are omitted, and the history is unchanged if the storage is full or malformed", () => {
    const history = payloadHistory(storage(20), "orders");
    history.add("x".repeat(maxRememberedLength + 1));
    history.add('"fits"');
    history.add('"does not fit any more"');
    expect(history.list()).toEqual(['"fits"']);
    const strange = storage();
    strange.setItem("duranium:payloads:orders", '{"not":"a list"}');
    expect(payloadHistory(strange, "orders").list()).toEqual([]);
    strange.setItem("duranium:payloads:orders", "nonsense");
    expect(payloadHistory(strange, "orders").list()).toEqual([]);
  });
});

describe("the input of a run", () => {
  test("a payload is JSON, null if empty, or has a reason why it is invalid", () => {
    expect(parsePayload(' {"a": [1]} ')).toEqual({ ok: true, value: { a: [1] } });
    expect(parsePayload("  ")).toEqual({ ok: true, value: null });
    expect(parsePayload("{a: 1}")).toMatchObject({
      ok: false,
      why: expect.stringContaining("Invalid JSON") as string,
    });
  });

  test("an entry point is optional and follows the rule of the API", () => {
    expect(whyNotEntryPoint("")).toBeUndefined();
    expect(whyNotEntryPoint("order-created/v2:x.y")).toBeUndefined();
    expect(whyNotEntryPoint(" order")).toContain("Start with a letter");
    expect(whyNotEntryPoint("x".repeat(129))).toContain("128");
  });

  test("an idempotency key is optional and follows the rule of the API", () => {
    expect(whyNotIdempotencyKey("")).toBeUndefined();
    expect(whyNotIdempotencyKey("order-4711/~!")).toBeUndefined();
    expect(whyNotIdempotencyKey("x".repeat(255))).toBeUndefined();
    for (const wrong of ["two words", "größer", "x".repeat(256)])
      expect(whyNotIdempotencyKey(wrong)).toContain("without spaces");
  });
});
