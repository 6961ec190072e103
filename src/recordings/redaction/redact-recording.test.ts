import { describe, expect, test } from "vitest";
import { parseRecording } from "../parse-recording.ts";
import type { Recording } from "../recording.ts";
import { redactRecording, withOtherValues } from "./redact-recording.ts";
import { bodyOfText } from "./redactor.ts";

const marker = "__REDACTED__";
const token = "tok_4f9a6c1d2e3b";
const card = "4242-4242-4242-4242";
const placeholder = `secret_STRIPE_${"0".repeat(32)}`;

const recording: Recording = parseRecording(
  JSON.stringify({
    format: "duranium-recording/1",
    workflowId: "orders",
    version: 1,
    executionId: "inv_1",
    recordedAt: 1,
    start: { executionId: "inv_1", seed: "ab".repeat(32), now: 1_000, callbackUrl: "http://localhost/" },
    payload: { customer: { card, email: "ada@example.com" }, items: [{ price: 5 }, { price: 6 }] },
    payloadText: `{ "customer": {"card": "${card}", "email": "ada@example.com"}, "items": [{"price": 5}, {"price": 6}] }`,
    calls: [
      {
        name: `fetch POST https://pay.example.com/?t=${token}`,
        operation: "fetch",
        arguments: {
          url: `https://pay.example.com/?t=${token}`,
          method: "POST",
          headers: [
            ["Authorization", `Bearer ${token}`],
            ["x-stripe", `Bearer ${placeholder}`],
          ],
        },
        body: bodyOfText(JSON.stringify({ customer: { card }, total: 11 })),
        result: {
          value: {
            ok: true,
            now: 1_100,
            value: { status: 200, headers: [["Set-Cookie", "sid=0123456789abcdef; HttpOnly; SameSite=Lax"]] },
            text: JSON.stringify({ receipt: { card, ok: true }, session: "0123456789abcdef" }),
            request: {
              headers: [["authorization", `Bearer ${token}`]],
              body: `{"customer":{"card":"${card}"`,
              bodyBytes: 99,
            },
          },
        },
      },
      { name: "wait for event paid", operation: "wait" },
      {
        name: "call ship",
        operation: "call",
        arguments: { workflowId: "ship", payload: { customer: { card } } },
        result: { value: { ok: true, value: { customer: { card }, fine: true } } },
      },
    ],
    signals: [{ name: "event paid 0", result: { value: { now: 1_200, value: { customer: { card } } } } }],
    arrivals: [{ barrier: "started" }, { call: 0 }, { signal: "event paid 0" }, { call: 2 }],
    logs: [
      {
        number: 0,
        level: "info",
        line: [`card ${card} of "${token}"`, { [token]: JSON.stringify({ card }) }],
      },
    ],
    outcome: { kind: "completed", result: { customer: { card }, hint: `…${card.slice(-4)}` } },
    fuelUsed: 5,
  }),
);

const rules = { headers: ["X-Stripe"], body: ["/customer/card", "/receipt/card", "/items/*/price"] };

describe("a recording that leaves the server", () => {
  test("has none of the redacted values anywhere, and is valid", () => {
    const redacted = redactRecording(recording, rules);
    const text = JSON.stringify(redacted);
    for (const secret of [token, card, "0123456789abcdef"]) expect(text).not.toContain(secret);
    expect(parseRecording(text)).toEqual(redacted);
    expect(redacted.payload).toEqual({
      customer: { card: marker, email: "ada@example.com" },
      items: [{ price: 0 }, { price: 0 }],
    });
    expect(redacted.payloadText).toBeUndefined();
    const [fetched] = redacted.calls;
    expect(fetched?.name).toBe(`fetch POST https://pay.example.com/?t=${marker}`);
    // A placeholder is no secret.
    expect(fetched?.arguments).toMatchObject({
      headers: [
        ["Authorization", marker],
        ["x-stripe", `Bearer ${placeholder}`],
      ],
    });
    expect(fetched?.body).toEqual(bodyOfText(JSON.stringify({ customer: { card: marker }, total: 11 })));
    expect(redacted.logs[0]?.line).toEqual([
      `card ${marker} of "${marker}"`,
      { [marker]: JSON.stringify({ card: marker }) },
    ]);
    expect(redacted.redacted).toMatchObject({ marker, body: rules.body });
  });

  test("has none of them in bodies that are no plain JSON, in bytes and in URLs", () => {
    const email = "ada lovelace+tag@example.com";
    const broken = Buffer.concat([
      Buffer.from(`{"customer":{"card":"0000-1111","no":"`),
      Buffer.from([0xff]),
    ]);
    const plain: Recording = {
      ...recording,
      payload: { customer: { card, email } },
      calls: [
        body(Buffer.concat([broken, Buffer.from(`"}}`)])),
        body(Buffer.from([0xff, ...Buffer.from(card), 0])),
        { ...body(Buffer.of()), result: { value: { text: `\uFEFF{"customer":{"card":"2222-3333"}}` } } },
        { name: `fetch GET https://example.com/?a=${encodeURIComponent(email)}`, operation: "fetch" },
        {
          name: `fetch GET https://example.com/?${new URLSearchParams({ email }).toString()}`,
          operation: "fetch",
        },
        // The size of a body and the quotes in it do not matter.
        { ...body(Buffer.of()), result: { value: { text: `"\\`.repeat(2_000_000) } } },
      ],
      arrivals: [],
      logs: [],
    };
    const redacted = redactRecording(plain, { body: ["/customer/card", "/customer/email"] });
    const texts = JSON.stringify({ ...redacted, calls: redacted.calls.slice(0, -1) });
    const bytes = [...texts.matchAll(/"base64":"([^"]*)"/g)].map(([, base64 = ""]) => atob(base64));
    for (const secret of ["0000-1111", "2222-3333", card, "lovelace"]) {
      for (const text of [texts, ...bytes]) expect(text).not.toContain(secret);
    }
    expect(bytes).toHaveLength(2);
  });

  test("has none of them in base64, such as user names with passwords and tokens in URLs", () => {
    const basic = ["", "a", "ab", "ada:", "ä:"].map((before) => Buffer.from(`${before}${token} end`));
    const given = basic.flatMap((bytes) => [bytes.toString("base64"), bytes.toString("base64url")]);
    const redacted = redactRecording(
      {
        ...recording,
        logs: given.map((text, number) => ({
          number,
          level: "info",
          line: [`Basic ${text}`, `/v1/${text}/x`, text],
        })),
      },
      {},
    );
    for (const { line } of redacted.logs) {
      const [scheme = "", path = "", text = ""] = line.map(String);
      const decoded = [scheme.slice("Basic ".length), path.split("/")[2] ?? "", text].map((each) =>
        Buffer.from(each, "base64").toString(),
      );
      expect(decoded).toEqual(decoded.map(() => expect.stringContaining(marker)));
      expect(decoded.join()).not.toContain(token);
    }
  });

  test("stays as it is if it has nothing to redact", () => {
    const plain = { ...recording, calls: [], logs: [] };
    expect(redactRecording(plain, {})).toBe(plain);
  });

  test("can have other values in the place of the redacted ones", () => {
    const other = withOtherValues(redactRecording(recording, rules));
    expect(other.payload).toMatchObject({
      customer: { card: "__REDACTED_2__" },
      items: [{ price: 1 }, { price: 1 }],
    });
    expect(JSON.stringify({ ...other, redacted: undefined })).not.toContain(marker);
  });
});

function body(bytes: Buffer) {
  return {
    name: "fetch GET https://example.com/",
    operation: "fetch",
    result: { value: { ok: true, now: 1, base64: bytes.toString("base64") } },
  };
}
