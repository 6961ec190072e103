import { parseAccept } from "hono/utils/accept";

/** Each name of a header such as `Accept`, in lower case, with its quality: 0 refuses it (RFC 9110, section 12.4.2). */
function qualitiesOf(header: string | undefined): ReadonlyMap<string, number> {
  return new Map(parseAccept(header ?? "").map(({ type, q }) => [type.toLowerCase(), q]));
}

/** True if the client prefers HTML to JSON, as browsers do for a URL that was typed. */
export function prefersHtml(accept: string | undefined): boolean {
  const qualities = qualitiesOf(accept);
  const html = qualities.get("text/html") ?? 0;
  return html > 0 && html >= (qualities.get("application/json") ?? 0);
}

/** The best available encoding, the later one of a tie, because it is smaller; `undefined` if none is acceptable. */
export function preferredEncoding<Encoding extends string>(
  acceptEncoding: string | undefined,
  available: readonly Encoding[],
): Encoding | undefined {
  const qualities = qualitiesOf(acceptEncoding);
  const others = qualities.get("*") ?? 0;
  let best: { readonly encoding: Encoding; readonly quality: number } | undefined;
  for (const encoding of available) {
    const quality = qualities.get(encoding) ?? others;
    if (quality > 0 && quality >= (best?.quality ?? 0)) best = { encoding, quality };
  }
  return best?.encoding;
}
