import { execFile } from "node:child_process";
import { mkdtemp, open, rm, rmdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

/** A file system of a fixed size in memory, which can be filled. */
export interface SmallDisk extends AsyncDisposable {
  readonly path: string;
  /** Writes until no space is left. */
  fill(): Promise<void>;
  free(): Promise<void>;
}

const chunk = Buffer.alloc(1024 * 1024);

/** @returns `undefined` where this process may not mount */
export async function mountSmallDisk(mebibytes: number): Promise<SmallDisk | undefined> {
  const path = await mkdtemp(join(tmpdir(), "duranium-disk-"));
  const run = promisify(execFile);
  try {
    await run("mount", ["-t", "tmpfs", "-o", `size=${mebibytes}m,mode=755`, "tmpfs", path]);
  } catch {
    await rmdir(path);
    return undefined;
  }
  const filler = join(path, "filler");
  return {
    path,
    async fill() {
      await using file = await open(filler, "a");
      // The rest of a chunk that does not fit is written in smaller pieces.
      for (let size = chunk.length; size > 0;) {
        const isWritten = await file.write(chunk.subarray(0, size)).then(
          ({ bytesWritten }) => bytesWritten === size,
          () => false,
        );
        if (!isWritten) size = Math.floor(size / 2);
      }
    },
    free: async () => await rm(filler, { force: true }),
    async [Symbol.asyncDispose]() {
      // Lazily: a process that is about to end may still have a file open.
      await run("umount", ["--lazy", path]);
      await rmdir(path);
    },
  };
}
