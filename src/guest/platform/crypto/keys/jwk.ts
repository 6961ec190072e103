import type { Bytes } from "./bytes.ts";
import { keyUsages } from "./crypto-key.ts";
import type { KeyUsage } from "./crypto-key.ts";
import { dataError } from "./errors.ts";
import { toText } from "./fields.ts";

/** A JSON Web Key, RFC 7517. */
export interface JsonWebKey {
  readonly kty?: string;
  readonly use?: string;
  readonly key_ops?: readonly string[];
  readonly alg?: string;
  readonly ext?: boolean;
  readonly crv?: string;
  readonly [number: string]: unknown;
}

const texts = ["kty", "use", "alg", "crv", "k", "n", "e", "d", "p", "q", "dp", "dq", "qi", "x", "y"] as const;

/** Web IDL's conversion. @throws {TypeError} */
export function readJwk(source: unknown): JsonWebKey {
  if (
    typeof source !== "object" ||
    source === null ||
    ArrayBuffer.isView(source) ||
    source instanceof ArrayBuffer
  )
    throw new TypeError("A key in the format jwk must be an object");
  const given = source as Readonly<Record<string, unknown>>;
  const jwk: Record<string, unknown> = {};
  for (const name of texts) if (given[name] !== undefined) jwk[name] = toText(given[name]);
  if (given["ext"] !== undefined) jwk["ext"] = Boolean(given["ext"]);
  const operations = given["key_ops"];
  if (operations !== undefined)
    jwk["key_ops"] = Array.from(operations as Iterable<unknown>, (each) => toText(each));
  return jwk;
}

/** The properties that an imported JWK must have. */
export interface JwkExpectation {
  readonly kty: string;
  readonly extractable: boolean;
  readonly usages: readonly KeyUsage[];
  /** The required value of `use`, if the JWK has one. */
  readonly use: "sig" | "enc";
}

/** @throws {DOMException} `DataError` if the key has another type, or does not permit this use */
export function assertJwk(jwk: JsonWebKey, { kty, extractable, usages, use }: JwkExpectation): void {
  if (jwk.kty !== kty) throw dataError(`The JWK has another type than ${kty}`);
  if (usages.length > 0 && jwk.use !== undefined && jwk.use !== use)
    throw dataError(`The JWK is not for the use ${use}`);
  if (jwk.ext === false && extractable) throw dataError("The JWK is not extractable");
  if (jwk.key_ops !== undefined) assertOperations(jwk.key_ops, usages);
}

function assertOperations(operations: readonly string[], usages: readonly KeyUsage[]): void {
  if (new Set(operations).size !== operations.length) throw dataError("key_ops of the JWK has duplicates");
  if (usages.every((usage) => operations.includes(usage))) return;
  throw dataError(`key_ops of the JWK does not allow ${usages.join(", ")}`);
}

/** A member that encodes bytes. @throws {DOMException} `DataError` if it is missing, or not base64url */
export function jwkBytes(jwk: JsonWebKey, name: string): Bytes {
  const text = jwk[name];
  if (typeof text !== "string") throw dataError(`The JWK has no ${name}`);
  try {
    if (/[=\s]/.test(text)) throw new Error("padded");
    return Uint8Array.fromBase64(text, { alphabet: "base64url" });
  } catch {
    throw dataError(`${name} of the JWK is not base64url`);
  }
}

export function base64Url(bytes: Uint8Array): string {
  return bytes.toBase64({ alphabet: "base64url", omitPadding: true });
}

/** The members that every exported JWK has. */
export function jwkOf(
  members: JsonWebKey,
  { extractable, usages }: { readonly extractable: boolean; readonly usages: readonly KeyUsage[] },
): JsonWebKey {
  return { ...members, key_ops: keyUsages.filter((usage) => usages.includes(usage)), ext: extractable };
}
