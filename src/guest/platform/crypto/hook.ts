/**
 * What modules that are bundled with a workflow reach of the runtime's cryptography, as `globalThis[Symbol.for("duranium.crypto")]`:
 * Node's `crypto` answers at once, where the Web Cryptography API has promises.
 *
 * It gives a workflow no power: all of it are pure functions, which the workflow pays with fuel.
 */
import { bytesOf } from "./keys/bytes.ts";
import { compute } from "./keys/compute.ts";
import * as operations from "./operations.ts";

export const cryptoHookName = Symbol.for("duranium.crypto");

export const cryptoHook = Object.freeze({
  /** The methods of `crypto.subtle`, answering and throwing at once. Bytes come as `Uint8Array`. */
  subtle: Object.freeze({ ...operations }),
  /** `compute` of `wit/runtime.wit`. @throws {Error} where there is no result */
  compute(operation: string, parameters: object, ...inputs: readonly unknown[]): Uint8Array<ArrayBuffer> {
    const lists: Uint8Array[] = [];
    // What throws must throw here: an error out of the bindings is of their global.
    for (let index = 0; index < inputs.length; index += 1) lists.push(bytesOf(inputs[index]));
    return compute(operation, parameters, ...lists);
  },
});
