/** Computations that the host makes for the guest, while it waits: pure functions, paid with fuel. */
import { compute as computeByHost } from "duranium:runtime/host@0.1.0";
import { encodeJson } from "../../../core/encoding.ts";

/**
 * @param operation as `src/sandbox/crypto/compute.ts` has it
 * @throws {ComputeError}
 */
export function compute(
  operation: string,
  parameters: object,
  ...inputs: readonly Uint8Array[]
): Uint8Array<ArrayBuffer> {
  const result = computeByHost(operation, encodeJson(parameters), inputs);
  if (typeof result === "string") throw new ComputeError(result);
  return result;
}

/** The host refused the inputs, or they came to nothing: a tag that does not match, a point that is not on its curve. */
class ComputeError extends Error {
  override readonly name = "ComputeError";
}
