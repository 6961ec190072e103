/** Generated inputs of any size, the same in the sandbox and in Node: those of many megabytes repeat parts. */
import { randomOf } from "./inputs.ts";

export type InputKind = "text" | "latin1" | "bytes" | "numbers";

/** Code points from the first to the last: ASCII more often than others, lone surrogates among them. */
const alphabets = [
  [0x20, 0x7e],
  [0x20, 0x7e],
  [0xa0, 0x1_7f],
  [0x3_91, 0x3_c9],
  [0x4e_00, 0x4f_ff],
  [0x1_f6_00, 0x1_f6_4f],
  [0, 0x1f],
  [0xd8_00, 0xdf_ff],
] as const;

/** @param size in characters, bytes or numbers */
export function makeInput(kind: InputKind, size: number, seed: number): unknown {
  const next = randomOf(seed);
  if (kind === "text") return makeText(next, size);
  if (kind === "latin1") return makeLatin1(next, size);
  return kind === "bytes" ? makeBytes(next, size) : makeNumbers(next, size);
}

function makeText(next: () => number, size: number): string {
  const pieces: string[] = [];
  for (let length = 0; length < size;) {
    const [from, to] = alphabets[Math.floor(next() * alphabets.length)] ?? alphabets[0];
    const points = Array.from({ length: 12 }, () => from + Math.floor(next() * (to - from + 1)));
    const piece = String.fromCodePoint(...points).repeat(size > 100_000 ? 200 : 1);
    pieces.push(piece);
    length += piece.length;
  }
  return pieces.join("").slice(0, size);
}

function makeLatin1(next: () => number, size: number): string {
  const codes = Array.from({ length: Math.min(size, 1000) }, () => Math.floor(next() * 256));
  return String.fromCharCode(...codes)
    .repeat(Math.ceil(size / 1000))
    .slice(0, size);
}

function makeBytes(next: () => number, size: number): Uint8Array {
  const block = new Uint8Array(Math.min(size, 1024)).map(() => Math.floor(next() * 256));
  const all = new Uint8Array(size);
  for (let at = 0; at < size; at += 1024) all.set(block.subarray(0, Math.min(1024, size - at)), at);
  return all;
}

function makeNumbers(next: () => number, size: number): number[] {
  const kinds = [
    () => next() * 10,
    () => (next() - 0.5) * 2 ** Math.floor(next() * 200 - 100),
    () => Math.floor(next() * 2 ** 53),
    () => Math.floor(next() * 1000),
    () => -0,
    () => Number.NaN,
    () => Number.POSITIVE_INFINITY,
  ];
  return Array.from(
    { length: Math.min(size, 2000) },
    () => kinds[Math.floor(next() * kinds.length)]?.() ?? 0,
  );
}
