import type { RequestRecord } from "../../domain/execution.ts";
import {
  maxRecordedBodyBytes,
  maxRecordedHeaderCharacters,
  maxRecordedHeaders,
  maxRecordedUrlCharacters,
} from "../limits.ts";
import type { HttpRequest } from "../network/http-client.ts";
import { mapHeaderText } from "../secrets/secrets.ts";
import type { Placeholders } from "../seed/secret-placeholder.ts";

/**
 * Records the request of a fetch for the web UI and the API. The record is journaled with the outcome and never delivered to
 * the workflow. A secret is shown by its name, `secret_API_KEY`, without the tag that would make it a placeholder.
 */
export function recordRequest(
  { method, url, headers, body }: Pick<HttpRequest, "method" | "url" | "headers" | "body">,
  placeholders: Placeholders,
): RequestRecord {
  const named = (text: string) =>
    placeholders.mayBeIn(text) ? text.replaceAll(placeholders.pattern, "secret_$1") : text;
  const text = textOf(body);
  return {
    method,
    url: cut(named(url), maxRecordedUrlCharacters),
    headers: headers
      .slice(0, maxRecordedHeaders)
      .map(([name, value]) => [
        cut(name, maxRecordedHeaderCharacters),
        cut(mapHeaderText(value, named), maxRecordedHeaderCharacters),
      ]),
    bodyBytes: body.length,
    ...(body.length === 0 || text === undefined ? {} : { body: named(text) }),
  };
}

function cut(text: string, maxCharacters: number): string {
  return text.length <= maxCharacters ? text : `${text.slice(0, maxCharacters - 1).toWellFormed()}…`;
}

/** Returns the beginning of a text body, or undefined if the body is binary. */
function textOf(body: Uint8Array): string | undefined {
  try {
    // In streaming mode the decoder omits a character that is cut in two.
    const text = new TextDecoder("utf-8", { fatal: true }).decode(body.subarray(0, maxRecordedBodyBytes), {
      stream: true,
    });
    // oxlint-disable-next-line no-control-regex -- control characters are what tells binary data
    return /[\u0000-\u0008\u000e-\u001f]/.test(text) ? undefined : text;
  } catch {
    return undefined;
  }
}
