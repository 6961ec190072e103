/**
 * The keystream of ChaCha20 (RFC 8439, section 2.4): a generator of random numbers that is fully determined by its key.
 * The guest runtime draws from it, and the host computes the values that it has to know as well.
 */

/**
 * @param key 32 bytes
 * @param purpose the last word of the nonce, whose other words are zero: the number under which the guest draws
 * @returns the bytes from `start` to `end`, which must be in one block of 64
 */
export function keystreamBytes(
  key: Uint8Array,
  purpose: number,
  { start, end }: { readonly start: number; readonly end: number },
): Uint8Array<ArrayBuffer> {
  const counter = Math.floor(start / blockBytes);
  const words = chacha20Block(littleEndianWords(key), counter, new Int32Array([0, 0, purpose]));
  const block = new DataView(new ArrayBuffer(blockBytes));
  for (const [index, word] of words.entries()) block.setInt32(4 * index, word, true);
  return new Uint8Array(block.buffer, start - counter * blockBytes, end - start).slice();
}

const blockBytes = 64;

/**
 * The block function (section 2.3).
 *
 * @returns sixteen words: the keystream of one block, to be read as little-endian bytes
 */
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

export function littleEndianWords(bytes: Uint8Array): Int32Array {
  const words = new Int32Array(bytes.length / 4);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let i = 0; i < words.length; i += 1) words[i] = view.getInt32(4 * i, true);
  return words;
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
