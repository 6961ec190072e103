import { Buffer } from "node:buffer";
import { callLater } from "./bytes.ts";
import { subtle } from "./compute.ts";
import { KeyObject } from "./key-object.ts";
import { randomBytes } from "./random.ts";

interface GenerateOptions {
  readonly modulusLength?: number;
  readonly publicExponent?: number;
  readonly namedCurve?: string;
  readonly length?: number;
  readonly publicKeyEncoding?: object;
  readonly privateKeyEncoding?: object;
}

type Exported = KeyObject | string | Buffer | object;
interface Pair {
  readonly publicKey: Exported;
  readonly privateKey: Exported;
}

const curves: Readonly<Record<string, string>> = {
  prime256v1: "P-256",
  secp384r1: "P-384",
  secp521r1: "P-521",
};

function algorithmFor(
  type: string,
  { modulusLength = 2_048, publicExponent = 65_537, namedCurve = "" }: GenerateOptions,
): object {
  if (type === "rsa") {
    const exponent = Buffer.alloc(4);
    exponent.writeUInt32BE(publicExponent);
    return {
      name: "RSASSA-PKCS1-v1_5",
      hash: "SHA-256",
      modulusLength,
      publicExponent: new Uint8Array(exponent.subarray(1)),
    };
  }
  if (type === "ec") return { name: "ECDSA", namedCurve: curves[namedCurve] ?? namedCurve };
  return { name: type.replace(/^./, (first) => first.toUpperCase()) };
}

export function generateKeyPairSync(type: string, options: GenerateOptions = {}): Pair {
  const usages = type.startsWith("x") ? ["deriveBits"] : ["sign", "verify"];
  const { publicKey, privateKey } = subtle().generateKey(algorithmFor(type, options), true, usages);
  return {
    publicKey: exported(publicKey, options.publicKeyEncoding),
    privateKey: exported(privateKey, options.privateKeyEncoding),
  };
}

function exported(key: CryptoKey, encoding: object | undefined): Exported {
  const object = KeyObject.from(key);
  return encoding === undefined ? object : object.export(encoding);
}

type PairDone = (error: Error | null, publicKey?: Exported, privateKey?: Exported) => void;

export function generateKeyPair(type: string, options: GenerateOptions, done: PairDone): void {
  callLater(
    () => generateKeyPairSync(type, options),
    (error, pair) => done(error, pair?.publicKey, pair?.privateKey),
  );
}

/** `util.promisify` of this function resolves to one object with both keys. */
Object.assign(generateKeyPair, {
  [Symbol.for("nodejs.util.promisify.custom")]: async (type: string, options?: GenerateOptions) =>
    generateKeyPairSync(type, options),
});

export function generateKeySync(_type: string, { length = 256 }: GenerateOptions): KeyObject {
  return new KeyObject("secret", randomBytes(length / 8) as Buffer);
}
