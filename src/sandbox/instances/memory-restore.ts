import { imagePageBytes } from "./engine-state.ts";
import type { Image, PristineEngine } from "./engine-state.ts";
import type { Core } from "./glue.ts";

/**
 * Sets the memory of an instance to that of an image.
 *
 * The pages to write follow from the image that was restored last and from the engine's dirty-page flags
 * (`sandbox/instrumentation/write-tracking.ts`), because a usual execution writes to a small part of its
 * memory.
 */
export interface MemoryRestorer {
  restore(image: Image): void;
  /** The image that was restored last. */
  readonly held: Image | undefined;
}

const wasmPageBytes = 65_536;

/** @param core a new core whose memory is still the engine's own */
export function createMemoryRestorer(core: Core, engine: PristineEngine): MemoryRestorer {
  const { dirtyPages } = core;
  let held: Image | undefined;
  return {
    get held() {
      return held;
    },
    restore(image) {
      growTo(core.memory, image.memoryBytes);
      const memory = new Uint8Array(core.memory.buffer);
      const content = { memory, engine, image };
      if (held?.id !== image.id) {
        markDifferences(dirtyPages, held);
        markDifferences(dirtyPages, image);
        held = image;
      }
      restoreDirty(content, dirtyPages.subarray(0, memory.length / imagePageBytes + 1));
    },
  };
}

function growTo(memory: WebAssembly.Memory, bytes: number): void {
  const missing = bytes - memory.buffer.byteLength;
  if (missing > 0) memory.grow(missing / wasmPageBytes);
}

/** Marks the pages in which either image differs from the engine: two images differ at most there. */
function markDifferences(dirtyPages: Uint8Array, image: Image | undefined): void {
  for (const offset of image?.pageOffsets ?? []) dirtyPages[offset / imagePageBytes] = 1;
}

interface Content {
  readonly memory: Uint8Array;
  readonly engine: PristineEngine;
  readonly image: Image;
}

/** Restores each dirty page and the page after it, because a tracked store may end there. */
function restoreDirty(content: Content, dirtyPages: Uint8Array): void {
  const { memory } = content;
  for (let page = dirtyPages.indexOf(1); page !== -1;) {
    const clean = dirtyPages.indexOf(0, page);
    const end = clean === -1 ? dirtyPages.length : clean + 1;
    restoreBytes(content, page * imagePageBytes, Math.min(end * imagePageBytes, memory.length));
    page = clean === -1 ? -1 : dirtyPages.indexOf(1, clean);
  }
  dirtyPages.fill(0);
}

/** Restores from `start` to `end`, both at page boundaries. */
function restoreBytes({ memory, engine, image }: Content, start: number, end: number): void {
  const engineEnd = Math.min(end, engine.memory.length);
  if (start < engineEnd) memory.set(engine.memory.subarray(start, engineEnd), start);
  memory.fill(0, Math.max(start, engineEnd), end);
  const { pageOffsets, pages } = image;
  for (let index = firstFrom(pageOffsets, start); index < pageOffsets.length; index += 1) {
    const offset = pageOffsets[index] ?? end;
    if (offset >= end) return;
    memory.set(pages.subarray(index * imagePageBytes, (index + 1) * imagePageBytes), offset);
  }
}

/** Returns the index of the first offset that is at least `start`. */
function firstFrom(offsets: Uint32Array, start: number): number {
  let [low, high] = [0, offsets.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((offsets[middle] ?? start) < start) low = middle + 1;
    else high = middle;
  }
  return low;
}
