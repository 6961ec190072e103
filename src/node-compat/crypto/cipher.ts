/**
 * `createCipheriv` and `createDecipheriv` for AES. The data is collected, and the host processes all of it at the
 * end.
 */
import { Buffer } from "node:buffer";
import { EventEmitter } from "node:events";
import { bytesOf, encoded } from "./bytes.ts";
import { compute } from "./compute.ts";
import { KeyObject } from "./key-object.ts";

type Mode = "cbc" | "ecb" | "ctr" | "gcm";
type Direction = "encrypt" | "decrypt";
interface CipherOptions {
  readonly authTagLength?: number;
}

const usualTagBytes = 16;

class AesCipher extends EventEmitter {
  readonly #direction: Direction;
  readonly #mode: Mode;
  readonly #key: Buffer;
  readonly #iv: Buffer;
  #tagBytes: number;
  #isPadded = true;
  #isFinal = false;
  #tag: Buffer | undefined;
  readonly #chunks: Buffer[] = [];
  readonly #additional: Buffer[] = [];

  constructor(
    direction: Direction,
    name: string,
    key: unknown,
    iv: unknown,
    { authTagLength = usualTagBytes }: CipherOptions = {},
  ) {
    super();
    const [, bits, mode] = /^(?:id-)?aes-?(128|192|256)-(cbc|ecb|ctr|gcm)$/.exec(name.toLowerCase()) ?? [];
    if (bits === undefined)
      throw Object.assign(new Error("Unknown cipher"), { code: "ERR_CRYPTO_UNKNOWN_CIPHER" });
    this.#direction = direction;
    this.#mode = mode as Mode;
    this.#key = key instanceof KeyObject ? key.material : bytesOf(key);
    this.#iv = iv === null ? Buffer.alloc(0) : bytesOf(iv);
    this.#tagBytes = authTagLength;
    if (this.#key.length * 8 !== Number(bits))
      throw Object.assign(new RangeError("Invalid key length"), { code: "ERR_CRYPTO_INVALID_KEYLEN" });
    const ivBytes = { cbc: 16, ctr: 16, ecb: 0, gcm: undefined }[this.#mode];
    if (ivBytes !== undefined && this.#iv.length !== ivBytes)
      throw Object.assign(new TypeError("Invalid initialization vector"), { code: "ERR_CRYPTO_INVALID_IV" });
  }
  update(data: unknown, inputEncoding?: string, outputEncoding?: string): Buffer | string {
    if (this.#isFinal) throw finalized();
    this.#chunks.push(Buffer.from(bytesOf(data, inputEncoding)));
    return encoded(Buffer.alloc(0), outputEncoding);
  }
  final(encoding?: string): Buffer | string {
    if (this.#isFinal) throw finalized();
    this.#isFinal = true;
    const data = Buffer.concat(this.#chunks);
    return encoded(this.#mode === "gcm" ? this.#authenticated(data) : this.#plain(data), encoding);
  }
  setAutoPadding(isPadded = true): this {
    this.#isPadded = isPadded;
    return this;
  }
  setAAD(data: unknown): this {
    this.#additional.push(Buffer.from(bytesOf(data)));
    return this;
  }
  getAuthTag(): Buffer {
    if (this.#tag === undefined)
      throw Object.assign(new Error("Invalid state for operation getAuthTag"), {
        code: "ERR_CRYPTO_INVALID_STATE",
      });
    return this.#tag;
  }
  setAuthTag(tag: unknown, encoding?: string): this {
    this.#tag = Buffer.from(bytesOf(tag, encoding));
    this.#tagBytes = this.#tag.length;
    return this;
  }

  #plain(data: Buffer): Buffer {
    const direction = this.#direction;
    const padding = this.#isPadded ? "pkcs7" : "none";
    if (this.#mode === "ctr") return compute("aes-ctr", { counterBits: 128 }, this.#key, this.#iv, data);
    if (this.#mode === "ecb") return compute("aes-ecb", { direction, padding }, this.#key, data);
    return compute("aes-cbc", { direction, padding }, this.#key, this.#iv, data);
  }
  #authenticated(data: Buffer): Buffer {
    const parameters = { direction: this.#direction, tagBytes: this.#tagBytes };
    const additional = Buffer.concat(this.#additional);
    if (this.#direction === "encrypt") {
      const whole = compute("aes-gcm", parameters, this.#key, this.#iv, additional, data);
      this.#tag = whole.subarray(whole.length - this.#tagBytes);
      return whole.subarray(0, whole.length - this.#tagBytes);
    }
    if (this.#tag === undefined) throw unauthenticated();
    try {
      return compute(
        "aes-gcm",
        parameters,
        this.#key,
        this.#iv,
        additional,
        Buffer.concat([data, this.#tag]),
      );
    } catch (cause) {
      throw unauthenticated(cause);
    }
  }
}

function unauthenticated(cause?: unknown): Error {
  return new Error("Unsupported state or unable to authenticate data", { cause });
}

function finalized(): Error {
  return Object.assign(new Error("Unsupported state"), { code: "ERR_CRYPTO_INVALID_STATE" });
}

export class Cipheriv extends AesCipher {
  constructor(name: string, key: unknown, iv: unknown, options?: CipherOptions) {
    super("encrypt", name, key, iv, options);
  }
}

export class Decipheriv extends AesCipher {
  constructor(name: string, key: unknown, iv: unknown, options?: CipherOptions) {
    super("decrypt", name, key, iv, options);
  }
}

export function createCipheriv(name: string, key: unknown, iv: unknown, options?: CipherOptions): Cipheriv {
  return new Cipheriv(name, key, iv, options);
}

export function createDecipheriv(
  name: string,
  key: unknown,
  iv: unknown,
  options?: CipherOptions,
): Decipheriv {
  return new Decipheriv(name, key, iv, options);
}

export function getCiphers(): readonly string[] {
  return [128, 192, 256].flatMap((bits) => ["cbc", "ctr", "ecb", "gcm"].map((mode) => `aes-${bits}-${mode}`));
}
