import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { testEngineStore, testEnginesDirectory } from "../../../test/support/engine.ts";
import { digestOf } from "../../base/sha256.ts";
import { createEngineStore } from "./engine-store.ts";
import type { EngineMetadata } from "./engine.ts";
import { protocolVersion } from "./protocol-version.ts";

const older = digestOf("an engine of an older release");

describe("a stored engine", () => {
  let directory: string;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "duranium-engines-"));
    await copyEngine(join(directory, older));
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  test("a stored engine is found by its digest when the source builds another one", async () => {
    const engine = await createEngineStore({ directory }).get(older);
    const current = await testEngineStore().current();
    expect(engine.digest).toBe(older);
    expect(engine.protocolVersion).toBe(protocolVersion);
    expect(Buffer.compare(engine.core, current.core)).toBe(0);
    expect(await readFile(join(engine.jcoDirectory, "engine.js"), "utf8")).toContain("instantiate");
  });

  test.each(["engine.core.wasm", "jco/engine.js", "metadata.json"])(
    "an engine is refused if %s is damaged",
    async (name) => {
      const path = join(directory, older, name);
      const content = await readFile(path);
      content[100] = 0xff - (content[100] ?? 0);
      await writeFile(path, content);
      await expect(createEngineStore({ directory }).get(older)).rejects.toMatchObject({
        code: "artifact-corrupt",
        message: expect.stringContaining(older) as unknown,
      });
    },
  );

  test("an engine is refused if a file is missing", async () => {
    await rm(join(directory, older, "engine.core.wasm"));
    await expect(createEngineStore({ directory }).get(older)).rejects.toMatchObject({
      code: "artifact-corrupt",
    });
  });

  test("an engine is refused under another digest", async () => {
    const other = digestOf("another");
    await cp(join(directory, older), join(directory, other), { recursive: true });
    await expect(createEngineStore({ directory }).get(other)).rejects.toMatchObject({
      code: "artifact-corrupt",
    });
  });

  test("a missing engine is reported with a hint", async () => {
    const other = digestOf("another");
    await expect(createEngineStore({ directory }).get(other)).rejects.toMatchObject({
      code: "engine-unavailable",
      message: expect.stringContaining("deploy the workflow again") as unknown,
    });
  });
});

async function copyEngine(folder: string): Promise<void> {
  const { digest } = await testEngineStore().current();
  await cp(join(testEnginesDirectory, digest), folder, { recursive: true });
  const path = join(folder, "metadata.json");
  const metadata = JSON.parse(await readFile(path, "utf8")) as EngineMetadata;
  await writeFile(path, JSON.stringify({ ...metadata, digest: older }, null, 2));
}
