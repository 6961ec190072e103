import { mkdir, mkdtempDisposable, readdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Digest } from "../../../base/digest.ts";
import { createPortableComponents } from "./portable-components.ts";

const digestOf = (digit: string) => digit.repeat(64) as Digest;

describe("portable components", () => {
  test("portable components are removed with their bundles, whatever engine they were built for", async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), "duranium-components-"));
    const directory = join(folder.path, "components");
    const artifacts = { get: async () => new Uint8Array() };
    const components = createPortableComponents({ directory, artifacts });
    await components.remove([digestOf("a")]);
    await mkdir(directory);
    for (const name of ["a-1", "a-2", "b-1"]) {
      const [digit = "", engine = ""] = name.split("-");
      await writeFile(join(directory, `${digestOf(digit)}-${digestOf(engine)}.wasm`), "");
    }
    await components.remove([digestOf("a"), digestOf("c")]);
    expect(await readdir(directory)).toEqual([`${digestOf("b")}-${digestOf("1")}.wasm`]);
  });

  test("portable components are built one at a time, and only while a caller waits", async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), "duranium-components-"));
    const reading: Digest[] = [];
    const artifacts = {
      async get(digest: Digest): Promise<Uint8Array> {
        reading.push(digest);
        return await new Promise<never>(() => {});
      },
    };
    const components = createPortableComponents({ directory: folder.path, artifacts });
    const [first, second, third] = [new AbortController(), new AbortController(), new AbortController()];
    void components.get(digestOf("a"), first.signal).catch(() => {});
    await expect.poll(() => reading).toEqual([digestOf("a")]);
    const waiting = components.get(digestOf("b"), second.signal);
    const beside = components.get(digestOf("b"), third.signal);
    second.abort(new Error("gone"));
    await expect(waiting).rejects.toThrow("gone");
    third.abort(new Error("gone too"));
    await expect(beside).rejects.toThrow("gone too");
    expect(reading).toEqual([digestOf("a")]);
  });
});
