import { formatNotSupported } from "../keys/algorithm.ts";
import type { KeyFormat, KeyOptions, KeySource } from "../keys/algorithm.ts";
import type { Bytes } from "../keys/bytes.ts";
import type { KeyRecord, RsaNumbers } from "../keys/crypto-key.ts";
import {
  encode,
  encodeInteger,
  encodeOid,
  encodePkcs8,
  encodeSpki,
  readDer,
  readPkcs8,
  readSpki,
  tags,
} from "../keys/der.ts";
import { dataError, invalidAccess } from "../keys/errors.ts";
import { base64Url, jwkBytes, jwkOf, assertJwk } from "../keys/jwk.ts";
import type { JsonWebKey } from "../keys/jwk.ts";
import { numberOf, trimmed } from "../keys/numbers.ts";

/** RSA keys and their encodings: RFC 8017, appendix A, and RFC 7518, section 6.3. */

const rsaEncryption = "2a864886f70d010101";
const algorithm = [encodeOid(rsaEncryption), encode(tags.nothing)];
const privateNames = ["d", "p", "q", "dp", "dq", "qi"] as const;

export interface RsaJwk {
  readonly use: "sig" | "enc";
  readonly alg: string;
}

export type RsaPrivateNumbers = Required<RsaNumbers>;

export function readRsaKey(source: KeySource, options: KeyOptions, { use, alg }: RsaJwk): RsaNumbers {
  if (source.format === "jwk") {
    const { jwk } = source;
    assertJwk(jwk, { kty: "RSA", use, ...options });
    if (jwk.alg !== undefined && jwk.alg !== alg)
      throw dataError(`The JWK is for the algorithm ${jwk.alg} and not for ${alg}`);
    return checked(readJwkNumbers(jwk));
  }
  if (source.format === "spki") return checked(readPublicNumbers(source.bytes));
  if (source.format === "pkcs8") return checked(readPrivateNumbers(source.bytes));
  throw formatNotSupported(source.format, "RSA");
}

export function exportRsaKey(format: KeyFormat, key: KeyRecord, alg: string): Bytes | JsonWebKey {
  const numbers = key.material.rsa as RsaNumbers;
  if (format === "jwk") {
    const names = ["n", "e", ...(key.type === "private" ? privateNames : [])] as const;
    const members = names.map((name) => [name, base64Url(numbers[name] as Bytes)] as const);
    return jwkOf({ kty: "RSA", alg, ...Object.fromEntries(members) }, key);
  }
  if (format === "spki") {
    if (key.type !== "public") throw invalidAccess("A private key has no format spki");
    const both = encode(tags.sequence, encodeInteger(numbers.n), encodeInteger(numbers.e));
    return encodeSpki(algorithm, both);
  }
  if (format !== "pkcs8") throw formatNotSupported(format, "RSA");
  if (key.type !== "private") throw invalidAccess("A public key has no format pkcs8");
  const all = ["n", "e", ...privateNames] as const;
  const encoded = all.map((name) => encodeInteger(numbers[name] as Bytes));
  return encodePkcs8(algorithm, encode(tags.sequence, encodeInteger(Uint8Array.of(0)), ...encoded));
}

function readJwkNumbers(jwk: JsonWebKey): RsaNumbers {
  const read = (name: string) => trimmed(jwkBytes(jwk, name));
  const numbers = { n: read("n"), e: read("e") };
  if (jwk["d"] === undefined) return numbers;
  if (jwk["oth"] !== undefined) throw dataError("A key of RSA of more than two primes is not supported");
  return {
    ...numbers,
    d: read("d"),
    p: read("p"),
    q: read("q"),
    dp: read("dp"),
    dq: read("dq"),
    qi: read("qi"),
  };
}

function readPublicNumbers(bytes: Bytes): RsaNumbers {
  const { oid, key } = readSpki(bytes);
  if (oid !== rsaEncryption) throw dataError("The key is not one of RSA");
  const numbers = readDer(key).inside(tags.sequence);
  const result = { n: numbers.integer(), e: numbers.integer() };
  numbers.end();
  return result;
}

function readPrivateNumbers(bytes: Bytes): RsaNumbers {
  const { oid, key } = readPkcs8(bytes);
  if (oid !== rsaEncryption) throw dataError("The key is not one of RSA");
  const numbers = readDer(key).inside(tags.sequence);
  if (numbers.integer()[0] !== 0) throw dataError("A key of RSA of more than two primes is not supported");
  const [n, e, d, p, q, dp, dq, qi] = Array.from({ length: 8 }, () => numbers.integer()) as [
    Bytes,
    Bytes,
    Bytes,
    Bytes,
    Bytes,
    Bytes,
    Bytes,
    Bytes,
  ];
  numbers.end();
  return { n, e, d, p, q, dp, dq, qi };
}

/** Numbers that do not belong together would give wrong signatures, or reveal the key. */
function checked(numbers: RsaNumbers): RsaNumbers {
  const { n, e, d, p, q, dp, dq, qi } = numbers;
  if (
    n.length < 32 ||
    n.length > 2_048 ||
    ((n.at(-1) as number) & 1) === 0 ||
    ((e.at(-1) as number) & 1) === 0
  )
    throw dataError("The key has no valid modulus and exponent");
  if (!d || !p || !q || !dp || !dq || !qi) return numbers;
  const [P, Q] = [numberOf(p), numberOf(q)];
  const isWhole =
    P > 1n &&
    Q > 1n &&
    P * Q === numberOf(n) &&
    (numberOf(e) * numberOf(dp)) % (P - 1n) === 1n &&
    (numberOf(e) * numberOf(dq)) % (Q - 1n) === 1n &&
    (numberOf(qi) * Q) % P === 1n;
  if (!isWhole) throw dataError("The numbers of the key do not belong together");
  return numbers;
}
