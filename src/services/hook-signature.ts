import { createHmac, timingSafeEqual } from "node:crypto";
import { Webhook, WebhookVerificationError } from "standardwebhooks";
import { DuraniumError } from "../domain/errors.ts";
import type { HookScheme } from "../domain/hook.ts";
import { hookToleranceMs } from "../domain/limits.ts";

/** A hook's request, as far as signatures are about it. */
export interface SignedRequest {
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** As it was sent. */
  readonly text: string;
  /** Milliseconds since the Unix epoch. */
  readonly now: number;
}

/** Who sends a request again says so by its message id: the same message executes once. */
export interface Verified {
  readonly messageId?: string;
}

/**
 * Holds a request against the signature of its scheme.
 *
 * @throws {DuraniumError} `signature-invalid`
 */
export function verifySignature(scheme: HookScheme, secret: string, request: SignedRequest): Verified {
  if (scheme === "none") return given(request.headers["idempotency-key"]);
  return verifiers[scheme](secret, request);
}

/**
 * Says at once what would else be said to the sender, with each request.
 *
 * @throws {DuraniumError} `invalid-request` where the scheme cannot sign with this secret
 */
export function requireUsableSecret(scheme: HookScheme, secret: string): void {
  if (scheme !== "standard-webhooks") return;
  try {
    void new Webhook(secret);
  } catch (cause) {
    throw new DuraniumError(
      "invalid-request",
      "Cannot create the hook: a secret of Standard Webhooks is base 64, with or without whsec_ in front",
      { cause },
    );
  }
}

type Verify = (secret: string, request: SignedRequest) => Verified;

const verifiers: Readonly<Record<Exclude<HookScheme, "none">, Verify>> = {
  "standard-webhooks": verifyStandard,
  github: (secret, { headers, text }) => {
    const signature = /^sha256=([0-9a-f]{64})$/.exec(header(headers, "x-hub-signature-256"))?.[1];
    requireEqual(signature, hmac(secret, text));
    // The id of the delivery is not signed: what is, is the body.
    return { messageId: `${signature}` };
  },
  stripe: (secret, request) => {
    const parts = pairsOf(header(request.headers, "stripe-signature"));
    const time = parts.find(([name]) => name === "t")?.[1] ?? "";
    requireRecent(Number(time) * 1_000, request.now);
    const expected = hmac(secret, `${time}.${request.text}`);
    // While a secret is replaced there is a signature of each.
    const signatures = parts.filter(([name]) => name === "v1").map(([, value]) => value);
    if (!signatures.some((signature) => isEqual(signature, expected))) throw invalid("it is another one");
    return given(idIn(request.text, "id") ?? expected);
  },
  slack: (secret, request) => {
    const time = header(request.headers, "x-slack-request-timestamp");
    requireRecent(Number(time) * 1_000, request.now);
    const signature = /^v0=([0-9a-f]{64})$/.exec(header(request.headers, "x-slack-signature"))?.[1];
    requireEqual(signature, hmac(secret, `v0:${time}:${request.text}`));
    return given(idIn(request.text, "event_id") ?? signature);
  },
  "hmac-sha256": (secret, { headers, text }) => {
    const signature = /^(?:sha256=)?([0-9a-f]{64})$/i
      .exec(header(headers, "x-signature"))?.[1]
      ?.toLowerCase();
    requireEqual(signature, hmac(secret, text));
    return given(signature);
  },
};

/** https://www.standardwebhooks.com */
function verifyStandard(secret: string, { headers, text, now }: SignedRequest): Verified {
  const id = header(headers, "webhook-id");
  requireRecent(Number(header(headers, "webhook-timestamp")) * 1_000, now);
  try {
    new Webhook(secret).verify(text, { ...headers }, { jsonParse: false });
    return { messageId: id };
  } catch (cause) {
    if (cause instanceof WebhookVerificationError) throw invalid("it is another one", cause);
    throw cause;
  }
}

function header(headers: SignedRequest["headers"], name: string): string {
  const value = headers[name];
  if (value === undefined) throw invalid(`there is no header ${name}`);
  return value;
}

function hmac(secret: string, text: string): string {
  return createHmac("sha256", secret).update(text).digest("hex");
}

function requireEqual(given: string | undefined, expected: string): void {
  if (given === undefined || !isEqual(given, expected)) throw invalid("it is another one");
}

function isEqual(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** What was recorded long ago is not taken again. */
function requireRecent(time: number, now: number): void {
  if (Math.abs(now - time) <= hookToleranceMs) return;
  throw invalid(`its time is not within ${hookToleranceMs / 60_000} minutes of ours`);
}

/** `t=1,v1=a,v1=b` */
function pairsOf(text: string): (readonly [string, string])[] {
  return text.split(",").map((part) => {
    const [name = "", value = ""] = part.trim().split("=", 2);
    return [name, value] as const;
  });
}

/** A member of a JSON object, where the text is one. */
function idIn(text: string, name: string): string | undefined {
  try {
    const id = (JSON.parse(text) as Record<string, unknown> | null)?.[name];
    return typeof id === "string" ? id : undefined;
  } catch {
    return undefined;
  }
}

function given(messageId: string | undefined): Verified {
  return messageId === undefined ? {} : { messageId };
}

function invalid(why: string, cause?: unknown): DuraniumError {
  return new DuraniumError("signature-invalid", `Cannot accept the signature: ${why}`, { cause });
}
