import type { RequestRecord } from "../../domain/execution.ts";
import {
  maxRecordedBodyBytes,
  maxRecordedHeaderCharacters,
  maxRecordedHeaders,
  maxRecordedUrlCharacters,
} from "../../domain/limits.ts";
import type { HttpRequest } from "../network/http-client.ts";
import { mapHeaderText } from "../secrets/secrets.ts";
import type { Placeholders } from "../seed/secret-placeholder.ts";

/**
 * The request of a fetch as people read it beside its response. It is journaled with the outcome and never delivered to
 * the workflow. A secret is shown by its name: `secret_API_KEY`, without the tag that makes a placeholder of it.
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

/** The beginning of a body that is text; `undefined` where it is binary. */
function textOf(body: Uint8Array): string | undefined {
  try {
    // As a stream, so that a character which is cut in two is left out.
    const text = new TextDecoder("utf-8", { fatal: true }).decode(body.subarray(0, maxRecordedBodyBytes), {
      stream: true,
    });
    // oxlint-disable-next-line no-control-regex -- control characters are what tells binary data
    return /[\u0000-\u0008\u000e-\u001f]/.test(text) ? undefined : text;
  } catch {
    return undefined;
  }
}
