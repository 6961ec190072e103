import { mkdtempDisposable, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { digestOf } from "../../base/sha256.ts";
import { findCurrentEngine } from "./engine-digest.ts";
import { readEngineInputs } from "./engine-inputs.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));

test("the stored digest of the engine is that of its inputs, and names every kind of source", async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), "duranium-digest-"));
  const stored = { path: join(folder.path, "digest.json"), root, tools: "test" };
  const { digest } = await readEngineInputs();
  expect((await findCurrentEngine(stored)).digest).toBe(digest);
  const { text, sources } = JSON.parse(await readFile(stored.path, "utf8"));
  expect(text).toBe(digest);
  expect(Object.keys(sources)).toEqual(
    expect.arrayContaining([
      "src/guest/runtime/main.ts",
      "src/guest/runtime/bindings.ts",
      "src/guest/platform/intl/data/intl.br",
      "src/guest/tsconfig.json",
      "src/sandbox/engine/build-child.ts",
      "src/sandbox/engine/sources.ts",
      "src/sandbox/engine/engine-inputs.ts",
      "wit/runtime.wit",
      "package.json",
      "node_modules/web-streams-polyfill/package.json",
    ]),
  );
  const again = await findCurrentEngine(stored);
  expect(again.digest).toBe(digest);
  expect((await again.inputs()).digest).toBe(digest);
});

test("inputs that no longer have the stored digest are not built", async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), "duranium-digest-"));
  const stored = { path: join(folder.path, "digest.json"), root, tools: "test" };
  const other = digestOf("another source");
  await writeFile(
    stored.path,
    JSON.stringify({ tools: "test", sources: {}, digest: digestOf(other), text: other }),
  );
  const found = await findCurrentEngine(stored);
  expect(found.digest).toBe(other);
  await expect(found.inputs()).rejects.toThrow("The source of the engine has changed");
});
