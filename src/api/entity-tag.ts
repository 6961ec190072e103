import { createHash } from "node:crypto";
import type { ApiContext } from "./route.ts";

/** A strong entity tag of content (RFC 9110, section 8.8.3). */
export function entityTagOf(content: string | Uint8Array): string {
  return `"${createHash("sha256").update(content).digest("hex").slice(0, tagLength)}"`;
}

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
  const tags = Array.from(header.matchAll(/(W\/)?("[^"]*")/g), ([, weak, opaque]) =>
    weak !== undefined && !weakly ? undefined : opaque,
  );
  return tags.includes(tag);
}

const tagLength = 32;
