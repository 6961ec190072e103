import { formatNotSupported, assertUsages } from "../keys/algorithm.ts";
import type { Algorithm } from "../keys/algorithm.ts";
import type { Bytes } from "../keys/bytes.ts";
import { compute } from "../keys/compute.ts";
import { createKey } from "../keys/crypto-key.ts";
import { operationError, orThrow, syntaxError } from "../keys/errors.ts";
import { unsignedLong } from "../keys/fields.ts";
import { secretOf } from "./secret-keys.ts";

/** RFC 5869. */
export const hkdf: Algorithm = {
  ...secretsToDeriveFrom("HKDF"),
  deriveBits(fields) {
    const hash = fields.hash("hash");
    const salt = fields.bytes("salt");
    const info = fields.bytes("info");
    return (key, length) => derive("hkdf", { hash }, length, secretOf(key), salt, info);
  },
};

/** RFC 8018. */
export const pbkdf2: Algorithm = {
  ...secretsToDeriveFrom("PBKDF2"),
  deriveBits(fields) {
    const salt = fields.bytes("salt");
    const iterations = fields.count("iterations", unsignedLong);
    const hash = fields.hash("hash");
    return (key, length) => {
      if (iterations === 0) throw operationError("The iterations of PBKDF2 must be 1 or more");
      return derive("pbkdf2", { hash, iterations }, length, secretOf(key), salt);
    };
  },
};

function derive(
  operation: string,
  parameters: object,
  length: number | null,
  ...inputs: readonly Bytes[]
): Bytes {
  if (length === null || length % 8 !== 0)
    throw operationError("The length of what is derived must be a multiple of 8 bits");
  return orThrow(
    () => compute(operation, { ...parameters, bytes: length / 8 }, ...inputs),
    () => operationError(`Cannot derive ${length} bits`),
  );
}

function secretsToDeriveFrom(name: string): Required<Pick<Algorithm, "name" | "importKey" | "keyLength">> {
  return {
    name,
    importKey: () => (source, options) => {
      if (source.format !== "raw") throw formatNotSupported(source.format, name);
      assertUsages(options.usages, ["deriveKey", "deriveBits"], `A key of ${name}`);
      if (options.extractable) throw syntaxError(`A key of ${name} cannot be extractable`);
      return createKey({
        type: "secret",
        algorithm: { name },
        material: { secret: source.bytes },
        ...options,
      });
    },
    keyLength: () => null,
  };
}
