import { DuraniumError } from "../../domain/errors.ts";

/**
 * A view of guest memory. Both numbers come from the guest, as signed 32-bit integers.
 *
 * @throws {DuraniumError} `guest-protocol-violated` if the range exceeds the memory
 */
export function bytesAt(memory: ArrayBuffer, pointer: number, length: number): Uint8Array<ArrayBuffer> {
  const start = pointer >>> 0;
  const size = length >>> 0;
  if (size === 0) return new Uint8Array();
  if (start + size <= memory.byteLength) return new Uint8Array(memory, start, size);
  throw new DuraniumError(
    "guest-protocol-violated",
    `Cannot read ${size} bytes at offset ${start}: the guest's memory has ${memory.byteLength} bytes`,
  );
}
