import type { Digest } from "../../base/digest.ts";

/** The complete state of an instance: its linear memory and its mutable globals. */
export interface EngineState {
  readonly memory: Uint8Array;
  readonly globals: GlobalValues;
}

/** The state of an engine directly after its build. */
export interface PristineEngine extends EngineState {
  readonly digest: Digest;
}

export type GlobalValues = readonly (number | bigint)[];

/** An evaluated workflow: its state as the difference from the pristine engine, to be put into instances. */
export interface Image {
  /** Unique among the images of a process, across all of its threads. */
  readonly id: number;
  readonly protocolVersion: number;
  /** Length of the linear memory. */
  readonly memoryBytes: number;
  /** Values of the engine's mutable globals, in their order. */
  readonly globals: GlobalValues;
  /** The offset in memory of each differing page. */
  readonly pageOffsets: Uint32Array;
  /** The differing pages, concatenated. */
  readonly pages: Uint8Array;
}

export const imagePageBytes = 4_096;

let images = 0;

/** Returns the next id of an image. */
export function nextImageId(): number {
  images += 1;
  return images;
}

/** Returns the image of `state`, for use in the same process. */
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

/** Returns the numbers of the pages that differ, ascending. */
export function differingPages(before: Uint8Array, after: Uint8Array): readonly number[] {
  const pages = Array.from({ length: after.length / imagePageBytes }, (_, page) => page);
  return pages.filter((page) => !isSame(wordsOf(pageAt(before, page)), wordsOf(pageAt(after, page))));
}

/** Returns zeros beyond the end of a memory, because that is what growing adds. */
export function pageAt(memory: Uint8Array, page: number): Uint8Array {
  const start = page * imagePageBytes;
  return start < memory.length ? memory.subarray(start, start + imagePageBytes) : emptyPage;
}

const emptyPage = new Uint8Array(imagePageBytes);

/** A view, or a copy if the bytes are not aligned to words. */
export function wordsOf(bytes: Uint8Array): Uint32Array {
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : new Uint8Array(bytes);
  return new Uint32Array(aligned.buffer, aligned.byteOffset, aligned.length / 4);
}

function isSame(words: Uint32Array, others: Uint32Array): boolean {
  for (let at = 0; at < words.length; at += 1) if (words[at] !== others[at]) return false;
  return true;
}
