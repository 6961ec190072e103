declare const brand: unique symbol;

/** SHA-256 of some bytes, 64 lower-case hexadecimal digits. Names every stored artifact. */
export type Digest = string & { readonly [brand]: "Digest" };

export function isDigest(text: unknown): text is Digest {
  return typeof text === "string" && /^[0-9a-f]{64}$/.test(text);
}
