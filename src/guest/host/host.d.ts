/**
 * The `host` interface of `wit/runtime.wit`, as `bindings.ts` passes it to the runtime. Its functions never throw.
 */
declare module "duranium:runtime/host@0.1.0" {
  export type LogLevel = "debug" | "info" | "warn" | "error";

  export function call(id: number, operation: string, args: Uint8Array, body: Uint8Array): void;
  export function abandon(id: number): void;
  export function complete(value: Uint8Array): void;
  export function fail(failure: Uint8Array): void;
  export function log(level: LogLevel, line: Uint8Array): void;
  /** @returns the result, or a sentence that says why it could not be computed */
  export function compute(
    operation: string,
    parameters: Uint8Array,
    inputs: readonly Uint8Array[],
  ): Uint8Array<ArrayBuffer> | string;

  /** Reads text from the engine's own data, without a call to the host: `length` bytes from `offset`. */
  export function data(offset: number, length: number): string;
}
