/** The `host` interface of `wit/runtime.wit`, as `bindings.ts` hands it to the runtime. Nothing here throws. */
declare module "duranium:runtime/host@0.1.0" {
  export type LogLevel = "debug" | "info" | "warn" | "error";

  export function call(id: number, operation: string, args: Uint8Array, body: Uint8Array): void;
  export function abandon(id: number): void;
  export function complete(value: Uint8Array): void;
  export function fail(failure: Uint8Array): void;
  export function log(level: LogLevel, line: Uint8Array): void;
  /** @returns the result, or a sentence on why there is none */
  export function compute(
    operation: string,
    parameters: Uint8Array,
    inputs: readonly Uint8Array[],
  ): Uint8Array<ArrayBuffer> | string;

  /** No question to the host: text of the engine's own data, so many bytes from an offset on. */
  export function data(offset: number, length: number): string;
}
