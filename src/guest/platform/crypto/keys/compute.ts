/** Pure functions that the host computes synchronously for the guest. The guest pays for them with fuel. */
import { compute as computeByHost } from "duranium:runtime/host@0.1.0";
import { encodeJson } from "../../../core/encoding.ts";

/**
 * @param operation an operation of `src/sandbox/crypto/compute.ts`
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

/**
 * The host rejected the inputs, or the computation failed: a tag does not match, or a point is not on its curve.
 */
class ComputeError extends Error {
  override readonly name = "ComputeError";
}
