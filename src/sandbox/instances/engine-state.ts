import type { Digest } from "../../domain/ids.ts";

/** All there is to an instance: its linear memory and its mutable globals. */
export interface EngineState {
  readonly memory: Uint8Array;
  readonly globals: GlobalValues;
}

/** An engine as it was built. */
export interface PristineEngine extends EngineState {
  readonly digest: Digest;
}

export type GlobalValues = readonly (number | bigint)[];

/** A workflow, evaluated: a state as the difference from that in which the engine was built, to be put into instances. */
export interface Image {
  /** Tells the images of a process apart, in all of its threads. */
  readonly id: number;
  readonly protocolVersion: number;
  /** Length of the linear memory. */
  readonly memoryBytes: number;
  /** Values of the engine's mutable globals, in their order. */
  readonly globals: GlobalValues;
  /** Where each differing page begins in memory. */
  readonly pageOffsets: Uint32Array;
  /** The differing pages, one after the other. */
  readonly pages: Uint8Array;
}

export const imagePageBytes = 4_096;

let images = 0;

/** The next id of an image. */
export function nextImageId(): number {
  images += 1;
  return images;
}

/** The image of `state`, to be used where it was taken. */
export function takeImage(engine: PristineEngine, state: EngineState, protocolVersion: number): Image {
  const pageNumbers = differingPages(engine.memory, state.memory);
  const pages = new Uint8Array(pageNumbers.length * imagePageBytes);
  for (const [index, page] of pageNumbers.entries())
    pages.set(pageAt(state.memory, page), index * imagePageBytes);
  return {
    id: nextImageId(),
    protocolVersion,
    memoryBytes: state.memory.length,
    globals: state.globals,
    pageOffsets: Uint32Array.from(pageNumbers, (page) => page * imagePageBytes),
    pages,
  };
}

/** The numbers of the pages that are not the same, ascending. */
export function differingPages(before: Uint8Array, after: Uint8Array): readonly number[] {
  const pages = Array.from({ length: after.length / imagePageBytes }, (_, page) => page);
  return pages.filter((page) => !isSame(wordsOf(pageAt(before, page)), wordsOf(pageAt(after, page))));
}

/** Beyond the end of a memory there are zeros: what growing it adds. */
export function pageAt(memory: Uint8Array, page: number): Uint8Array {
  const start = page * imagePageBytes;
  return start < memory.length ? memory.subarray(start, start + imagePageBytes) : emptyPage;
}

const emptyPage = new Uint8Array(imagePageBytes);

/** A view, or a copy where bytes do not lie as words do. */
export function wordsOf(bytes: Uint8Array): Uint32Array {
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : new Uint8Array(bytes);
  return new Uint32Array(aligned.buffer, aligned.byteOffset, aligned.length / 4);
}

function isSame(words: Uint32Array, others: Uint32Array): boolean {
  for (let at = 0; at < words.length; at += 1) if (words[at] !== others[at]) return false;
  return true;
}
