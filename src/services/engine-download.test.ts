import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { testEngineStore } from "../../test/support/engine.ts";
import { createEngineService } from "./engine-download.ts";

test("the engine is served unchanged, and compressed once per encoding", async () => {
  const store = testEngineStore();
  const engines = createEngineService(store);
  const { core, digest, protocolVersion } = await store.current();
  expect(await engines.current()).toEqual({ digest, protocolVersion, bytes: core.length });
  const [brotli, again, gzip] = await Promise.all([
    engines.module("br"),
    engines.module("br"),
    engines.module("gzip"),
  ]);
  expect(again).toBe(brotli);
  expect(brotliDecompressSync(brotli).equals(core)).toBe(true);
  expect(gunzipSync(gzip).equals(core)).toBe(true);
  expect(await engines.module(undefined)).toBe(core);
  expect(brotli.length).toBeLessThan(core.length / 3);
});
