const names: Readonly<Record<string, string>> = {
  sha1: "SHA-1",
  sha224: "SHA-224",
  sha256: "SHA-256",
  sha384: "SHA-384",
  sha512: "SHA-512",
  "sha512-224": "SHA-512/224",
  "sha512-256": "SHA-512/256",
  "sha3-224": "SHA3-224",
  "sha3-256": "SHA3-256",
  "sha3-384": "SHA3-384",
  "sha3-512": "SHA3-512",
  md5: "MD5",
  ripemd160: "RIPEMD-160",
  rmd160: "RIPEMD-160",
  ripemd: "RIPEMD-160",
  blake2b512: "BLAKE2b-512",
  blake2s256: "BLAKE2s-256",
};

/**
 * The host's name of a hash: `SHA-256` for `sha256`, `SHA256`, `RSA-SHA256`, `sha-256`.
 *
 * @throws {Error} Node's error if the hash does not exist
 */
export function digestName(name: unknown): string {
  const plain = String(name)
    .toLowerCase()
    .replace(/^rsa-/, "")
    .replace(/^sha-(?=\d)/, "sha")
    .replace("/", "-");
  const found = names[plain];
  if (found !== undefined) return found;
  throw new Error("Digest method not supported");
}

/** @throws {TypeError} the error of Node's key derivation functions */
export function derivationDigestName(name: unknown): string {
  try {
    return digestName(name);
  } catch {
    throw Object.assign(new TypeError(`Invalid digest: ${String(name)}`), {
      code: "ERR_CRYPTO_INVALID_DIGEST",
    });
  }
}

export function getHashes(): readonly string[] {
  return Object.keys(names);
}
