/**
 * The ChaCha20 block function of RFC 8439 section 2.3, and a stream of its blocks: a generator of random
 * numbers that is fully determined by its key.
 */

/** Sixteen words: the keystream of one block, to be read as little-endian bytes. */
export function chacha20Block(key: Int32Array, counter: number, nonce: Int32Array): Int32Array {
  const initial = new Int32Array(16);
  initial.set(sigma);
  initial.set(key, 4);
  initial[12] = counter;
  initial.set(nonce, 13);
  const state = new Int32Array(initial);
  for (let round = 0; round < 20; round += 2) doubleRound(state);
  for (let i = 0; i < 16; i += 1) state[i] = (state[i] as number) + (initial[i] as number);
  return state;
}

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

/** The ASCII bytes of "expand 32-byte k". */
const sigma = [0x61707865, 0x3320646e, 0x79622d32, 0x6b206574] as const;

/**
 * Four columns, then four diagonals. They are unrolled because the engine interprets this code, and loops over
 * tables of indices would be many times slower.
 */
function doubleRound(state: Int32Array): void {
  quarterRound(state, 0, 4, 8, 12);
  quarterRound(state, 1, 5, 9, 13);
  quarterRound(state, 2, 6, 10, 14);
  quarterRound(state, 3, 7, 11, 15);
  quarterRound(state, 0, 5, 10, 15);
  quarterRound(state, 1, 6, 11, 12);
  quarterRound(state, 2, 7, 8, 13);
  quarterRound(state, 3, 4, 9, 14);
}

function quarterRound(state: Int32Array, i: number, j: number, k: number, l: number): void {
  let a = state[i] as number;
  let b = state[j] as number;
  let c = state[k] as number;
  let d = state[l] as number;
  a = (a + b) | 0;
  d ^= a;
  d = (d << 16) | (d >>> 16);
  c = (c + d) | 0;
  b ^= c;
  b = (b << 12) | (b >>> 20);
  a = (a + b) | 0;
  d ^= a;
  d = (d << 8) | (d >>> 24);
  c = (c + d) | 0;
  b ^= c;
  b = (b << 7) | (b >>> 25);
  state[i] = a;
  state[j] = b;
  state[k] = c;
  state[l] = d;
}

function littleEndianWords(bytes: Uint8Array): Int32Array {
  const words = new Int32Array(bytes.length / 4);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let i = 0; i < words.length; i += 1) words[i] = view.getInt32(4 * i, true);
  return words;
}
