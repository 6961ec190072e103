import { z } from "zod";
import type { RecordingSettings } from "../domain/workflow-settings.ts";

/** Which values of a recording are redacted before it leaves the server. */
export type RedactionRules = NonNullable<RecordingSettings["redact"]>;

/** The headers of credentials, which are always redacted. */
export const credentialHeaders = [
  "authorization",
  "proxy-authorization",
  "cookie",
  "set-cookie",
  "x-api-key",
  "api-key",
  "x-auth-token",
  "x-access-token",
  "x-csrf-token",
  "x-amz-security-token",
  "x-goog-api-key",
] as const;

/**
 * What stands for a redacted text. It needs no escaping in URLs, headers and JSON. A replay that has another result with the second one
 * depends on a redacted value.
 */
export const redactionMarkers = ["__REDACTED__", "__REDACTED_2__"] as const;

export const maxRedactedHeaders = 50;
export const maxRedactedPointers = 50;

/** The rules that were applied, and what stands for redacted texts. Redacted numbers and truth values are 0 and false, with the second marker 1 and true. */
export const appliedRedaction = z
  .object({
    marker: z.enum(redactionMarkers),
    headers: z.array(z.string().max(200)).max(maxRedactedHeaders + credentialHeaders.length),
    body: z.array(z.string().max(1_000)).max(maxRedactedPointers),
  })
  .meta({ id: "AppliedRedaction", description: "The rules by which values were redacted" });

export type AppliedRedaction = z.output<typeof appliedRedaction>;

/** The rules of a workflow together with those that always apply. */
export function appliedRules({ headers = [], body = [] }: RedactionRules): AppliedRedaction {
  const names = new Set([...credentialHeaders, ...headers.map((name) => name.toLowerCase())]);
  return { marker: redactionMarkers[0], headers: [...names], body: [...body] };
}
