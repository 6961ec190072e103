import type { JsonValue } from "../../base/json.ts";
import { DuraniumError } from "../../domain/errors.ts";
import { maxChallengeLength } from "../contract/limits.ts";
import type { OpenWebhook } from "../contract/services.ts";

/**
 * Responses by which senders verify the owner of a URL before they send events: each has a text echoed or a token
 * signed. None of these requests executes a workflow. An echoed text is printable ASCII of limited length, and is sent
 * as `text/plain`, in a header or inside JSON, so that no browser renders it as a page.
 */
export type Handshake = { readonly text: string } | { readonly json: Readonly<Record<string, string>> };

type Asked = Pick<OpenWebhook, "scheme" | "signToken">;

/**
 * The response to a `GET`: Meta's and WebSub's `hub.challenge`, Dropbox's `challenge`, X's `crc_token`. `undefined` for
 * any other request.
 */
export function handshakeOfGet(query: URLSearchParams, webhook: Asked): Handshake | undefined {
  const token = webhook.scheme === "twitter" ? query.get("crc_token") : null;
  if (token !== null) return { json: { response_token: `sha256=${webhook.signToken(token, "base64")}` } };
  return textOf(query.get("hub.challenge") ?? query.get("challenge"));
}

/**
 * Microsoft Graph's validation, in the query of a `POST` without a body. Graph does not sign, so it applies to webhooks
 * without a scheme.
 */
export function handshakeOfPost(query: URLSearchParams, { scheme }: Asked): Handshake | undefined {
  return scheme === "none" ? textOf(query.get("validationToken")) : undefined;
}

/** Validations in a body whose signature was verified like that of every event. */
export function handshakeOfBody(body: JsonValue, webhook: Asked): Handshake | undefined {
  if (webhook.scheme === "slack") return slackHandshake(body);
  if (webhook.scheme === "zoom") return zoomHandshake(body, webhook);
  return webhook.scheme === "none" ? eventGridHandshake(body) : undefined;
}

/** https://docs.slack.dev/reference/events/url_verification */
function slackHandshake(body: JsonValue): Handshake | undefined {
  const challenge = member(body, "challenge");
  if (member(body, "type") !== "url_verification" || typeof challenge !== "string") return undefined;
  return { json: { challenge: echoable(challenge) } };
}

/** https://developers.zoom.us/docs/api/webhooks/#validate-your-webhook-endpoint */
function zoomHandshake(body: JsonValue, { signToken }: Asked): Handshake | undefined {
  const plainToken = member(member(body, "payload"), "plainToken");
  if (member(body, "event") !== "endpoint.url_validation" || typeof plainToken !== "string") return undefined;
  return { json: { plainToken, encryptedToken: signToken(plainToken, "hex") } };
}

/**
 * https://learn.microsoft.com/azure/event-grid/end-point-validation-event-grid-events-schema. Event Grid does not sign.
 */
function eventGridHandshake(body: JsonValue): Handshake | undefined {
  const event = Array.isArray(body) && body.length === 1 ? body[0] : undefined;
  const code = member(member(event, "data"), "validationCode");
  if (member(event, "eventType") !== "Microsoft.EventGrid.SubscriptionValidationEvent") return undefined;
  return typeof code === "string" ? { json: { validationResponse: echoable(code) } } : undefined;
}

/**
 * The headers that permit a sender of CloudEvents to send events at the rate that it requests, as Azure Event Grid
 * requires them (HTTP 1.1 Web Webhooks for Event Delivery, section 4). `undefined` without such a request.
 */
export function permissionOf(headers: Readonly<Record<string, string>>): Record<string, string> | undefined {
  const origin = headers["webhook-request-origin"];
  if (origin === undefined) return undefined;
  const isRateAsked = headers["webhook-request-rate"] !== undefined;
  return {
    "webhook-allowed-origin": echoable(origin),
    ...(isRateAsked ? { "webhook-allowed-rate": "*" } : {}),
  };
}

function member(value: JsonValue | undefined, name: string): JsonValue | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  return Object.hasOwn(value, name) ? (value as { readonly [name: string]: JsonValue })[name] : undefined;
}

function textOf(text: string | null): Handshake | undefined {
  return text === null ? undefined : { text: echoable(text) };
}

function echoable(text: string): string {
  if (/^[\x20-\x7e]+$/.test(text) && text.length <= maxChallengeLength) return text;
  throw new DuraniumError(
    "invalid-request",
    `Cannot echo the challenge: it is not 1 to ${maxChallengeLength} characters of printable ASCII (maxChallengeLength)`,
  );
}
