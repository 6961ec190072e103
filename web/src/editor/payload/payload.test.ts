import { describe, expect, test } from "vitest";
import { parsePayload, whyNotEntryPoint, whyNotIdempotencyKey } from "../../model/run-input.ts";
import { maxRememberedLength, maxRememberedPayloads, payloadHistory } from "./payload-history.ts";

/** What a browser's storage does, with a limit. */
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

describe("the payloads of before", () => {
  test("are the newest first, each once, up to a number, and of one workflow only", () => {
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

  test("leave out what is long, and stay as they are where the storage is full or has something else", () => {
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

describe("what a run is begun with", () => {
  test("is JSON, nothing at all being null, or a sentence about what is wrong", () => {
    expect(parsePayload(' {"a": [1]} ')).toEqual({ ok: true, value: { a: [1] } });
    expect(parsePayload("  ")).toEqual({ ok: true, value: null });
    expect(parsePayload("{a: 1}")).toMatchObject({
      ok: false,
      why: expect.stringContaining("Invalid JSON") as string,
    });
  });

  test("has an entry point as the API takes it, or none", () => {
    expect(whyNotEntryPoint("")).toBeUndefined();
    expect(whyNotEntryPoint("order-created/v2:x.y")).toBeUndefined();
    expect(whyNotEntryPoint(" order")).toContain("begins with a letter");
    expect(whyNotEntryPoint("x".repeat(129))).toContain("128");
  });

  test("has an idempotency key as the API takes it, or none", () => {
    expect(whyNotIdempotencyKey("")).toBeUndefined();
    expect(whyNotIdempotencyKey("order-4711/~!")).toBeUndefined();
    expect(whyNotIdempotencyKey("x".repeat(255))).toBeUndefined();
    for (const wrong of ["two words", "größer", "x".repeat(256)])
      expect(whyNotIdempotencyKey(wrong)).toContain("without spaces");
  });
});
