import { aeskw, cbc, ctr, ecb, gcm } from "@noble/ciphers/aes.js";
import { bytesToHex, hexToBytes } from "@noble/hashes/utils.js";
import { ComputationError, fuelOf } from "./computation.ts";
import type { Computation, Inputs, Prepare } from "./computation.ts";

/** The modes of AES. Keys have 16, 24 or 32 bytes. */

const blockBytes = 16;
const tagBytes = 16;
const microsecondsPerByte = { aes: 0.016, ghash: 0.014 };

const directions: ReadonlyMap<string, "encrypt" | "decrypt"> = new Map([
  ["encrypt", "encrypt"],
  ["decrypt", "decrypt"],
]);

const paddings: ReadonlyMap<string, { readonly disablePadding: boolean }> = new Map([
  ["pkcs7", { disablePadding: false }],
  ["none", { disablePadding: true }],
]);

/** `{direction, padding}`, key, iv, data → data. NIST SP 800-38A. */
export const aesCbc: Prepare = (parameters, inputs) => {
  const direction = parameters.choice("direction", directions);
  const options = parameters.choice("padding", paddings);
  const [key, iv, data] = [keyOf(inputs), inputs(1), inputs(2)];
  return aesComputation(data, () => cbc(key, iv, options)[direction](data));
};

/** `{direction, padding}`, key, data → data. Blocks are independent: guests build other modes with it. */
export const aesEcb: Prepare = (parameters, inputs) => {
  const direction = parameters.choice("direction", directions);
  const options = parameters.choice("padding", paddings);
  const [key, data] = [keyOf(inputs), inputs(1)];
  return aesComputation(data, () => ecb(key, options)[direction](data));
};

/**
 * `{counterBits}`, key, counter block, data → data, in both directions. The other bits of the block do not
 * change.
 */
export const aesCtr: Prepare = (parameters, inputs) => {
  const counterBits = parameters.count("counterBits", { min: 1, max: 128 });
  const [key, counter, data] = [keyOf(inputs), inputs(1), inputs(2)];
  if (counter.length !== blockBytes) throw new ComputationError("The counter block must have 16 bytes");
  const blocks = Math.ceil(data.length / blockBytes);
  if (counterBits < 53 && blocks > 2 ** counterBits)
    throw new ComputationError("The counter is too short for the data");
  return aesComputation(data, () => applyCounter(key, { counter, counterBits }, data));
};

/** `{direction, tagBytes}`, key, iv, additional data, data → data followed by its tag. NIST SP 800-38D. */
export const aesGcm: Prepare = (parameters, inputs) => {
  const direction = parameters.choice("direction", directions);
  const length = parameters.count("tagBytes", { min: 4, max: tagBytes });
  const [key, iv, additional, data] = [keyOf(inputs), inputs(1), inputs(2), inputs(3)];
  const perByte = microsecondsPerByte.aes + microsecondsPerByte.ghash;
  const passes = direction === "decrypt" && length < tagBytes ? 2 : 1;
  const fuel = fuelOf((passes * data.length + additional.length + iv.length) * perByte + 10);
  const cipher = () => gcm(key, iv, additional);
  if (direction === "encrypt")
    return {
      fuel,
      run: () =>
        cipher()
          .encrypt(data)
          .subarray(0, data.length + length),
    };
  return {
    fuel,
    run: () => (length === tagBytes ? cipher().decrypt(data) : openShortTag(cipher, data, length)),
  };
};

/** `{direction}`, key, data → data, wrapped or unwrapped. RFC 3394. */
export const aesKw: Prepare = (parameters, inputs) => {
  const direction = parameters.choice("direction", directions);
  const [key, data] = [keyOf(inputs), inputs(1)];
  return { fuel: fuelOf(data.length * 6 * 2 * 0.05 + 10), run: () => aeskw(key)[direction](data) };
};

function keyOf(inputs: Inputs): Uint8Array {
  const key = inputs(0);
  if (key.length === 16 || key.length === 24 || key.length === 32) return key;
  throw new ComputationError("A key of AES has 16, 24 or 32 bytes");
}

function aesComputation(data: Uint8Array, run: () => Uint8Array): Computation {
  return { fuel: fuelOf(data.length * microsecondsPerByte.aes + 5), run };
}

interface Counter {
  readonly counter: Uint8Array;
  readonly counterBits: number;
}

/** The library's counter has 128 bits: where a shorter one wraps, a second call starts with it at zero. */
function applyCounter(key: Uint8Array, { counter, counterBits }: Counter, data: Uint8Array): Uint8Array {
  const start = BigInt(`0x${bytesToHex(counter)}`);
  const size = 1n << BigInt(counterBits);
  const untilWrap = Number(size - (start % size)) * blockBytes;
  if (untilWrap >= data.length) return ctr(key, counter).encrypt(data);
  const wrapped = hexToBytes((start - (start % size)).toString(16).padStart(2 * blockBytes, "0"));
  const result = new Uint8Array(data.length);
  result.set(ctr(key, counter).encrypt(data.subarray(0, untilWrap)));
  result.set(ctr(key, wrapped).encrypt(data.subarray(untilWrap)), untilWrap);
  return result;
}

/**
 * The library only verifies full tags. The mode's keystream is the same in both directions, so encrypting the
 * plaintext again gives the tag.
 */
function openShortTag(cipher: () => ReturnType<typeof gcm>, data: Uint8Array, length: number): Uint8Array {
  if (data.length < length) throw new ComputationError("The data are shorter than their tag");
  const sealed = data.subarray(0, data.length - length);
  const plain = cipher().encrypt(sealed).slice(0, sealed.length);
  const tag = cipher().encrypt(plain).subarray(plain.length);
  let difference = 0;
  for (let i = 0; i < length; i += 1) difference |= (tag[i] ?? 0) ^ (data[sealed.length + i] ?? 0);
  if (difference !== 0) throw new ComputationError("The tag does not match the data");
  return plain;
}
