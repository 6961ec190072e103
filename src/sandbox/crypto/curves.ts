import type { ECDSA } from "@noble/curves/abstract/weierstrass.js";
import { ed25519, x25519 } from "@noble/curves/ed25519.js";
import { ed448, x448 } from "@noble/curves/ed448.js";
import { p256, p384, p521 } from "@noble/curves/nist.js";
import { fuelOf } from "./computation.ts";
import type { Prepare } from "./computation.ts";

/** Elliptic curves. Points are uncompressed, private keys big-endian numbers as long as the field's. */

interface NistCurve {
  readonly curve: ECDSA;
  readonly microseconds: { readonly base: number; readonly sign: number; readonly multiply: number };
}

const nistCurves: ReadonlyMap<string, NistCurve> = new Map([
  ["P-256", { curve: p256, microseconds: { base: 500, sign: 1_200, multiply: 2_500 } }],
  ["P-384", { curve: p384, microseconds: { base: 1_000, sign: 2_500, multiply: 6_000 } }],
  ["P-521", { curve: p521, microseconds: { base: 1_500, sign: 4_500, multiply: 10_000 } }],
]);

const edwardsCurves = new Map([
  ["Ed25519", { curve: ed25519, microseconds: 1_000 }],
  ["Ed448", { curve: ed448, microseconds: 3_000 }],
]);

const montgomeryCurves = new Map([
  ["X25519", { curve: x25519, microseconds: 1_500 }],
  ["X448", { curve: x448, microseconds: 4_000 }],
]);

/** The operations that both kinds of curves support. */
interface KeyedCurve {
  readonly curve: { readonly getPublicKey: (privateKey: Uint8Array) => Uint8Array };
  readonly microseconds: number;
}

const publicCurves: ReadonlyMap<string, KeyedCurve> = new Map<string, KeyedCurve>([
  ...edwardsCurves,
  ...montgomeryCurves,
]);

/** `{curve}`, private key → its point. */
export const ecPublic: Prepare = (parameters, inputs) => {
  const { curve, microseconds } = parameters.choice("curve", nistCurves);
  return { fuel: fuelOf(microseconds.base), run: () => curve.getPublicKey(inputs(0), false) };
};

/** `{curve}`, point, compressed or not → the validated point. */
export const ecPoint: Prepare = (parameters, inputs) => {
  const { curve, microseconds } = parameters.choice("curve", nistCurves);
  const run = () => {
    const point = curve.Point.fromBytes(inputs(0));
    point.assertValidity();
    return point.toBytes(false);
  };
  return { fuel: fuelOf(microseconds.base), run };
};

/** `{curve}`, private key, digest → r and s. The nonce follows from both: RFC 6979. */
export const ecdsaSign: Prepare = (parameters, inputs) => {
  const { curve, microseconds } = parameters.choice("curve", nistCurves);
  const options = { prehash: false, lowS: false, extraEntropy: false } as const;
  return { fuel: fuelOf(microseconds.sign), run: () => curve.sign(inputs(1), inputs(0), options) };
};

/** `{curve}`, point, digest, signature → a byte, 1 if the signature is valid, else 0. */
export const ecdsaVerify: Prepare = (parameters, inputs) => {
  const { curve, microseconds } = parameters.choice("curve", nistCurves);
  const [point, digest, signature] = [inputs(0), inputs(1), inputs(2)];
  const run = () => flag(curve.verify(signature, digest, point, { prehash: false, lowS: false }));
  return { fuel: fuelOf(microseconds.multiply), run };
};

/** `{curve}`, private key, point → the first coordinate of their product. */
export const ecdh: Prepare = (parameters, inputs) => {
  const { curve, microseconds } = parameters.choice("curve", nistCurves);
  const run = () => curve.getSharedSecret(inputs(0), inputs(1), true).subarray(1);
  return { fuel: fuelOf(microseconds.multiply), run };
};

/** `{curve}`, private key → public key, of the curves of RFC 7748 and RFC 8032. */
export const edPublic: Prepare = (parameters, inputs) => {
  const { curve, microseconds } = parameters.choice("curve", publicCurves);
  return { fuel: fuelOf(microseconds), run: () => curve.getPublicKey(inputs(0)) };
};

/** `{curve}`, private key, message → signature. RFC 8032. */
export const edSign: Prepare = (parameters, inputs) => {
  const { curve, microseconds } = parameters.choice("curve", edwardsCurves);
  const message = inputs(1);
  const fuel = fuelOf(2 * microseconds + message.length * 0.05);
  return { fuel, run: () => curve.sign(message, inputs(0)) };
};

/** `{curve}`, public key, message, signature → a byte, 1 if the signature is valid, else 0. */
export const edVerify: Prepare = (parameters, inputs) => {
  const { curve, microseconds } = parameters.choice("curve", edwardsCurves);
  const [key, message, signature] = [inputs(0), inputs(1), inputs(2)];
  // A key of small order, or such a point in a signature, verifies messages that were never signed.
  const isSmall = (point: Uint8Array) => curve.Point.fromBytes(point, false).isSmallOrder();
  const run = () =>
    flag(
      !isSmall(key) &&
        !isSmall(signature.subarray(0, key.length)) &&
        curve.verify(signature, message, key, { zip215: false }),
    );
  return { fuel: fuelOf(3 * microseconds + message.length * 0.03), run };
};

/** `{curve}`, private key, public key → the shared secret. RFC 7748. */
export const xShared: Prepare = (parameters, inputs) => {
  const { curve, microseconds } = parameters.choice("curve", montgomeryCurves);
  return { fuel: fuelOf(microseconds), run: () => curve.getSharedSecret(inputs(0), inputs(1)) };
};

function flag(isRight: boolean): Uint8Array {
  return Uint8Array.of(isRight ? 1 : 0);
}
