import { formatNotSupported } from "../keys/algorithm.ts";
import type { KeyFormat, KeyOptions, KeySource } from "../keys/algorithm.ts";
import type { Bytes } from "../keys/bytes.ts";
import type { KeyRecord } from "../keys/crypto-key.ts";
import { dataError } from "../keys/errors.ts";
import { base64Url, jwkBytes, jwkOf, assertJwk } from "../keys/jwk.ts";
import type { JsonWebKey } from "../keys/jwk.ts";

/** Keys that consist of plain bytes: those of HMAC and AES. */

export interface SecretJwk {
  /** The name in messages. */
  readonly name: string;
  readonly use: "sig" | "enc";
  /** The value of `alg` in a JWK of such a key. */
  readonly alg: (secret: Bytes) => string;
}

export function readSecret(source: KeySource, options: KeyOptions, { name, use, alg }: SecretJwk): Bytes {
  if (source.format === "raw") return source.bytes;
  if (source.format !== "jwk") throw formatNotSupported(source.format, name);
  const { jwk } = source;
  if (jwk.kty !== "oct") throw dataError("The JWK has another type than oct");
  const secret = jwkBytes(jwk, "k");
  assertJwk(jwk, { kty: "oct", use, ...options });
  if (jwk.alg !== undefined && jwk.alg !== alg(secret))
    throw dataError(`The JWK is for the algorithm ${jwk.alg} and not for ${alg(secret)}`);
  return secret;
}

export function exportSecret(
  format: KeyFormat,
  key: KeyRecord,
  { name, alg }: SecretJwk,
): Bytes | JsonWebKey {
  const secret = secretOf(key);
  if (format === "raw") return secret.slice();
  if (format !== "jwk") throw formatNotSupported(format, name);
  return jwkOf({ kty: "oct", k: base64Url(secret), alg: alg(secret) }, key);
}

export function secretOf({ material }: KeyRecord): Bytes {
  return material.secret as Bytes;
}
