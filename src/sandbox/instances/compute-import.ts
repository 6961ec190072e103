import { DuraniumError } from "../../domain/errors.ts";
import { maxOperationNameBytes } from "../../host/limits.ts";
import { ComputationError } from "../crypto/computation.ts";
import type { Compute, ComputeRequest } from "../crypto/compute.ts";
import { bytesAt } from "./guest-memory.ts";
import type { Meter } from "./meter.ts";

/** Parameters of a computation that a guest requests, as JSON: a few names and numbers. */
const maxComputeParameterBytes = 1_024;

/** Byte strings in one computation. The longest list, for a private RSA key, has nine. */
const maxComputeInputs = 16;

/** What the import needs from its instance. */
export interface ComputeEnvironment {
  /** The guest's current linear memory: growing replaces the buffer. */
  readonly memory: () => ArrayBuffer;
  readonly meter: () => Meter;
  /** Copies bytes into memory that the guest allocates. Traps if the guest has none left. */
  readonly put: (bytes: Uint8Array) => readonly number[];
  /** Marks the pages of `length` bytes at `pointer` as dirty. */
  readonly markDirty: (pointer: number, length: number) => void;
  /** Runs `act`. If it throws, the turn ends with the error and the result is `undefined`. */
  readonly guard: <T>(act: () => T) => T | undefined;
}

/**
 * The lowered form of `compute` of `duranium:runtime/host`. Its arguments are the name, the parameters and a
 * list of lists, each as a pointer and a length, and the address of the result: a `result<list<u8>, string>`
 * in 12 bytes.
 *
 * It answers synchronously and is not journaled, because its result follows from the guest's request alone.
 * The guest pays with fuel before anything is computed.
 */
export function createComputeImport(
  compute: Compute,
  surroundings: ComputeEnvironment,
): (...values: number[]) => void {
  const { memory, meter, put, markDirty, guard } = surroundings;
  return (...values) => {
    const outcome = guard(() => answer(readRequest(memory(), values)));
    const { isRight, bytes } = outcome ?? nothing;
    const list = put(bytes);
    const result = values[6] ?? 0;
    const { buffer, byteOffset } = bytesAt(memory(), result, 12);
    const view = new DataView(buffer, byteOffset, 12);
    view.setUint8(0, isRight ? 0 : 1);
    view.setUint32(4, list[0] ?? 0, true);
    view.setUint32(8, bytes.length, true);
    markDirty(result, 12);
  };

  function answer(request: ComputeRequest): Outcome {
    try {
      const bytes = compute(request, (fuel) => meter().charge(fuel));
      return bytes === undefined ? nothing : { isRight: true, bytes };
    } catch (error) {
      if (error instanceof ComputationError) return { isRight: false, bytes: encoder.encode(error.message) };
      throw error;
    }
  }
}

interface Outcome {
  readonly isRight: boolean;
  readonly bytes: Uint8Array;
}

/** Returned to a guest that traps before it can read the result. */
const nothing: Outcome = { isRight: false, bytes: new Uint8Array() };

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** The inputs are views of the guest's memory: they must be used before any guest code runs. */
function readRequest(memory: ArrayBuffer, values: readonly number[]): ComputeRequest {
  const [name = 0, nameBytes = 0, parameters = 0, parameterBytes = 0, list = 0, count = 0] = values;
  assertAtMost({ maxOperationNameBytes }, nameBytes);
  assertAtMost({ maxComputeParameterBytes }, parameterBytes);
  assertAtMost({ maxComputeInputs }, count);
  return {
    operation: decoder.decode(bytesAt(memory, name, nameBytes)),
    parameters: decoder.decode(bytesAt(memory, parameters, parameterBytes)),
    inputs: readLists(memory, list, count),
  };
}

function readLists(memory: ArrayBuffer, pointer: number, count: number): Uint8Array[] {
  const { buffer, byteOffset, length } = bytesAt(memory, pointer, 8 * count);
  const view = new DataView(buffer, byteOffset, length);
  return Array.from({ length: count }, (_, index) =>
    bytesAt(memory, view.getUint32(8 * index, true), view.getUint32(8 * index + 4, true)),
  );
}

function assertAtMost(limit: Readonly<Record<string, number>>, length: number): void {
  for (const [name, value] of Object.entries(limit)) {
    if (length >>> 0 <= value) continue;
    throw new DuraniumError(
      "limit-exceeded",
      `The computation request is too large: ${length >>> 0}, and the limit is ${value} (${name})`,
    );
  }
}
