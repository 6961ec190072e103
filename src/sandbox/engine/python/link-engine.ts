import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { runCommand } from "./commands.ts";
import type { CommandOptions } from "./commands.ts";
import { archivesOf, compilerFlags } from "./native-library.ts";
import type { NativeLibrary } from "./native-library.ts";

/** The C sources of the engine, in `python/engine`. */
const sources = ["archive", "engine", "module", "random", "start", "wasi"] as const;

/** The stack in linear memory. It is at the beginning, so that an overflow traps and overwrites nothing. */
const stackBytes = 2 * 1_048_576;

const libraries = [
  "-lwasi-emulated-signal",
  "-lwasi-emulated-getpid",
  "-lwasi-emulated-process-clocks",
  "-lm",
  "-ldl",
];

/** What decides about the module beside files. */
export const linkInputs: unknown = { sources, stackBytes, libraries };

export interface LinkFolders {
  /** `python/engine` and `python/runtime`. */
  readonly engine: string;
  readonly runtime: string;
  /** Time zones in the format of TZif. */
  readonly zones: string;
  /** Empty, and the caller's. */
  readonly work: string;
}

/** A linked engine: a module that imports only the host's functions, and in which Python has not been started. */
export interface LinkedEngine {
  readonly module: Uint8Array;
  /** The names of the modules that can be imported from the archive. */
  readonly modules: readonly string[];
}

/** Packs the modules in Python, compiles the engine's sources and links all of it. */
export async function linkEngine(
  library: NativeLibrary,
  { engine, runtime, zones, work }: LinkFolders,
  options: CommandOptions,
): Promise<LinkedEngine> {
  const inWork = { ...options, cwd: work };
  await mkdir(work, { recursive: true });
  await runCommand(
    ["python3.13", "-P", join(engine, "archive.py"), join(library.source, "Lib"), runtime, zones, work],
    inWork,
  );
  const includes = [engine, work, join(library.source, "Include"), library.build].map(
    (folder) => `-I${folder}`,
  );
  const flags = [
    ...compilerFlags(work, engine, library.folder),
    "-std=c23",
    "-Wall",
    "-Wno-unused-parameter",
    `--embed-dir=${work}`,
    ...includes,
  ];
  const files = sources.map((name) => join(engine, `${name}.c`));
  await runCommand(["clang", ...flags, "-c", ...files], inWork);
  const objects = sources.map((name) => `${name}.o`);
  const layout = [
    `-Wl,-z,stack-size=${stackBytes}`,
    "-Wl,--stack-first",
    "-Wl,--strip-all",
    "-Wl,--gc-sections",
  ];
  const inputs = [...objects, ...(await archivesOf(library)), ...libraries];
  await runCommand(["clang", "-mexec-model=reactor", "-o", "linked.wasm", ...inputs, ...layout], inWork);
  const modules = (await readFile(join(work, "modules.txt"), "utf8"))
    .split("\n")
    .filter((name) => name !== "");
  return { module: await readFile(join(work, "linked.wasm")), modules };
}
