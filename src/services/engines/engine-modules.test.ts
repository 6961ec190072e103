import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { testEngineStore } from "../../../test/support/engine.ts";
import { createEngineModules } from "./engine-modules.ts";

test("the engine is served unchanged, and compressed once per encoding", async () => {
  const store = testEngineStore();
  const module = createEngineModules(async (digest) => await store.get(digest));
  const { core, digest } = await store.current();
  const [brotli, again, gzip] = await Promise.all([
    module(digest, "br"),
    module(digest, "br"),
    module(digest, "gzip"),
  ]);
  expect(again).toBe(brotli);
  expect(brotliDecompressSync(brotli).equals(core)).toBe(true);
  expect(gunzipSync(gzip).equals(core)).toBe(true);
  expect(await module(digest, undefined)).toBe(core);
  expect(brotli.length).toBeLessThan(core.length / 3);
});
