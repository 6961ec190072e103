/** Signatures: `createSign`, `createVerify`, `sign`, `verify`. */
import { Buffer } from "node:buffer";
import { EventEmitter } from "node:events";
import { bytesOf, callLater, encoded } from "./bytes.ts";
import { subtle } from "./compute.ts";
import { children, integer, sequence } from "./der.ts";
import { digestName } from "./digest-name.ts";
import { algorithmOf, createPrivateKey, createPublicKey, cryptoKeyOf } from "./key-object.ts";
import type { KeyObject } from "./key-object.ts";

const pssPadding = 6;
/** `RSA_PSS_SALTLEN_DIGEST`. */
const saltLikeDigest = -1;
/** `RSA_PSS_SALTLEN_MAX_SIGN` for signing and `RSA_PSS_SALTLEN_AUTO` for verification. */
const saltMax = -2;

interface SignOptions {
  readonly padding?: number;
  readonly saltLength?: number;
  readonly dsaEncoding?: "der" | "ieee-p1363";
}

interface Scheme {
  readonly importing: object;
  readonly using: object;
  /** Length in bytes of each half of an elliptic-curve signature. */
  readonly halfBytes?: number;
}

const halves: Readonly<Record<string, number>> = { "P-256": 32, "P-384": 48, "P-521": 66 };
const digestBytes: Readonly<Record<string, number>> = {
  "SHA-1": 20,
  "SHA-256": 32,
  "SHA-384": 48,
  "SHA-512": 64,
};

function schemeOf(key: KeyObject, algorithm: unknown, options: SignOptions): Scheme {
  const { type, name, curve } = algorithmOf(key);
  if (type.startsWith("ed")) return { importing: { name }, using: { name } };
  const hash = digestName(algorithm ?? "sha256");
  if (curve !== undefined)
    return {
      importing: { name, namedCurve: curve },
      using: { name, hash },
      ...(options.dsaEncoding === "ieee-p1363" ? {} : { halfBytes: halves[curve] ?? 0 }),
    };
  if (type !== "rsa-pss" && options.padding !== pssPadding)
    return { importing: { name, hash }, using: { name } };
  return {
    importing: { name: "RSA-PSS", hash },
    using: { name: "RSA-PSS", saltLength: saltLength(key, hash, options) },
  };
}

function saltLength(key: KeyObject, hash: string, { saltLength: given = saltMax }: SignOptions): number {
  const hashBytes = digestBytes[hash] ?? 0;
  if (given === saltLikeDigest) return hashBytes;
  if (given >= 0) return given;
  const { modulusLength } = key.asymmetricKeyDetails as { readonly modulusLength: number };
  return Math.ceil((modulusLength - 1) / 8) - hashBytes - 2;
}

function optionsOf(input: unknown): SignOptions {
  return typeof input === "object" && input !== null ? input : {};
}

function signBytes(algorithm: unknown, data: Buffer, input: unknown): Buffer {
  const key = createPrivateKey(input);
  const { importing, using, halfBytes } = schemeOf(key, algorithm, optionsOf(input));
  const signature = Buffer.from(subtle().sign(using, cryptoKeyOf(key, importing, ["sign"]), data));
  if (halfBytes === undefined) return signature;
  return sequence(integer(signature.subarray(0, halfBytes)), integer(signature.subarray(halfBytes)));
}

function verifyBytes(algorithm: unknown, data: Buffer, input: unknown, signature: Buffer): boolean {
  const key = createPublicKey(input);
  const { importing, using, halfBytes } = schemeOf(key, algorithm, optionsOf(input));
  const plain = halfBytes === undefined ? signature : plainSignature(signature, halfBytes);
  return plain !== undefined && subtle().verify(using, cryptoKeyOf(key, importing, ["verify"]), plain, data);
}

function plainSignature(der: Buffer, halfBytes: number): Buffer | undefined {
  try {
    const parts = children(der).map(({ content }) =>
      content.subarray(Math.max(0, content.length - halfBytes)),
    );
    return Buffer.concat(parts.map((part) => Buffer.concat([Buffer.alloc(halfBytes - part.length), part])));
  } catch {
    return undefined;
  }
}

type Done<T> = (error: Error | null, value?: T) => void;

export function sign(
  algorithm: unknown,
  data: unknown,
  key: unknown,
  done?: Done<Buffer>,
): Buffer | undefined {
  const work = () => signBytes(algorithm, bytesOf(data), key);
  if (done === undefined) return work();
  callLater(work, done);
  return undefined;
}

export function verify(
  algorithm: unknown,
  data: unknown,
  key: unknown,
  signature: unknown,
  done?: Done<boolean>,
): boolean | undefined {
  const work = () => verifyBytes(algorithm, bytesOf(data), key, bytesOf(signature));
  if (done === undefined) return work();
  callLater(work, done);
  return undefined;
}

class Collector extends EventEmitter {
  protected readonly algorithm: string;
  readonly #chunks: Buffer[] = [];

  constructor(algorithm: string) {
    super();
    digestName(algorithm);
    this.algorithm = algorithm;
  }
  update(data: unknown, encoding?: string): this {
    this.#chunks.push(Buffer.from(bytesOf(data, encoding)));
    return this;
  }
  write(data: unknown, encoding?: string): boolean {
    this.update(data, encoding);
    return true;
  }
  end(data?: unknown, encoding?: string): this {
    return data === undefined ? this : this.update(data, encoding);
  }
  protected get data(): Buffer {
    return Buffer.concat(this.#chunks);
  }
}

export class Sign extends Collector {
  sign(key: unknown, encoding?: string): Buffer | string {
    return encoded(signBytes(this.algorithm, this.data, key), encoding);
  }
}

export class Verify extends Collector {
  verify(key: unknown, signature: unknown, encoding?: string): boolean {
    return verifyBytes(this.algorithm, this.data, key, bytesOf(signature, encoding));
  }
}

export function createSign(algorithm: string): Sign {
  return new Sign(algorithm);
}

export function createVerify(algorithm: string): Verify {
  return new Verify(algorithm);
}
