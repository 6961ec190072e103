import { createHmac } from "node:crypto";
import { Webhook } from "standardwebhooks";
import { describe, expect, it } from "vitest";
import type { HookScheme } from "../domain/hook.ts";
import { hookToleranceMs } from "../domain/limits.ts";
import { requireUsableSecret, verifySignature } from "./hook-signature.ts";

const secret = "c2VjcmV0IG9mIHRoZSBzZW5kZXI=";
const text = '{"id":"evt_1","event_id":"Ev1","amount":4711}';
const now = Date.now();

type Headers = Readonly<Record<string, string>>;

function hmac(signed: string, key = secret): string {
  return createHmac("sha256", key).update(signed).digest("hex");
}

/** The headers that a sender of each scheme sends at a time. */
const senders: Readonly<Record<Exclude<HookScheme, "none">, (at: number, body: string) => Headers>> = {
  "standard-webhooks": (at, body) => ({
    "webhook-id": "msg_1",
    "webhook-timestamp": String(Math.floor(at / 1_000)),
    "webhook-signature": new Webhook(secret).sign("msg_1", new Date(Math.floor(at / 1_000) * 1_000), body),
  }),
  github: (_at, body) => ({ "x-hub-signature-256": `sha256=${hmac(body)}`, "x-github-delivery": "1" }),
  stripe: (at, body) => {
    const time = Math.floor(at / 1_000);
    return { "stripe-signature": `t=${time},v1=${hmac("x")},v1=${hmac(`${time}.${body}`)},v0=zz` };
  },
  slack: (at, body) => {
    const time = String(Math.floor(at / 1_000));
    return { "x-slack-request-timestamp": time, "x-slack-signature": `v0=${hmac(`v0:${time}:${body}`)}` };
  },
  "hmac-sha256": (_at, body) => ({ "x-signature": hmac(body) }),
};

const schemes = Object.keys(senders) as (keyof typeof senders)[];
const timed = ["standard-webhooks", "stripe", "slack"] as const;
const refused = expect.objectContaining({ code: "signature-invalid" });

describe.each(schemes)("a hook that is signed as %s", (scheme) => {
  const headers = senders[scheme](now, text);

  it("is taken", () => {
    expect(verifySignature(scheme, secret, { headers, text, now })).toEqual({
      messageId: expect.any(String),
    });
  });

  it("is refused with another body, another secret, or no signature", () => {
    expect(() => verifySignature(scheme, secret, { headers, text: `${text} `, now })).toThrow(refused);
    const another = Buffer.from("another secret").toString("base64");
    expect(() => verifySignature(scheme, another, { headers, text, now })).toThrow(refused);
    expect(() => verifySignature(scheme, secret, { headers: {}, text, now })).toThrow(refused);
    const empty = Object.fromEntries(Object.keys(headers).map((name) => [name, ""]));
    expect(() => verifySignature(scheme, secret, { headers: empty, text, now })).toThrow(refused);
  });
});

describe.each(timed)("a hook that is signed as %s", (scheme) => {
  it.each([now - hookToleranceMs - 2_000, now + hookToleranceMs + 2_000])(
    "is refused at another time",
    (at) => {
      const headers = senders[scheme](at, text);
      expect(() => verifySignature(scheme, secret, { headers, text, now })).toThrow(refused);
    },
  );

  it("is the same message when it is sent again later", () => {
    const ids = [now, now - 60_000].map(
      (at) => verifySignature(scheme, secret, { headers: senders[scheme](at, text), text, now }).messageId,
    );
    expect(new Set(ids).size).toBe(1);
  });
});

it("a message that is recorded and sent again under another delivery id is the same message", () => {
  const headers = senders.github(now, text);
  const again = { ...headers, "x-github-delivery": "2" };
  expect(verifySignature("github", secret, { headers: again, text, now })).toEqual(
    verifySignature("github", secret, { headers, text, now }),
  );
});

it("a hook without a scheme takes everything, and an idempotency key where there is one", () => {
  expect(verifySignature("none", "", { headers: {}, text, now })).toEqual({});
  const headers = { "idempotency-key": "order-7" };
  expect(verifySignature("none", "", { headers, text, now })).toEqual({ messageId: "order-7" });
});

it.each(["no base 64!", "whsec_", ""])(
  "a secret that Standard Webhooks cannot sign with is refused: %j",
  (text) => {
    expect(() => requireUsableSecret("standard-webhooks", text)).toThrow(
      expect.objectContaining({ code: "invalid-request" }),
    );
    expect(() => requireUsableSecret("github", text)).not.toThrow();
  },
);
