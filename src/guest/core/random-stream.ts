import { chacha20Block, littleEndianWords } from "../../base/keystream.ts";

/** Random numbers from one keystream. */
export interface RandomStream {
  /** 32 bits, unsigned. */
  readonly nextWord: () => number;
  /** Overwrites `bytes`. Whole words are drawn, and the rest of the last one is discarded. */
  readonly fillBytes: (bytes: Uint8Array) => void;
}

/**
 * The keystream of `key` (32 bytes) under a nonce that is the number of its `purpose`. Streams of different
 * purposes are independent: the order of draws from several streams changes none of them.
 */
export function randomStream(key: Uint8Array, purpose: number): RandomStream {
  const keyWords = littleEndianWords(key);
  const nonce = new Int32Array([0, 0, purpose]);
  let block: Int32Array = new Int32Array(0);
  let counter = 0;
  let next = 0;

  function nextWord(): number {
    if (next === block.length) {
      block = chacha20Block(keyWords, counter, nonce);
      counter += 1;
      next = 0;
    }
    next += 1;
    return (block[next - 1] as number) >>> 0;
  }

  function fillBytes(bytes: Uint8Array): void {
    for (let i = 0; i < bytes.length; i += 4) {
      const drawn = nextWord();
      const end = Math.min(4, bytes.length - i);
      for (let j = 0; j < end; j += 1) bytes[i + j] = drawn >>> (8 * j);
    }
  }

  return { nextWord, fillBytes };
}
