/**
 * The keystream of ChaCha20 (RFC 8439, section 2.4), from which the guest runtime draws the values that its host
 * has to know as well. It is implemented separately from the guest's, so that each tests the other.
 *
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
  const block = keystreamBlock([...sigma, ...wordsOf(key), counter, 0, 0, purpose]);
  return block.slice(start - counter * blockBytes, end - counter * blockBytes);
}

const blockBytes = 64;

/** The ASCII bytes of "expand 32-byte k". */
const sigma: readonly number[] = [0x61707865, 0x3320646e, 0x79622d32, 0x6b206574];

/** The quarter rounds of the columns, then those of the diagonals. */
const quarters = [
  [0, 4, 8, 12],
  [1, 5, 9, 13],
  [2, 6, 10, 14],
  [3, 7, 11, 15],
  [0, 5, 10, 15],
  [1, 6, 11, 12],
  [2, 7, 8, 13],
  [3, 4, 9, 14],
] as const;

function keystreamBlock(initial: readonly number[]): Uint8Array<ArrayBuffer> {
  const state = Uint32Array.from(initial);
  for (let round = 0; round < 10; round += 1)
    for (const [a, b, c, d] of quarters) {
      mix(state, { sum: a, with: b, into: d, by: 16 });
      mix(state, { sum: c, with: d, into: b, by: 12 });
      mix(state, { sum: a, with: b, into: d, by: 8 });
      mix(state, { sum: c, with: d, into: b, by: 7 });
    }
  const block = new DataView(new ArrayBuffer(blockBytes));
  for (const [index, word] of state.entries()) block.setUint32(index * 4, word + (initial[index] ?? 0), true);
  return new Uint8Array(block.buffer);
}

interface Mix {
  readonly sum: number;
  readonly with: number;
  readonly into: number;
  readonly by: number;
}

function mix(state: Uint32Array, { sum, with: other, into, by }: Mix): void {
  const total = ((state[sum] ?? 0) + (state[other] ?? 0)) | 0;
  const mixed = (state[into] ?? 0) ^ total;
  state[sum] = total;
  state[into] = (mixed << by) | (mixed >>> (32 - by));
}

function wordsOf(key: Uint8Array): readonly number[] {
  const view = new DataView(key.buffer, key.byteOffset, key.byteLength);
  return Array.from({ length: key.length / 4 }, (_, index) => view.getUint32(index * 4, true));
}
