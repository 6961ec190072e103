import { describe, expect, test } from "vitest";
import { toBase64 } from "../../base/bytes.ts";
import { maxRecordedBodyBytes } from "../limits.ts";
import { placeholdersOf } from "../seed/secret-placeholder.ts";
import { recordRequest } from "./fetch-record.ts";
import { encodeOutcome } from "./journaled-outcome.ts";

const placeholders = placeholdersOf(new Uint8Array(32).fill(7));
const utf8 = (text: string) => new TextEncoder().encode(text);
const record = (given: Partial<Parameters<typeof recordRequest>[0]>) =>
  recordRequest(
    { method: "POST", url: "https://a.test/", headers: [], body: new Uint8Array(), ...given },
    placeholders,
  );

describe("the record of a request", () => {
  test("shows the names of secrets and none of their placeholders", () => {
    const key = placeholders.of("API_KEY");
    const recorded = record({
      url: `https://a.test/orders?key=${key}`,
      headers: [
        ["authorization", `Bearer ${key}`],
        ["Proxy-Authorization", `Basic ${toBase64(utf8(`user:${key}`))}`],
      ],
      body: utf8(`{"key":"${key}"}`),
    });
    expect(recorded).toEqual({
      method: "POST",
      url: "https://a.test/orders?key=secret_API_KEY",
      headers: [
        ["authorization", "Bearer secret_API_KEY"],
        ["Proxy-Authorization", `Basic ${toBase64(utf8("user:secret_API_KEY"))}`],
      ],
      bodyBytes: utf8(`{"key":"${key}"}`).length,
      body: '{"key":"secret_API_KEY"}',
    });
  });

  test("is limited in size for any request", () => {
    const long = "é".repeat(100_000);
    const headers = Array.from({ length: 1_000 }, (_, index) => [`x-${index}`, long] as const);
    const recorded = record({ url: `https://a.test/?${long}`, headers, body: utf8(long) });
    expect(JSON.stringify(recorded).length).toBeLessThan(100_000);
    expect(recorded.bodyBytes).toBe(200_000);
    expect(recorded.body).toBe("é".repeat(maxRecordedBodyBytes / 2));
  });

  test("follows the response, so that the status is at the beginning of a long entry", () => {
    const value = { status: 503, headers: [] };
    const body = utf8("x".repeat(100_000));
    const journaled = encodeOutcome({ ok: true, now: 1, value, body }, { request: record({}) });
    expect(JSON.stringify(journaled).slice(0, 100)).toContain('"value":{"status":503,');
  });

  test("does not cut a character of a body in two, and omits binary bodies", () => {
    expect(record({ body: utf8(`a${"日".repeat(10_000)}`) }).body).toMatch(/^a日+$/);
    expect(record({ body: Uint8Array.of(0xff, 0xfe) })).not.toHaveProperty("body");
    expect(record({ body: utf8("PK\u0003\u0004") })).not.toHaveProperty("body");
    expect(record({})).not.toHaveProperty("body");
  });
});
