import { mkdtempDisposable } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createFileSystemArtifactStore } from "../stores/artifacts/file-system.ts";
import { copyArtifacts } from "./copy-artifacts.ts";

test("copies the artifacts that are missing, each once", async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), "duranium-copy-"));
  const from = createFileSystemArtifactStore(join(folder.path, "from"));
  const to = createFileSystemArtifactStore(join(folder.path, "to"));
  const digests = await Promise.all(
    Array.from({ length: 20 }, async (_, n) => await from.put(new Uint8Array([n]))),
  );
  await to.put(new Uint8Array([0]));
  expect(await copyArtifacts(from, to)).toBe(19);
  for (const [n, digest] of digests.entries()) expect(await to.get(digest)).toEqual(new Uint8Array([n]));
  expect(await copyArtifacts(from, to)).toBe(0);
});
