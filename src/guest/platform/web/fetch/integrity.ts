/** Subresource Integrity: the expected digests of a response. */
interface Expected {
  readonly algorithm: "SHA-256" | "SHA-384" | "SHA-512";
  /** Base64 with the standard alphabet, without padding. */
  readonly digest: string;
}

/** @throws {TypeError} if the bytes match none of the digests in `integrity` */
export async function requireIntegrity(
  bytes: Uint8Array<ArrayBuffer>,
  integrity: string,
  url: string,
): Promise<void> {
  const expected = strongest(parseIntegrity(integrity));
  const [first] = expected;
  if (first === undefined) return;
  const digest = new Uint8Array(await crypto.subtle.digest(first.algorithm, bytes)).toBase64();
  if (expected.some((one) => one.digest === withoutPadding(digest))) return;
  throw new TypeError(
    `The response of ${url.slice(0, 200)} is not what "integrity" says: its ${first.algorithm} is ${digest}`,
  );
}

/** Unknown and malformed entries are ignored (section 3.3.2). */
function parseIntegrity(text: string): readonly Expected[] {
  return text.split(/[\t\n\f\r ]+/).flatMap((item) => {
    const [, bits, digest = ""] = /^sha(256|384|512)-([A-Za-z0-9+/_-]+={0,2})(?:\?.*)?$/.exec(item) ?? [];
    if (bits === undefined) return [];
    const standard = digest.replaceAll("-", "+").replaceAll("_", "/");
    return [{ algorithm: `SHA-${bits}` as Expected["algorithm"], digest: withoutPadding(standard) }];
  });
}

function strongest(all: readonly Expected[]): readonly Expected[] {
  const best = all
    .map(({ algorithm }) => algorithm)
    .toSorted()
    .at(-1);
  return all.filter(({ algorithm }) => algorithm === best);
}

function withoutPadding(base64: string): string {
  return base64.replace(/=+$/, "");
}
