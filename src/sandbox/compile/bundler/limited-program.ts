import { access, lstat, mkdir, mkdtemp, realpath, rename, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundleCpuSeconds, bundleMemoryBytes } from "./limits.ts";

/** How a bundling thread starts esbuild. */
export interface LimitedProgram {
  /** The path of esbuild's JavaScript, which starts its program. */
  readonly main: string;
  /** The whole environment of the thread. */
  readonly env: Readonly<Record<string, string>>;
  /** The file with the program's output if it exits unexpectedly. */
  readonly logFile: string;
}

/**
 * @param folder an existing folder for this thread only
 * @param emptyFolder the innermost folder of `openEmptyFolder`
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

/** A folder that contains only folders. Disposing it removes what no later bundle can use. */
export interface EmptyFolder extends AsyncDisposable {
  readonly innermost: string;
}

/**
 * A folder that contains only folders, in which esbuild looks for computed imports. It is so deep that a path
 * that leaves it upwards exceeds the 4,096 bytes that operating systems accept.
 *
 * Creating it takes longer than bundling a workflow, so the first one is kept in `within` for all processes
 * of this user. If that name belongs to another user, each caller creates its own folder.
 */
export async function openEmptyFolder(within: string): Promise<EmptyFolder> {
  const parent = await realpath(within);
  const kept = join(parent, `duranium-empty-${process.getuid?.() ?? "of-all"}`);
  if (await isWhole(kept)) return emptyFolder(kept);
  const made = await mkdtemp(join(parent, "empty-"));
  await mkdir(innermostOf(made), { recursive: true });
  const remove = async () => await rm(made, { recursive: true, force: true });
  try {
    await rename(made, kept);
  } catch {
    // Another process created the folder first, or the name is taken.
    if (!(await isWhole(kept))) return emptyFolder(made, remove);
    await remove();
  }
  return emptyFolder(kept);
}

function emptyFolder(top: string, remove: () => Promise<void> = async () => {}): EmptyFolder {
  return { innermost: innermostOf(top), [Symbol.asyncDispose]: remove };
}

/** In a shared temporary folder another user could have created it, with files in it. */
async function isWhole(top: string): Promise<boolean> {
  try {
    const found = await lstat(top);
    await access(innermostOf(top));
    return (
      found.isDirectory() && (found.mode & 0o077) === 0 && found.uid === (process.getuid?.() ?? found.uid)
    );
  } catch {
    return false;
  }
}

function innermostOf(top: string): string {
  return join(top, "_/".repeat(depth));
}

/** The number of levels. A step upwards takes three bytes. */
const depth = 1_400;
