/**
 * What a header such as `Accept` or `Accept-Encoding` prefers: each name with its quality, from 0, which refuses it, to
 * 1 (RFC 9110, section 12.4.2). Names are in lower case.
 */
function qualitiesOf(header: string | undefined): ReadonlyMap<string, number> {
  const entries = (header ?? "").split(",").map((part) => {
    const [name = "", ...parameters] = part.split(";").map((piece) => piece.trim().toLowerCase());
    const quality = parameters.find((parameter) => parameter.startsWith("q="))?.slice("q=".length);
    return [name, quality === undefined ? 1 : qualityOf(quality)] as const;
  });
  return new Map(entries.filter(([name]) => name !== ""));
}

/** Whether a page is asked for rather than JSON, as browsers do where an address was typed. */
export function prefersHtml(accept: string | undefined): boolean {
  const qualities = qualitiesOf(accept);
  const html = qualities.get("text/html") ?? 0;
  return html > 0 && html >= (qualities.get("application/json") ?? 0);
}

/** The best of the encodings that there are; `undefined` where it is none of them. Later ones are smaller. */
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

/** What cannot be read is not refused. */
function qualityOf(text: string): number {
  const quality = Number(text);
  return quality >= 0 && quality <= 1 ? quality : 1;
}
