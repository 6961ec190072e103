import { describe, expect, test } from "vitest";
import { chacha20Block, randomStream } from "./chacha20.ts";

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

describe("a random stream", () => {
  const key = new Uint8Array(32);

  test("is the keystream from block 0 on", () => {
    const bytes = new Uint8Array(96);
    randomStream(key, 0).fillBytes(bytes);
    const hex = bytes.toHex();
    expect(hex.slice(0, 32)).toBe("76b8e0ada0f13d90405d6ae55386bd28");
    expect(hex.slice(128, 160)).toBe("9f07e7be5551387a98ba977c732d080d");
  });

  test("gives other numbers for another purpose", () => {
    expect(randomStream(key, 1).nextWord()).not.toBe(randomStream(key, 0).nextWord());
  });

  test("gives words that are not negative", () => {
    const stream = randomStream(key, 0);
    const words = Array.from({ length: 100 }, () => stream.nextWord());
    expect(words.every((word) => word >= 0 && word < 2 ** 32)).toBe(true);
    expect(words.some((word) => word >= 2 ** 31)).toBe(true);
  });

  test("throws away what is left of a word", () => {
    const [stream, other] = [randomStream(key, 0), randomStream(key, 0)];
    stream.fillBytes(new Uint8Array(5));
    other.fillBytes(new Uint8Array(8));
    expect(stream.nextWord()).toBe(other.nextWord());
  });
});

function wordsOf(hex: string): Int32Array {
  const bytes = Uint8Array.fromHex(hex);
  return new Int32Array(bytes.buffer);
}

function hexOf(words: Int32Array): string {
  return new Uint8Array(words.buffer).toHex();
}
