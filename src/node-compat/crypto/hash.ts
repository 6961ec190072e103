/** `createHash` and `createHmac`. The data is collected, and the host processes all of it at the end. */
import { Buffer } from "node:buffer";
import { EventEmitter } from "node:events";
import { bytesOf, encoded } from "./bytes.ts";
import { compute } from "./compute.ts";
import { digestName } from "./digest-name.ts";
import { KeyObject } from "./key-object.ts";

type Compute = (data: Buffer) => Buffer;

/** A hash that is also a stream, so that data can be piped to it. */
class Digest extends EventEmitter {
  readonly writable = true;
  readonly #compute: Compute;
  #chunks: Buffer[] = [];
  #isFinal = false;

  constructor(compute: Compute) {
    super();
    this.#compute = compute;
  }
  update(data: unknown, encoding?: string): this {
    if (this.#isFinal) throw finalized();
    // Copied, because the owner of the data may change it later.
    this.#chunks.push(typeof data === "string" ? bytesOf(data, encoding) : Buffer.from(bytesOf(data)));
    return this;
  }
  digest(encoding?: string): Buffer | string {
    if (this.#isFinal) throw finalized();
    this.#isFinal = true;
    return encoded(this.#compute(Buffer.concat(this.#chunks)), encoding);
  }
  write(data: unknown, encoding?: string): boolean {
    this.update(data, encoding);
    return true;
  }
  end(data?: unknown, encoding?: string): this {
    if (data !== undefined && data !== null) this.update(data, encoding);
    queueMicrotask(() => this.emit("finish"));
    return this;
  }
  /** After `end`: the digest. */
  read(): Buffer | null {
    return this.#isFinal ? null : (this.digest() as Buffer);
  }
  protected copyInto<T extends Digest>(copy: T): T {
    if (this.#isFinal) throw finalized();
    (copy as Digest).#chunks = [...this.#chunks];
    return copy;
  }
}

function finalized(): Error {
  return Object.assign(new Error("Digest already called"), { code: "ERR_CRYPTO_HASH_FINALIZED" });
}

export class Hash extends Digest {
  readonly #algorithm: string;

  constructor(algorithm: string) {
    const hash = digestName(algorithm);
    super((data) => compute("digest", { hash }, data));
    this.#algorithm = algorithm;
  }
  copy(): Hash {
    return this.copyInto(new Hash(this.#algorithm));
  }
}

export class Hmac extends Digest {
  constructor(algorithm: string, key: unknown) {
    const hash = digestName(algorithm);
    const secret = key instanceof KeyObject ? key.material : bytesOf(key);
    super((data) => compute("hmac", { hash }, secret, data));
  }
}

export function createHash(algorithm: string): Hash {
  return new Hash(algorithm);
}

export function createHmac(algorithm: string, key: unknown): Hmac {
  return new Hmac(algorithm, key);
}

export function hash(algorithm: string, data: unknown, encoding = "hex"): Buffer | string {
  return new Hash(algorithm).update(data).digest(encoding);
}
