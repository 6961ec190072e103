import { GiB, KiB, MiB } from "../../base/binary-units.ts";

/**
 * Limits on a WebAssembly module that an author deploys. They bound what reading, rewriting and compiling it can cost, and
 * what each process and thread spends on it later. Compilers stay far below all of them.
 */

/** The deployed file, component or module. It must also fit into a deploy in base64. */
export const maxModuleBytes = 8 * MiB;

export const maxFunctions = 50_000;

/** Types of functions. */
export const maxTypes = 10_000;

/** Parameters of one function. `run`, the longest that the host calls, has 15. */
export const maxParameters = 256;

/** Bytes of one function. V8's optimizing compiler takes more than linear time for a function. */
export const maxFunctionBytes = 512 * KiB;

/** Locals of one function, parameters included. */
export const maxLocals = 10_000;

/** Blocks in blocks of one function: a `switch` has one level for each case. */
export const maxNesting = 2_000;

/**
 * Locals times loops of one function: for each loop, an optimizing compiler tracks each local.
 */
export const maxLoopLocals = 2_000_000;

export const maxGlobals = 1_000;

export const maxExports = 1_000;

export const maxImports = 256;

export const maxDataSegments = 10_000;

export const maxTables = 16;

/** Initial entries of all tables. */
export const maxTableEntries = 100_000;

/**
 * Initial memory in pages of 64 KiB: 16 MiB. Each thread that runs the module keeps a copy of it. An execution may grow
 * its memory further, up to its own limit.
 */
export const maxInitialPages = 256;

/**
 * What calls may take of the native stack, as estimated. Threads of executors have 8 MiB, and the smallest stack that runs a
 * module, the main thread's of the command line, has 984 KiB.
 */
export const callStackBytes = 512 * KiB;

/** Processor time of the process that prepares one module. A module of 7 MiB takes 5 s, and 0.7 GiB of memory. */
export const preparationCpuSeconds = 30;

/** Wall-clock timeout of that process, for a busy machine. */
export const preparationTimeoutMs = 120_000;

/** Memory that the process may allocate. */
export const preparationMemoryBytes = 1.5 * GiB;
