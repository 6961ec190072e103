/**
 * The part of the WebAssembly JavaScript interface that the sandbox uses. Node implements it, but its types
 * are only in TypeScript's `dom` library, which a server does not include.
 */
declare namespace WebAssembly {
  type Imports = Readonly<Record<string, Readonly<Record<string, (...values: never[]) => unknown>>>>;

  class Module {
    constructor(bytes: Uint8Array);
    static imports(module: Module): { module: string; name: string; kind: string }[];
    static exports(module: Module): { name: string; kind: string }[];
  }

  class Instance {
    constructor(module: Module, imports: Imports);
    readonly exports: Readonly<Record<string, unknown>>;
  }

  class Memory {
    private constructor();
    /** Detached and replaced when the memory grows. */
    readonly buffer: ArrayBuffer;
    /** Adds pages of 64 KiB and returns the previous number of pages. */
    grow(pages: number): number;
  }

  class Global {
    private constructor();
    value: number | bigint;
  }

  /** A trap. */
  class RuntimeError extends Error {}

  function compile(bytes: Uint8Array): Promise<Module>;
  function validate(bytes: Uint8Array): boolean;
}
