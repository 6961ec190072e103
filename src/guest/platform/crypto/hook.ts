/**
 * The part of the runtime's cryptography that modules bundled with a workflow can use, as
 * `globalThis[Symbol.for("duranium.crypto")]`. Node's `crypto` is synchronous, while the Web Cryptography API
 * returns promises.
 *
 * It gives a workflow no additional power: every function is pure, and the workflow pays for it with fuel.
 */
import { bytesOf } from "./keys/bytes.ts";
import { compute } from "./keys/compute.ts";
import * as operations from "./operations.ts";

export const cryptoHookName = Symbol.for("duranium.crypto");

export const cryptoHook = Object.freeze({
  /** The methods of `crypto.subtle` as synchronous functions. They return bytes as `Uint8Array`. */
  subtle: Object.freeze({ ...operations }),
  /** `compute` of `wit/runtime.wit`. @throws {Error} if there is no result */
  compute(operation: string, parameters: object, ...inputs: readonly unknown[]): Uint8Array<ArrayBuffer> {
    const lists: Uint8Array[] = [];
    // Invalid inputs must be detected here, because an error thrown by the bindings is an instance of their
    // global's classes.
    for (let index = 0; index < inputs.length; index += 1) lists.push(bytesOf(inputs[index]));
    return compute(operation, parameters, ...lists);
  },
});
