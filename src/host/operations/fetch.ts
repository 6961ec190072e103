import { z } from "zod";
import type { JsonValue } from "../../domain/json.ts";
import { maxFetchRequestBytes } from "../../domain/limits.ts";
import type { TimedOutcome } from "../../domain/outcome.ts";
import { FetchError } from "../fetch-error.ts";
import type { HttpClient, HttpRequest, HttpResponse } from "../http.ts";
import { decodeOutcome, encodeOutcome } from "./journaled-outcome.ts";
import { defineOperation } from "./operation.ts";
import type { Operation } from "./operation.ts";

const fetchArguments = z.strictObject({
  url: z.string(),
  method: z.string().default("GET"),
  /** In the order of the request, names as the workflow wrote them, one pair for each value. */
  headers: z.array(z.tuple([z.string(), z.string()])).default([]),
  redirect: z.enum(["follow", "error", "manual"]).default("follow"),
});

type FetchArguments = z.infer<typeof fetchArguments>;

const maxNameLength = 200;

/**
 * `fetch`. Arguments: `{url, method?, headers?, redirect?}` and the request's body. Value:
 * `{status, statusText, url, redirected, headers}` and the response's body. All that can go wrong, a refusal
 * included, is an outcome: the guest sees a `TypeError`, as it does from the platform's fetch.
 *
 * @param clock milliseconds since the Unix epoch; read when the fetch is over
 */
export function createFetchOperation(http: HttpClient, clock: () => number): Operation {
  async function effect(request: HttpRequest, signal: AbortSignal): Promise<JsonValue> {
    try {
      const response = await http.fetch(request, signal);
      return encodeOutcome(succeeded(response, clock()));
    } catch (error) {
      // Nobody waits any more, or the attempt is over: that is no outcome of the fetch.
      signal.throwIfAborted();
      return encodeOutcome(failed(error, clock()));
    }
  }

  return defineOperation({
    name: "fetch",
    isEffect: true,
    arguments: fetchArguments,
    bodyLimit: { maxFetchRequestBytes },
    start: (journal, { arguments: given, body }) =>
      journal.run(fetchName(given), (signal) => effect({ ...given, body }, signal)).map(decodeOutcome),
  });
}

/**
 * What the journal calls a fetch: `fetch GET https://api.example.com/orders?…`. Names are shown to everyone
 * who may look at executions, so user names, passwords, queries and fragments, where secrets travel, stay
 * out. The journal of an execution in flight holds these names: to change them is to break its replay.
 */
export function fetchName({ url, method }: Pick<FetchArguments, "url" | "method">): string {
  const name = escapeControls(`fetch ${method} ${publicPart(url)}`);
  return name.length <= maxNameLength ? name : `${name.slice(0, maxNameLength - 1).toWellFormed()}…`;
}

function publicPart(url: string): string {
  const parsed = URL.parse(url);
  if (parsed === null) return "(not a URL)";
  // Of other schemes we do not know which part of them is secret.
  if (parsed.protocol !== "http:" && parsed.protocol !== "https:") return `${parsed.protocol}…`;
  return `${parsed.origin}${parsed.pathname}${parsed.search === "" ? "" : "?…"}`;
}

function escapeControls(text: string): string {
  return text.toWellFormed().replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (character) => {
    const codePoint = character.codePointAt(0) ?? 0;
    return `\\u{${codePoint.toString(16)}}`;
  });
}

function succeeded({ body, ...head }: HttpResponse, now: number): TimedOutcome {
  const headers = head.headers.map(([name, value]) => [name, value]);
  return { ok: true, now, value: { ...head, headers }, body };
}

function failed(error: unknown, now: number): TimedOutcome {
  const { message, code } = FetchError.of(error);
  return { ok: false, now, error: { name: "TypeError", message: `fetch failed: ${message}`, code } };
}
