import { createCipheriv } from "node:crypto";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { chacha20Block, keystreamBytes } from "./keystream.ts";

test("the keystream is that of OpenSSL", () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 32, maxLength: 32 }),
      fc.nat({ max: 0xffff_ffff }),
      fc.nat({ max: 0xffff_ffff }),
      fc.nat({ max: 48 }),
      (key, purpose, block, offset) => {
        const counterAndNonce = Buffer.alloc(16);
        counterAndNonce.writeUInt32LE(block, 0);
        counterAndNonce.writeUInt32LE(purpose, 12);
        const stream = createCipheriv("chacha20", key, counterAndNonce).update(Buffer.alloc(64));
        const start = block * 64 + offset;
        const bytes = keystreamBytes(key, purpose, { start, end: start + 16 });
        expect(bytes).toEqual(new Uint8Array(stream.subarray(offset, offset + 16)));
      },
    ),
  );
});

describe("the ChaCha20 block function", () => {
  test("gives the block of RFC 8439 section 2.3.2", () => {
    const key = wordsOf("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
    const nonce = wordsOf("000000090000004a00000000");
    expect(hexOf(chacha20Block(key, 1, nonce))).toBe(
      "10f1e7e4d13b5915500fdd1fa32071c4c7d1f4c733c068030422aa9ac3d46c4e" +
        "d2826446079faa0914c2d705d98b02a2b5129cd1de164eb9cbd083e8a2503c4e",
    );
  });

  test("gives the block of RFC 8439 appendix A.1, test vector 1", () => {
    expect(hexOf(chacha20Block(new Int32Array(8), 0, new Int32Array(3)))).toBe(
      "76b8e0ada0f13d90405d6ae55386bd28bdd219b8a08ded1aa836efcc8b770dc7" +
        "da41597c5157488d7724e03fb8d84a376a43b8f41518a11cc387b669b2ee6586",
    );
  });

  test("gives the block of RFC 8439 appendix A.1, test vector 2", () => {
    expect(hexOf(chacha20Block(new Int32Array(8), 1, new Int32Array(3)))).toBe(
      "9f07e7be5551387a98ba977c732d080dcb0f29a048e3656912c6533e32ee7aed" +
        "29b721769ce64e43d57133b074d839d531ed1f28510afb45ace10a1f4b794d6f",
    );
  });
});

function wordsOf(hex: string): Int32Array {
  const bytes = Uint8Array.fromHex(hex);
  return new Int32Array(bytes.buffer);
}

function hexOf(words: Int32Array): string {
  return new Uint8Array(words.buffer).toHex();
}
