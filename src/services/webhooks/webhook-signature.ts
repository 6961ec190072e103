import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { bareIdempotencyKey } from "../../base/idempotency-key.ts";
import { parseTimestamp } from "../../base/time.ts";
import { DuraniumError } from "../../domain/errors.ts";
import { webhookToleranceMs } from "../../domain/limits.ts";
import type { WebhookScheme } from "../../domain/webhook.ts";

/** A webhook's request, as far as signatures are about it. */
export interface SignedRequest {
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body, as it was sent. */
  readonly bytes: Uint8Array;
  /** The same with its content codings undone. */
  readonly content: () => Uint8Array;
  /** The address that the sender knows, with the query as it was sent. */
  readonly url: string;
  /** Milliseconds since the Unix epoch. */
  readonly now: number;
}

/**
 * What tells one delivery from the next. Both are absent where a delivery cannot be recognised.
 *
 * `deliveryId` is the sender's: a delivery that is repeated under it executes once, for as long as the execution is
 * kept. `signature` is what was signed, where the sender names no delivery and signs no time: the same one may be a
 * replay or a second event with an equal body, so it counts for a few minutes only.
 */
export interface Delivery {
  readonly deliveryId?: string;
  readonly signature?: string;
}

/**
 * Holds a request against the signature of its scheme, over the bytes of the body.
 *
 * @throws {DuraniumError} `signature-invalid`
 */
export function verifySignature(scheme: WebhookScheme, secret: string, request: SignedRequest): Delivery {
  return scheme === "none" ? identified(callerIds(request)) : verifiers[scheme](secret, request);
}

/**
 * Says at once what would otherwise be said to the sender, with each request.
 *
 * @throws {DuraniumError} `invalid-request` where the scheme cannot sign with this secret
 */
export function assertUsableSecret(scheme: WebhookScheme, secret: string): void {
  if (scheme !== "standard-webhooks" || /^(?:whsec_)?[A-Za-z0-9+/]{2,}={0,2}$/.test(secret)) return;
  throw invalidSecret("a secret of Standard Webhooks is base 64, with or without whsec_ in front");
}

/** For the secret of a webhook that is to be made. */
export function invalidSecret(why: string): DuraniumError {
  return new DuraniumError("invalid-request", `Cannot create the webhook: ${why}`, {
    fields: [{ pointer: "#/secret", detail: why }],
  });
}

/**
 * What proves to Zoom and X that the owner of the secret is at the address: a MAC of a token of theirs. Anyone with the
 * address can ask for one, so a token can be nothing that the schemes sign: no JSON, and no time before it.
 *
 * @throws {DuraniumError} `invalid-request`
 */
export function signToken(secret: string, token: string, encoding: "hex" | "base64"): string {
  if (tokenForm.test(token)) return hmac(secret, [token], encoding);
  throw new DuraniumError(
    "invalid-request",
    "Cannot sign the token: it is not 1 to 255 letters, digits and characters of base 64",
  );
}

const tokenForm = /^[\w=+/-]{1,255}$/;

type Verify = (secret: string, request: SignedRequest) => Delivery;

const verifiers: Readonly<Record<Exclude<WebhookScheme, "none">, Verify>> = {
  "standard-webhooks": verifyStandard,
  /** Meta signs the same way, and names no delivery. */
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
    // While a secret is replaced there is a signature of each.
    const signatures = parts.filter(([name]) => name === "v1").map(([, value]) => value);
    if (!signatures.some((signature) => isEqual(signature, expected))) throw mismatch();
    assertRecent(seconds(time), request.now);
    // The time is part of what is signed, so the signature tells deliveries apart.
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
    // A delivery that is repeated has another time and the same body, which says when the event was.
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
  // While a secret is replaced there is a signature of each.
  const signatures = header(headers, "webhook-signature").split(" ");
  if (!signatures.some((signature) => isEqual(signature, `v1,${expected}`))) throw mismatch();
  assertRecent(seconds(time), now);
  return identified([id], expected);
}

function standardKey(secret: string): Buffer {
  return Buffer.from(secret.replace(/^whsec_/, ""), "base64");
}

/** https://www.twilio.com/docs/usage/security: a form is signed field by field, everything else by its digest. */
function verifyTwilio(secret: string, { headers, bytes, content, url }: SignedRequest): Delivery {
  const signature = header(headers, "x-twilio-signature");
  const digest = new URL(url).searchParams.get("bodySHA256");
  const fields = digest === null ? formFields(content()) : "";
  assertEqual(signature, createHmac("sha1", secret).update(`${url}${fields}`).digest("base64"));
  if (digest !== null) assertEqual(digest.toLowerCase(), createHash("sha256").update(bytes).digest("hex"));
  return identified([headers["i-twilio-idempotency-token"]], signature);
}

/** Names and values by name, with nothing in between. */
function formFields(bytes: Uint8Array): string {
  const fields = new URLSearchParams(Buffer.from(bytes).toString("utf8"));
  fields.sort();
  return [...fields].flat().join("");
}

function header(headers: SignedRequest["headers"], name: string): string {
  const value = headers[name];
  if (value === undefined) throw invalid(`there is no header ${name}`);
  return value;
}

/** What callers of our own send: the `Idempotency-Key` header, or that of Standard Webhooks. */
function callerIds({ headers }: SignedRequest): readonly (string | undefined)[] {
  return [bareIdempotencyKey(headers["idempotency-key"] ?? ""), headers["webhook-id"]];
}

/** The first id that is there identifies the delivery, else its signature. */
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

/** Milliseconds since the Unix epoch of a time in whole seconds. */
function seconds(text: string): number {
  return /^\d{1,12}$/.test(text) ? Number(text) * 1_000 : Number.NaN;
}

/** What was recorded long ago is not taken again. It is looked at once the signature holds, so this is about clocks. */
function assertRecent(time: number, now: number): void {
  if (Number.isNaN(time)) throw invalid("its time cannot be read");
  if (Math.abs(now - time) <= webhookToleranceMs) return;
  const seconds = Math.round(Math.abs(now - time) / 1_000);
  const relation = time < now ? "behind" : "ahead of";
  throw new DuraniumError(
    "signature-expired",
    `Cannot accept the request: its signature is right, and its time is ${seconds} s ${relation} our clock, which is ` +
      `more than ${webhookToleranceMs / 1_000} s (webhookToleranceMs)`,
  );
}

/** `t=1,v1=a,v1=b` */
function pairsOf(text: string): (readonly [string, string])[] {
  return text.split(",").map((part) => {
    const [name = "", value = ""] = part.trim().split("=", 2);
    return [name, value] as const;
  });
}

/** A text or a number that is a member of a JSON object, where the body is one. Call it once the signature holds. */
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
  return invalid("it is not the one that the secret of this webhook gives");
}

function invalid(why: string): DuraniumError {
  return new DuraniumError("signature-invalid", `Cannot accept the signature: ${why}`);
}
