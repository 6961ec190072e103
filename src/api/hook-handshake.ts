import { DuraniumError } from "../domain/errors.ts";
import type { HookScheme } from "../domain/hook.ts";
import type { JsonValue } from "../domain/json.ts";
import { maxChallengeLength } from "../domain/limits.ts";

/**
 * How systems find out that an address is its owner's before they post to it: each has a text of theirs echoed. None
 * of this executes anything. What is echoed is printable ASCII of a bounded length, and goes out as `text/plain` or
 * inside JSON, so that no browser takes it for a page.
 */

/**
 * What a `GET` asks to have echoed: Meta's and WebSub's `hub.challenge`, Dropbox's `challenge`. `undefined` where it asks
 * for nothing.
 */
export function challengeOfGet(query: URLSearchParams): string | undefined {
  return echoable(query.get("hub.challenge") ?? query.get("challenge"));
}

/** Microsoft Graph's, in the query of a `POST` without a body. Graph does not sign, so it is for hooks without a scheme. */
export function challengeOfPost(query: URLSearchParams, scheme: HookScheme): string | undefined {
  return scheme === "none" ? echoable(query.get("validationToken")) : undefined;
}

/** Slack's `url_verification`, whose signature was checked like that of every event. */
export function challengeOfBody(body: JsonValue, scheme: HookScheme): string | undefined {
  if (scheme !== "slack" || typeof body !== "object" || body === null || Array.isArray(body))
    return undefined;
  const { type, challenge } = body as { readonly [name: string]: JsonValue };
  return type === "url_verification" && typeof challenge === "string" ? echoable(challenge) : undefined;
}

function echoable(text: string | null): string | undefined {
  if (text === null) return undefined;
  if (/^[\x20-\x7e]+$/.test(text) && text.length <= maxChallengeLength) return text;
  throw new DuraniumError(
    "invalid-request",
    `Cannot echo the challenge: it is not 1 to ${maxChallengeLength} characters of printable ASCII (maxChallengeLength)`,
  );
}
