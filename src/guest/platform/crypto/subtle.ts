import type { CryptoKeyPair } from "./keys/algorithm.ts";
import type { Bytes } from "./keys/bytes.ts";
import type { CryptoKey } from "./keys/crypto-key.ts";
import type { JsonWebKey } from "./keys/jwk.ts";
import * as operations from "./operations.ts";
import { assertArguments } from "../../core/interface.ts";

let isMade = false;

/**
 * `SubtleCrypto` of the Web Cryptography API. Each operation completes before its method returns, and every error
 * rejects the returned promise.
 */
export class SubtleCrypto {
  constructor() {
    if (isMade) throw new TypeError("Illegal constructor");
    isMade = true;
  }

  async digest(algorithm: unknown, data: unknown): Promise<ArrayBuffer> {
    return buffer(operations.digest(algorithm, data));
  }

  async encrypt(algorithm: unknown, key: unknown, data: unknown): Promise<ArrayBuffer> {
    return buffer(operations.encrypt(algorithm, key, data));
  }

  async decrypt(algorithm: unknown, key: unknown, data: unknown): Promise<ArrayBuffer> {
    return buffer(operations.decrypt(algorithm, key, data));
  }

  async sign(algorithm: unknown, key: unknown, data: unknown): Promise<ArrayBuffer> {
    return buffer(operations.sign(algorithm, key, data));
  }

  async verify(algorithm: unknown, key: unknown, signature: unknown, data: unknown): Promise<boolean> {
    return operations.verify(algorithm, key, signature, data);
  }

  async generateKey(
    algorithm: unknown,
    extractable: unknown,
    keyUsages: unknown,
  ): Promise<CryptoKey | CryptoKeyPair> {
    return operations.generateKey(algorithm, extractable, keyUsages);
  }

  async importKey(
    format: unknown,
    keyData: unknown,
    algorithm: unknown,
    extractable: unknown,
    keyUsages: unknown,
  ): Promise<CryptoKey> {
    return operations.importKey(format, keyData, algorithm, extractable, keyUsages);
  }

  async exportKey(format: unknown, key: unknown): Promise<ArrayBuffer | JsonWebKey> {
    const exported = operations.exportKey(format, key);
    return exported instanceof Uint8Array ? buffer(exported) : exported;
  }

  async deriveBits(algorithm: unknown, baseKey: unknown, length: unknown = null): Promise<ArrayBuffer> {
    return buffer(operations.deriveBits(algorithm, baseKey, length));
  }

  async deriveKey(
    algorithm: unknown,
    baseKey: unknown,
    derivedKeyType: unknown,
    extractable: unknown,
    keyUsages: unknown,
  ): Promise<CryptoKey> {
    return operations.deriveKey(algorithm, baseKey, derivedKeyType, extractable, keyUsages);
  }

  async wrapKey(
    format: unknown,
    key: unknown,
    wrappingKey: unknown,
    wrapAlgorithm: unknown,
  ): Promise<ArrayBuffer> {
    return buffer(operations.wrapKey(format, key, wrappingKey, wrapAlgorithm));
  }

  async unwrapKey(
    format: unknown,
    wrappedKey: unknown,
    unwrappingKey: unknown,
    unwrapAlgorithm: unknown,
    unwrappedKeyAlgorithm: unknown,
    extractable: unknown,
    keyUsages: unknown,
  ): Promise<CryptoKey> {
    return operations.unwrapKey(
      format,
      wrappedKey,
      unwrappingKey,
      unwrapAlgorithm,
      unwrappedKeyAlgorithm,
      extractable,
      keyUsages,
    );
  }
}

/** The single instance: `crypto.subtle`. */
export const subtle = new SubtleCrypto();

type Operation = (this: SubtleCrypto, ...args: unknown[]) => Promise<unknown>;

for (const [name, property] of Object.entries(Object.getOwnPropertyDescriptors(SubtleCrypto.prototype))) {
  if (name !== "constructor") Object.defineProperty(SubtleCrypto.prototype, name, onSubtle(name, property));
}

/** An operation rejects if its receiver is not `crypto.subtle`, or if arguments are missing. */
function onSubtle(name: string, property: PropertyDescriptor): PropertyDescriptor {
  const operation = property.value as Operation;
  const guarded = {
    async method(this: SubtleCrypto, ...args: unknown[]): Promise<unknown> {
      if (this !== subtle) throw new TypeError("This is no SubtleCrypto");
      assertArguments(args.length, operation.length, `SubtleCrypto.${name}`);
      return await Reflect.apply(operation, this, args);
    },
  };
  // oxlint-disable-next-line typescript/unbound-method -- it becomes a method of the prototype
  const { method } = guarded;
  Object.defineProperties(method, { name: { value: name }, length: { value: operation.length } });
  return { ...property, value: method };
}

/** A buffer that contains exactly these bytes. */
function buffer(bytes: Bytes): ArrayBuffer {
  return bytes.length === bytes.buffer.byteLength ? bytes.buffer : bytes.slice().buffer;
}
