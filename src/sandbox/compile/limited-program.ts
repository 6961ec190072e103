import { mkdir, mkdtemp, realpath, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundleCpuSeconds, bundleMemoryBytes } from "../../domain/limits.ts";

/** How a bundling thread starts esbuild. */
export interface LimitedProgram {
  /** esbuild's JavaScript, which starts its program. */
  readonly main: string;
  /** All of the environment of the thread. */
  readonly env: Readonly<Record<string, string>>;
  /** What the program writes when it ends by itself. */
  readonly logFile: string;
}

/**
 * @param folder an existing one, that the thread has for itself
 * @param emptyFolder of `makeEmptyFolder`
 */
export function limitedProgram(folder: string, emptyFolder: string): LimitedProgram {
  const main = require.resolve("esbuild");
  const logFile = join(folder, "esbuild.log");
  if (process.platform === "win32") return { main, env: {}, logFile };
  const program = createRequire(main).resolve(`@esbuild/${process.platform}-${process.arch}/bin/esbuild`);
  return {
    main,
    logFile,
    env: {
      ESBUILD_BINARY_PATH: fileURLToPath(new URL("./limited-esbuild.sh", import.meta.url)),
      BUNDLING_PROGRAM: program,
      BUNDLING_FOLDER: emptyFolder,
      BUNDLING_LOG: logFile,
      BUNDLING_CPU_SECONDS: String(bundleCpuSeconds),
      BUNDLING_MEMORY_KIB: String(bundleMemoryBytes / 1024),
    },
  };
}

const require = createRequire(import.meta.url);

/**
 * Makes a folder with nothing in it but folders, in which computed imports are looked for. A path of steps upwards that
 * led out of the innermost one would have more than the 4,096 bytes that systems take. To make it takes a quarter of a second.
 */
export async function makeEmptyFolder(within: string): Promise<EmptyFolder> {
  const top = await mkdtemp(join(await realpath(within), "empty-"));
  const innermost = join(top, "_/".repeat(depth));
  await mkdir(innermost, { recursive: true });
  return {
    innermost,
    [Symbol.asyncDispose]: async () => await rm(top, { recursive: true, force: true }),
  };
}

export interface EmptyFolder extends AsyncDisposable {
  readonly innermost: string;
}

/** Levels. A step upwards has three bytes. */
const depth = 1_400;
