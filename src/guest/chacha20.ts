/**
 * The ChaCha20 block function of RFC 8439 section 2.3, and a stream of its blocks: a generator of random
 * numbers that is fully determined by its key.
 */

/** Sixteen words: the keystream of one block, to be read as little-endian bytes. */
export function chacha20Block(key: Uint32Array, counter: number, nonce: Uint32Array): Uint32Array {
  const initial = new Uint32Array([...sigma, ...key, counter, ...nonce]);
  const state = initial.slice();
  for (let round = 0; round < 20; round += 2) {
    for (const [a, b, c, d] of quarterRounds) quarterRound(state, a, b, c, d);
  }
  for (let i = 0; i < 16; i += 1) state[i] = word(state, i) + word(initial, i);
  return state;
}

/** Random numbers from one keystream. */
export interface RandomStream {
  /** 32 bits, unsigned. */
  nextWord(): number;
  /** Overwrites `bytes`. Takes whole words: what is left of the last one is thrown away. */
  fillBytes(bytes: Uint8Array): void;
}

/**
 * The keystream of `key` (32 bytes) under a nonce that is the number of its `purpose`: streams of different
 * purposes are independent, so how the draws of one mix with those of another changes neither.
 */
export function randomStream(key: Uint8Array, purpose: number): RandomStream {
  const keyWords = littleEndianWords(key);
  const nonce = new Uint32Array([0, 0, purpose]);
  let block = new Uint32Array(0);
  let counter = 0;
  let next = 0;

  function nextWord(): number {
    if (next === block.length) {
      block = new Uint32Array(chacha20Block(keyWords, counter, nonce));
      counter += 1;
      next = 0;
    }
    next += 1;
    return word(block, next - 1);
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

/** "expand 32-byte k". */
const sigma = [0x61707865, 0x3320646e, 0x79622d32, 0x6b206574] as const;

/** Four columns, then four diagonals. */
const quarterRounds = [
  [0, 4, 8, 12],
  [1, 5, 9, 13],
  [2, 6, 10, 14],
  [3, 7, 11, 15],
  [0, 5, 10, 15],
  [1, 6, 11, 12],
  [2, 7, 8, 13],
  [3, 4, 9, 14],
] as const;

function quarterRound(state: Uint32Array, a: number, b: number, c: number, d: number): void {
  state[a] = word(state, a) + word(state, b);
  state[d] = rotateLeft(word(state, d) ^ word(state, a), 16);
  state[c] = word(state, c) + word(state, d);
  state[b] = rotateLeft(word(state, b) ^ word(state, c), 12);
  state[a] = word(state, a) + word(state, b);
  state[d] = rotateLeft(word(state, d) ^ word(state, a), 8);
  state[c] = word(state, c) + word(state, d);
  state[b] = rotateLeft(word(state, b) ^ word(state, c), 7);
}

function rotateLeft(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}

function word(words: Uint32Array, index: number): number {
  return words[index] as number;
}

function littleEndianWords(bytes: Uint8Array): Uint32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Uint32Array.from({ length: bytes.length / 4 }, (_, i) => view.getUint32(4 * i, true));
}
