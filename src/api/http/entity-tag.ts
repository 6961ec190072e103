import { createHash } from "node:crypto";
import { z } from "zod";
import type { ApiContext } from "../contract/context.ts";

/** A strong entity tag of content (RFC 9110, section 8.8.3). */
export function entityTagOf(content: string | Uint8Array): string {
  return `"${createHash("sha256").update(content).digest("hex").slice(0, tagLength)}"`;
}

/** How long to keep what is at an address that names its content: for good. */
export const immutable = "public, max-age=31536000, immutable";

/** Whether `If-None-Match` names what there is, so that it need not be sent again. */
export function isKnown(context: ApiContext, tag: string): boolean {
  return isNamed(context.req.header("if-none-match"), tag, { weakly: true });
}

/** Whether a list of tags, as conditions have them, names a tag. `*` names each. */
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
 * The value of `If-Match`: tags without their quotes, or `any`. Proxies that compress answers make tags weak, or add the
 * encoding to them. Ours name what is saved, and not the bytes in which it was told, so that makes no difference.
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
