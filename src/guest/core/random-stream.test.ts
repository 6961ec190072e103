import { describe, expect, test } from "vitest";
import { randomStream } from "./random-stream.ts";

describe("a random stream", () => {
  const key = new Uint8Array(32);

  test("a random stream is the keystream from block 0 on", () => {
    const bytes = new Uint8Array(96);
    randomStream(key, 0).fillBytes(bytes);
    const hex = bytes.toHex();
    expect(hex.slice(0, 32)).toBe("76b8e0ada0f13d90405d6ae55386bd28");
    expect(hex.slice(128, 160)).toBe("9f07e7be5551387a98ba977c732d080d");
  });

  test("a random stream for another purpose gives other numbers", () => {
    expect(randomStream(key, 1).nextWord()).not.toBe(randomStream(key, 0).nextWord());
  });

  test("a random stream gives words that are not negative", () => {
    const stream = randomStream(key, 0);
    const words = Array.from({ length: 100 }, () => stream.nextWord());
    expect(words.every((word) => word >= 0 && word < 2 ** 32)).toBe(true);
    expect(words.some((word) => word >= 2 ** 31)).toBe(true);
  });

  test("a random stream discards the rest of a word", () => {
    const [stream, other] = [randomStream(key, 0), randomStream(key, 0)];
    stream.fillBytes(new Uint8Array(5));
    other.fillBytes(new Uint8Array(8));
    expect(stream.nextWord()).toBe(other.nextWord());
  });
});
