/**
 * The part of the WebAssembly JavaScript interface that the sandbox uses. Node implements it; its types
 * come with TypeScript's `dom` library only, which a server has no use for.
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
    /** Detached and replaced whenever the memory grows. */
    readonly buffer: ArrayBuffer;
    /** Adds pages of 64 KiB; answers with how many there were. */
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
