import { chmod, mkdtempDisposable, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { collectingLogger } from "../testing/logger.ts";
import { keepNewFilesPrivate, tightenExistingFiles } from "./private-files.ts";

const modeOf = async (path: string) => (await stat(path)).mode & 0o7777;

/** Vitest's worker threads cannot change the umask, which belongs to the process. */
const umask = process.umask();

describe("the files of an installation", () => {
  afterEach(() => void process.umask(umask));

  test("are readable by its user only, including those of older releases", async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), "duranium-private-"));
    const databaseUrl = join(folder.path, "duranium.sqlite");
    await chmod(folder.path, 0o755);
    for (const suffix of ["", "-wal"]) {
      await writeFile(`${databaseUrl}${suffix}`, "");
      await chmod(`${databaseUrl}${suffix}`, 0o644);
    }
    const lines: string[] = [];
    tightenExistingFiles({ dataDir: folder.path, databaseUrl }, collectingLogger(lines));
    expect(await modeOf(folder.path)).toBe(0o700);
    expect(await modeOf(databaseUrl)).toBe(0o600);
    expect(await modeOf(`${databaseUrl}-wal`)).toBe(0o600);
    expect(lines).toHaveLength(3);
    keepNewFilesPrivate();
    await writeFile(join(folder.path, "later"), "");
    expect(await modeOf(join(folder.path, "later"))).toBe(0o600);
    tightenExistingFiles({ dataDir: folder.path, databaseUrl }, collectingLogger(lines));
    expect(lines).toHaveLength(3);
  });

  test("are unchanged in a world-writable folder", async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), "duranium-private-"));
    await chmod(folder.path, 0o1777);
    const lines: string[] = [];
    tightenExistingFiles(
      { dataDir: folder.path, databaseUrl: join(folder.path, "none") },
      collectingLogger(lines),
    );
    expect(await modeOf(folder.path)).toBe(0o1777);
    expect(lines).toEqual([expect.stringMatching(/^other users may read/)]);
  });
});
