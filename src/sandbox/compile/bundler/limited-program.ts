import { access, lstat, mkdir, mkdtemp, realpath, rename, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundleCpuSeconds, bundleMemoryBytes } from "../../../domain/limits.ts";

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
 * @param emptyFolder innermost one of `openEmptyFolder`
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

/** A folder with nothing in it but folders. Disposing it removes what no later one can use. */
export interface EmptyFolder extends AsyncDisposable {
  readonly innermost: string;
}

/**
 * A folder with nothing in it but folders, in which computed imports are looked for. A path of steps upwards that
 * led out of the innermost one would have more than the 4,096 bytes that systems take.
 *
 * To make it takes longer than to bundle a workflow, so the first is kept in `within` for all processes of this user.
 * Where that name belongs to another user, each caller has a folder of its own.
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
    // Another process was as fast, or the name is taken.
    if (!(await isWhole(kept))) return emptyFolder(made, remove);
    await remove();
  }
  return emptyFolder(kept);
}

function emptyFolder(top: string, remove: () => Promise<void> = async () => {}): EmptyFolder {
  return { innermost: innermostOf(top), [Symbol.asyncDispose]: remove };
}

/** In a folder for temporary files another user could have put it there, with something in it. */
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

/** Levels. A step upwards has three bytes. */
const depth = 1_400;
