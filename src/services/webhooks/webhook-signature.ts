import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { bareIdempotencyKey } from "../../base/idempotency-key.ts";
import { parseTimestamp } from "../../base/time.ts";
import { DuraniumError } from "../../domain/errors.ts";
import type { WebhookScheme } from "../../domain/webhook.ts";
import { webhookToleranceMs } from "./limits.ts";

/** The parts of a webhook's request that signatures cover. */
export interface SignedRequest {
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body as sent. */
  readonly bytes: Uint8Array;
  /** The body with its content codings removed. */
  readonly content: () => Uint8Array;
  /** The URL that the sender uses, with the query as sent. */
  readonly url: string;
  /** Milliseconds since the Unix epoch. */
  readonly now: number;
}

/**
 * Identifies a delivery. Both members are absent if a repeated delivery cannot be recognised.
 *
 * `deliveryId` is assigned by the sender: a repeated delivery executes once for as long as the execution is retained.
 * `signature` is used if the sender neither identifies deliveries nor signs a time: an equal signature may be a replay or
 * a second event with an equal body, so it counts for a few minutes only.
 */
export interface Delivery {
  readonly deliveryId?: string;
  readonly signature?: string;
}

/**
 * Verifies the signature of a request over the bytes of its body by its scheme.
 *
 * @throws {DuraniumError} `signature-invalid`
 */
export function verifySignature(scheme: WebhookScheme, secret: string, request: SignedRequest): Delivery {
  return scheme === "none" ? identified(callerIds(request)) : verifiers[scheme](secret, request);
}

/**
 * Rejects an unusable secret when the webhook is created rather than with each request of the sender.
 *
 * @throws {DuraniumError} `invalid-request` if the scheme cannot use this secret
 */
export function assertUsableSecret(scheme: WebhookScheme, secret: string): void {
  if (scheme !== "standard-webhooks" || /^(?:whsec_)?[A-Za-z0-9+/]{2,}={0,2}$/.test(secret)) return;
  throw invalidSecret("a secret of Standard Webhooks is base64, with or without the prefix whsec_");
}

/** The error for the secret of a new webhook. */
export function invalidSecret(why: string): DuraniumError {
  return new DuraniumError("invalid-request", `Cannot create the webhook: ${why}`, {
    fields: [{ pointer: "#/secret", detail: why }],
  });
}

/**
 * Proves to Zoom and X that the owner of the secret receives the requests: a MAC of a token that they send. Any client
 * with the URL can ask for one, so a token must not have a form that the schemes sign, which is JSON or starts with a time.
 *
 * @throws {DuraniumError} `invalid-request`
 */
export function signToken(secret: string, token: string, encoding: "hex" | "base64"): string {
  if (tokenForm.test(token)) return hmac(secret, [token], encoding);
  throw new DuraniumError("invalid-request", "Cannot sign the token: use 1 to 255 characters of base64");
}

const tokenForm = /^[\w=+/-]{1,255}$/;

type Verify = (secret: string, request: SignedRequest) => Delivery;

const verifiers: Readonly<Record<Exclude<WebhookScheme, "none">, Verify>> = {
  "standard-webhooks": verifyStandard,
  /** Meta signs the same way but does not identify deliveries. */
  github: (secret, { headers, bytes }) => {
    const signature = /^sha256=([0-9a-f]{64})$/.exec(header(headers, "x-hub-signature-256"))?.[1];
    assertEqual(signature, hmac(secret, [bytes]));
    return identified([headers["x-github-delivery"]], signature);
  },
  gitlab: (secret, { headers }) => {
    assertEqual(header(headers, "x-gitlab-token"), secret);
    return identified([headers["idempotency-key"], headers["x-gitlab-event-uuid"]]);
  },
  stripe: (secret, request) => {
    const parts = pairsOf(header(request.headers, "stripe-signature"));
    const time = parts.find(([name]) => name === "t")?.[1] ?? "";
    const expected = hmac(secret, [`${time}.`, request.bytes]);
    // During a rotation of the secret, the header has a signature by each.
    const signatures = parts.filter(([name]) => name === "v1").map(([, value]) => value);
    if (!signatures.some((signature) => isEqual(signature, expected))) throw mismatch();
    assertRecent(seconds(time), request.now);
    // The signed content includes the time, so the signature identifies the delivery.
    return identified([memberOf(request, "id"), expected]);
  },
  slack: (secret, request) => {
    const { headers, bytes, now } = request;
    const time = header(headers, "x-slack-request-timestamp");
    const signature = /^v0=([0-9a-f]{64})$/.exec(header(headers, "x-slack-signature"))?.[1];
    assertEqual(signature, hmac(secret, [`v0:${time}:`, bytes]));
    assertRecent(seconds(time), now);
    return identified([memberOf(request, "event_id"), signature]);
  },
  shopify: (secret, { headers, bytes }) => {
    const signature = header(headers, "x-shopify-hmac-sha256");
    assertEqual(signature, hmac(secret, [bytes], "base64"));
    return identified([headers["x-shopify-webhook-id"]], signature);
  },
  linear: (secret, request) => {
    const { headers, bytes, now } = request;
    const signature = header(headers, "linear-signature");
    assertEqual(signature, hmac(secret, [bytes]));
    const time = memberOf(request, "webhookTimestamp");
    if (time !== undefined) assertRecent(Number(time), now);
    return identified([headers["linear-delivery"]], signature);
  },
  zendesk: (secret, { headers, bytes, now }) => {
    const time = header(headers, "x-zendesk-webhook-signature-timestamp");
    const signature = header(headers, "x-zendesk-webhook-signature");
    assertEqual(signature, hmac(secret, [time, bytes], "base64"));
    assertRecent(parseTimestamp(time) ?? Number.NaN, now);
    return identified([headers["x-zendesk-webhook-invocation-id"], signature]);
  },
  twilio: verifyTwilio,
  zoom: (secret, request) => {
    const { headers, bytes, now } = request;
    const time = header(headers, "x-zm-request-timestamp");
    const signature = header(headers, "x-zm-signature");
    assertEqual(signature, `v0=${hmac(secret, [`v0:${time}:`, bytes])}`);
    assertRecent(seconds(time), now);
    // A repeated delivery has another time and the same body, which includes the time of the event.
    const hasTime = memberOf(request, "event_ts") !== undefined;
    return identified([hasTime ? createHash("sha256").update(bytes).digest("hex") : signature]);
  },
  twitter: (secret, { headers, bytes }) => {
    const signature = header(headers, "x-twitter-webhooks-signature");
    assertEqual(signature, `sha256=${hmac(secret, [bytes], "base64")}`);
    return identified([], signature);
  },
  "hmac-sha256": (secret, request) => {
    const signature = /^(?:sha256=)?([0-9a-f]{64})$/i
      .exec(header(request.headers, "x-signature"))?.[1]
      ?.toLowerCase();
    assertEqual(signature, hmac(secret, [request.bytes]));
    return identified(callerIds(request), signature);
  },
};

/** https://www.standardwebhooks.com */
function verifyStandard(secret: string, { headers, bytes, now }: SignedRequest): Delivery {
  const id = header(headers, "webhook-id");
  const time = header(headers, "webhook-timestamp");
  const expected = hmac(standardKey(secret), [`${id}.${time}.`, bytes], "base64");
  // During a rotation of the secret, the header has a signature by each.
  const signatures = header(headers, "webhook-signature").split(" ");
  if (!signatures.some((signature) => isEqual(signature, `v1,${expected}`))) throw mismatch();
  assertRecent(seconds(time), now);
  return identified([id], expected);
}

function standardKey(secret: string): Buffer {
  return Buffer.from(secret.replace(/^whsec_/, ""), "base64");
}

/** https://www.twilio.com/docs/usage/security: a form is signed field by field, other bodies by their digest. */
function verifyTwilio(secret: string, { headers, bytes, content, url }: SignedRequest): Delivery {
  const signature = header(headers, "x-twilio-signature");
  const digest = new URL(url).searchParams.get("bodySHA256");
  const fields = digest === null ? formFields(content()) : "";
  assertEqual(signature, createHmac("sha1", secret).update(`${url}${fields}`).digest("base64"));
  if (digest !== null) assertEqual(digest.toLowerCase(), createHash("sha256").update(bytes).digest("hex"));
  return identified([headers["i-twilio-idempotency-token"]], signature);
}

/** Names and values sorted by name, without separators. */
function formFields(bytes: Uint8Array): string {
  const fields = new URLSearchParams(Buffer.from(bytes).toString("utf8"));
  fields.sort();
  return [...fields].flat().join("");
}

function header(headers: SignedRequest["headers"], name: string): string {
  const value = headers[name];
  if (value === undefined) throw invalid(`the header ${name} is missing`);
  return value;
}

/** Senders without a scheme use the `Idempotency-Key` header or that of Standard Webhooks. */
function callerIds({ headers }: SignedRequest): readonly (string | undefined)[] {
  return [bareIdempotencyKey(headers["idempotency-key"] ?? ""), headers["webhook-id"]];
}

/** The first ID that is present identifies the delivery, or else its signature. */
function identified(ids: readonly (string | undefined)[], signature?: string): Delivery {
  const deliveryId = ids.find((id) => id !== undefined && id !== "");
  if (deliveryId !== undefined) return { deliveryId };
  return signature === undefined ? {} : { signature };
}

function hmac(
  key: string | Buffer,
  parts: readonly (string | Uint8Array)[],
  encoding: "hex" | "base64" = "hex",
): string {
  const digest = createHmac("sha256", key);
  for (const part of parts) digest.update(part);
  return digest.digest(encoding);
}

function assertEqual(given: string | undefined, expected: string): void {
  if (given === undefined || !isEqual(given, expected)) throw mismatch();
}

function isEqual(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** Parses a time in whole seconds into milliseconds since the Unix epoch. */
function seconds(text: string): number {
  return /^\d{1,12}$/.test(text) ? Number(text) * 1_000 : Number.NaN;
}

/** Rejects replays of old requests. The signature has been verified, so the error can name the difference of the clocks. */
function assertRecent(time: number, now: number): void {
  if (Number.isNaN(time)) throw invalid("its timestamp is invalid");
  if (Math.abs(now - time) <= webhookToleranceMs) return;
  const seconds = Math.round(Math.abs(now - time) / 1_000);
  const relation = time < now ? "behind" : "ahead of";
  throw new DuraniumError(
    "signature-expired",
    `Cannot accept the request: its timestamp is ${seconds} s ${relation} the server clock, more than ` +
      `${webhookToleranceMs / 1_000} s (webhookToleranceMs)`,
  );
}

/** `t=1,v1=a,v1=b` */
function pairsOf(text: string): (readonly [string, string])[] {
  return text.split(",").map((part) => {
    const [name = "", value = ""] = part.trim().split("=", 2);
    return [name, value] as const;
  });
}

/** A string or number member of a JSON body. Call it after the signature is verified. */
function memberOf({ content }: SignedRequest, name: string): string | undefined {
  try {
    const text = new TextDecoder().decode(content());
    const value = (JSON.parse(text) as Record<string, unknown> | null)?.[name];
    return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
  } catch {
    return undefined;
  }
}

function mismatch(): DuraniumError {
  return invalid("signature mismatch");
}

function invalid(why: string): DuraniumError {
  return new DuraniumError("signature-invalid", `Cannot accept the signature: ${why}`);
}
