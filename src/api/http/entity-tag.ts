import { createHash } from "node:crypto";
import { z } from "zod";
import type { ApiContext } from "../contract/context.ts";

/** A strong entity tag of content (RFC 9110, section 8.8.3). */
export function entityTagOf(content: string | Uint8Array): string {
  return `"${createHash("sha256").update(content).digest("hex").slice(0, tagLength)}"`;
}

/** The caching policy of content whose URL contains its digest, and which therefore never changes. */
export const immutable = "public, max-age=31536000, immutable";

/** True if `If-None-Match` has the tag of the current content, so that it need not be sent again. */
export function isKnown(context: ApiContext, tag: string): boolean {
  return isNamed(context.req.header("if-none-match"), tag, { weakly: true });
}

/** True if a list of tags, as in conditional headers, contains the tag. `*` matches any. */
export function isNamed(
  header: string | undefined,
  tag: string,
  { weakly }: { readonly weakly: boolean },
): boolean {
  if (header === undefined) return false;
  if (header.trim() === "*") return true;
  return tagsIn(header).some(({ weak, opaque }) => opaque === tag && (weakly || !weak));
}

/**
 * The value of `If-Match`: tags without their quotes, or `any`. Proxies that compress responses make tags weak or
 * append the encoding to them. Our tags identify the saved content rather than its encoded bytes, so both forms are
 * accepted.
 */
export const entityTags = z
  .string()
  .regex(/^\s*(?:\*|(?:W\/)?"[^"]*"(?:\s*,\s*(?:W\/)?"[^"]*")*)\s*$/, 'use an `ETag` as it came: "…", or *')
  .transform((header): readonly string[] | "any" => {
    if (header.trim() === "*") return "any";
    return tagsIn(header).map(({ opaque }) => opaque.slice(1, -1).replace(addedEncoding, ""));
  });

const addedEncoding = /-(?:gzip|br|zstd|deflate)$/;

function tagsIn(header: string): readonly { readonly weak: boolean; readonly opaque: string }[] {
  return Array.from(header.matchAll(/(W\/)?("[^"]*")/g), ([, weak, opaque = ""]) => ({
    weak: weak !== undefined,
    opaque,
  }));
}

const tagLength = 32;
