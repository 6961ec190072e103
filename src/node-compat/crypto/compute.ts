/**
 * The host's synchronous, pure cryptography (`compute` of `wit/runtime.wit`), as the guest runtime exposes it to
 * bundles.
 */
import { Buffer } from "node:buffer";

interface HostCrypto {
  compute(operation: string, parameters: object, ...inputs: Uint8Array[]): Uint8Array<ArrayBuffer>;
  /** The methods of `crypto.subtle` as synchronous functions. */
  readonly subtle: SynchronousSubtle;
}

/** The members of a JSON Web Key (RFC 7517) that are used here. */
export interface JsonWebKey {
  readonly [name: string]: unknown;
  readonly kty?: string;
  readonly crv?: string;
  readonly d?: string;
  readonly n?: string;
  readonly e?: string;
}

/** The methods of `crypto.subtle` that are used here. */
export interface SynchronousSubtle {
  importKey(
    format: string,
    data: Uint8Array | JsonWebKey,
    algorithm: object,
    extractable: boolean,
    usages: readonly string[],
  ): CryptoKey;
  exportKey(format: "jwk", key: CryptoKey): JsonWebKey;
  exportKey(format: "spki" | "pkcs8", key: CryptoKey): ArrayBuffer;
  generateKey(
    algorithm: object,
    extractable: boolean,
    usages: readonly string[],
  ): { readonly privateKey: CryptoKey; readonly publicKey: CryptoKey };
  sign(algorithm: object, key: CryptoKey, data: Uint8Array): ArrayBuffer;
  verify(algorithm: object, key: CryptoKey, signature: Uint8Array, data: Uint8Array): boolean;
  encrypt(algorithm: object, key: CryptoKey, data: Uint8Array): ArrayBuffer;
  decrypt(algorithm: object, key: CryptoKey, data: Uint8Array): ArrayBuffer;
}

function host(): HostCrypto {
  return (globalThis as unknown as Record<symbol, HostCrypto>)[Symbol.for("duranium.crypto")] as HostCrypto;
}

export function subtle(): SynchronousSubtle {
  return host().subtle;
}

/** @returns new bytes that no other object holds */
export function compute(operation: string, parameters: object, ...inputs: Uint8Array[]): Buffer<ArrayBuffer> {
  const bytes = host().compute(operation, parameters, ...inputs);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
