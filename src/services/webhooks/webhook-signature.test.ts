import { createHash, createHmac } from "node:crypto";
import { gzipSync } from "node:zlib";
import { Webhook } from "standardwebhooks";
import { describe, expect, test } from "vitest";
import type { WebhookScheme } from "../../domain/webhook.ts";
import { webhookToleranceMs } from "./limits.ts";
import { assertUsableSecret, signToken, verifySignature } from "./webhook-signature.ts";
import type { Delivery } from "./webhook-signature.ts";

const secret = "c2VjcmV0IG9mIHRoZSBzZW5kZXI=";
const text = '{"id":"evt_1","event_id":"Ev1","amount":4711}';
const now = Date.now();
const url = "https://duranium.test/webhooks/token?a=1";

type Headers = Readonly<Record<string, string>>;

function hmac(signed: string, key = secret, encoding: "hex" | "base64" = "hex"): string {
  return createHmac("sha256", key).update(signed).digest(encoding);
}

function twilioSignature(signed: string): string {
  return createHmac("sha1", secret).update(signed).digest("base64");
}

function verify(
  scheme: WebhookScheme,
  { headers = {}, body = text, key = secret, at = now }: Sent,
): Delivery {
  const bytes = Buffer.from(body);
  return verifySignature(scheme, key, { headers, bytes, content: () => bytes, url, now: at });
}

interface Sent {
  readonly headers?: Headers;
  readonly body?: string | Uint8Array;
  readonly key?: string;
  readonly at?: number;
}

/** The headers that a sender of each scheme sends at a given time. */
const senders: Readonly<Record<Exclude<WebhookScheme, "none">, (at: number, body: string) => Headers>> = {
  "standard-webhooks": (at, body) => ({
    "webhook-id": "msg_1",
    "webhook-timestamp": String(Math.floor(at / 1_000)),
    "webhook-signature": new Webhook(secret).sign("msg_1", new Date(Math.floor(at / 1_000) * 1_000), body),
  }),
  github: (_at, body) => ({ "x-hub-signature-256": `sha256=${hmac(body)}`, "x-github-delivery": "1" }),
  gitlab: (_at, body) => ({
    "x-gitlab-token": body === text ? secret : "another",
    "idempotency-key": "1",
  }),
  stripe: (at, body) => {
    const time = Math.floor(at / 1_000);
    return { "stripe-signature": `t=${time},v1=${hmac("x")},v1=${hmac(`${time}.${body}`)},v0=zz` };
  },
  slack: (at, body) => {
    const time = String(Math.floor(at / 1_000));
    return { "x-slack-request-timestamp": time, "x-slack-signature": `v0=${hmac(`v0:${time}:${body}`)}` };
  },
  shopify: (_at, body) => ({
    "x-shopify-hmac-sha256": hmac(body, secret, "base64"),
    "x-shopify-webhook-id": "1",
  }),
  linear: (_at, body) => ({ "linear-signature": hmac(body), "linear-delivery": "1" }),
  zendesk: (at, body) => {
    const time = new Date(at).toISOString();
    return {
      "x-zendesk-webhook-signature": hmac(`${time}${body}`, secret, "base64"),
      "x-zendesk-webhook-signature-timestamp": time,
      "x-zendesk-webhook-invocation-id": "1",
    };
  },
  twilio: (_at, body) => ({
    // As a form, the text is one field without a value.
    "x-twilio-signature": twilioSignature(`${url}${body}`),
    "i-twilio-idempotency-token": "1",
  }),
  zoom: (at, body) => {
    const time = String(Math.floor(at / 1_000));
    return { "x-zm-request-timestamp": time, "x-zm-signature": `v0=${hmac(`v0:${time}:${body}`)}` };
  },
  twitter: (_at, body) => ({ "x-twitter-webhooks-signature": `sha256=${hmac(body, secret, "base64")}` }),
  "hmac-sha256": (_at, body) => ({ "x-signature": hmac(body), "idempotency-key": "1" }),
};

const schemes = Object.keys(senders) as (keyof typeof senders)[];
const timed = ["standard-webhooks", "stripe", "slack", "zendesk"] as const;
const untimed = ["github", "shopify", "linear", "twilio", "twitter", "hmac-sha256"] as const;
const refused = expect.objectContaining({ code: "signature-invalid" });

describe.each(schemes)("a webhook with the scheme %s", (scheme) => {
  const headers = senders[scheme](now, text);

  test("accepts a signed request and returns the ID of its delivery", () => {
    // X does not identify deliveries.
    const delivery = scheme === "twitter" ? "signature" : "deliveryId";
    expect(verify(scheme, { headers })).toEqual({ [delivery]: expect.any(String) });
  });

  test("rejects a request with another body, another secret, or no signature", () => {
    const forged = scheme === "gitlab" ? senders.gitlab(now, `${text} `) : headers;
    expect(() => verify(scheme, { headers: forged, body: `${text} ` })).toThrow(refused);
    const another = Buffer.from("another secret").toString("base64");
    expect(() => verify(scheme, { headers, key: another })).toThrow(refused);
    expect(() => verify(scheme, { headers: {} })).toThrow(refused);
    const empty = Object.fromEntries(Object.keys(headers).map((name) => [name, ""]));
    expect(() => verify(scheme, { headers: empty })).toThrow(refused);
  });
});

test.each(["\uFEFF{}", '{"a":"é日"}', ""])("a signature covers the bytes of the body: %j", (body) => {
  const signed = schemes.filter((scheme) => scheme !== "gitlab" && scheme !== "twilio");
  for (const scheme of signed) {
    expect(() => verify(scheme, { headers: senders[scheme](now, body), body })).not.toThrow();
  }
});

test("different bytes that are not UTF-8 have different signatures", () => {
  const signature = { "x-signature": createHmac("sha256", secret).update(Buffer.of(0xff)).digest("hex") };
  expect(() => verify("hmac-sha256", { headers: signature, body: Buffer.of(0xff) })).not.toThrow();
  expect(() => verify("hmac-sha256", { headers: signature, body: Buffer.of(0xfe) })).toThrow(refused);
});

describe.each(timed)("a webhook with the scheme %s", (scheme) => {
  test.each([now - webhookToleranceMs - 2_000, now + webhookToleranceMs + 2_000])(
    "rejects an old or future timestamp with signature-expired",
    (at) => {
      const headers = senders[scheme](at, text);
      const expired = expect.objectContaining({
        code: "signature-expired",
        message: expect.stringMatching(/30[0-9] s (behind|ahead of) the server clock/),
      });
      expect(() => verify(scheme, { headers })).toThrow(expired);
      expect(() => verify(scheme, { headers, body: scheme === "slack" ? "forged" : "{}" })).toThrow(refused);
    },
  );

  test("has the same identity when it is sent again later", () => {
    const ids = [now, now - 60_000].map(
      (at) => verify(scheme, { headers: senders[scheme](at, text) }).deliveryId,
    );
    expect(new Set(ids).size).toBe(1);
  });
});

test.each([
  ["github", "x-github-delivery"],
  ["shopify", "x-shopify-webhook-id"],
  ["linear", "linear-delivery"],
  ["zendesk", "x-zendesk-webhook-invocation-id"],
  ["twilio", "i-twilio-idempotency-token"],
  ["gitlab", "idempotency-key"],
  ["hmac-sha256", "idempotency-key"],
  ["hmac-sha256", "webhook-id"],
] as const)("with %s, two deliveries of an equal body are distinguished by %s", (scheme, name) => {
  const signed = senders[scheme](now, text);
  const idOf = (id: string) => {
    const { "idempotency-key": _key, ...headers } = signed;
    return verify(scheme, { headers: { ...headers, [name]: id } }).deliveryId;
  };
  expect([idOf("one"), idOf("two")]).toEqual(["one", "two"]);
});

test.each(untimed)(
  "with %s, a delivery without an ID is identified by its signature for minutes",
  (scheme) => {
    const names = Object.entries(senders[scheme](now, text)).filter(([name]) => /signature|hmac/.test(name));
    expect(verify(scheme, { headers: Object.fromEntries(names) })).toEqual({ signature: expect.any(String) });
  },
);

test("the age of a Linear event is in its body", () => {
  const body = JSON.stringify({ webhookTimestamp: now - webhookToleranceMs - 2_000 });
  expect(() => verify("linear", { headers: senders.linear(now, body), body })).toThrow(
    expect.objectContaining({ code: "signature-expired" }),
  );
});

test("a repeated Zoom event is identified by its body", () => {
  const body = JSON.stringify({ event: "meeting.started", event_ts: now });
  const ids = [now, now - 60_000].map(
    (at) => verify("zoom", { headers: senders.zoom(at, body), body }).deliveryId,
  );
  expect(new Set(ids).size).toBe(1);
});

test("a Slack signature covers the raw body, and the event ID is in the body", () => {
  const content = Buffer.from('{"event_id":"Ev1"}');
  const bytes = gzipSync(content);
  const time = String(Math.floor(now / 1_000));
  const mac = createHmac("sha256", secret).update(`v0:${time}:`).update(bytes).digest("hex");
  const headers = { "x-slack-request-timestamp": time, "x-slack-signature": `v0=${mac}` };
  const request = { headers, bytes, content: () => content, url, now };
  expect(verifySignature("slack", secret, request)).toEqual({ deliveryId: "Ev1" });
  const forged = { ...request, bytes: content };
  expect(() => verifySignature("slack", secret, forged)).toThrow(refused);
});

test("a validation token that could forge a signature of a scheme is rejected", () => {
  expect(signToken(secret, "qgg8vlvZRS6UYooatFL8Aw", "hex")).toBe(hmac("qgg8vlvZRS6UYooatFL8Aw"));
  for (const token of ["", "{}", "v0:1:{}", "a b", "x".repeat(256), "é"])
    expect(() => signToken(secret, token, "base64")).toThrow(
      expect.objectContaining({ code: "invalid-request" }),
    );
});

/** https://www.twilio.com/docs/usage/security */
test("Twilio signs the fields of a form in the order of their names, and other bodies by a digest in the query", () => {
  const form = "To=%2B18005551212&Caller=%2B12349013030&Digits=1234";
  const signed = `${url}Caller+12349013030Digits1234To+18005551212`;
  expect(() =>
    verify("twilio", { headers: { "x-twilio-signature": twilioSignature(signed) }, body: form }),
  ).not.toThrow();
  const digest = createHash("sha256").update("{}").digest("hex");
  const address = `https://duranium.test/webhooks/token?bodySHA256=${digest}`;
  const verifyJson = (body: string) =>
    verifySignature("twilio", secret, {
      headers: { "x-twilio-signature": twilioSignature(address) },
      bytes: Buffer.from(body),
      content: () => Buffer.from(body),
      url: address,
      now,
    });
  expect(() => verifyJson("{}")).not.toThrow();
  expect(() => verifyJson("[]")).toThrow(refused);
});

test("a webhook without a scheme accepts every request, and uses its idempotency key", () => {
  expect(verify("none", {})).toEqual({});
  expect(verify("none", { headers: { "idempotency-key": "order-7" } })).toEqual({ deliveryId: "order-7" });
});

test.each(["no base 64!", "whsec_", ""])("an invalid Standard Webhooks secret is rejected: %j", (text) => {
  expect(() => assertUsableSecret("standard-webhooks", text)).toThrow(
    expect.objectContaining({ code: "invalid-request" }),
  );
  expect(() => assertUsableSecret("github", text)).not.toThrow();
});
