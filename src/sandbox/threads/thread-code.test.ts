import { mkdtempDisposable, readFile, readdir, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { createThreadCode } from "./thread-code.ts";

/** What the bundled code of an entry with one more module gives, and how it is stored. */
async function thread(): Promise<
  AsyncDisposable & {
    readonly module: string;
    readonly stored: () => Promise<string>;
    /** As another process runs it. */
    readonly run: (directory?: string) => unknown;
  }
> {
  const folder = await mkdtempDisposable(join(tmpdir(), "duranium-thread-code-"));
  const [entry, module, store] = ["entry.ts", "words.ts", "store"].map((name) => join(folder.path, name)) as [
    string,
    string,
    string,
  ];
  await writeFile(entry, 'import { word } from "./words.ts"; globalThis.result = word;');
  await writeFile(module, 'export const word: string = "first";');
  // Code is stored only if its modules are older than the bundling, to the millisecond.
  const { ctimeMs } = await stat(module);
  while (Date.now() <= ctimeMs) await delay(1);
  return {
    module,
    stored: async () => join(store, (await readdir(store))[0] ?? ""),
    run(directory = store) {
      const context = { result: undefined };
      runInNewContext(createThreadCode(directory).of(pathToFileURL(entry)), context);
      return context.result;
    },
    [Symbol.asyncDispose]: async () => await folder.remove(),
  };
}

test("the code of a thread is bundled once for all processes", async () => {
  await using one = await thread();
  expect(one.run()).toBe("first");
  const before = await readFile(await one.stored(), "utf8");
  expect(one.run()).toBe("first");
  expect(await readFile(await one.stored(), "utf8")).toBe(before);
});

test("the code of a thread is bundled again when one of its modules has changed", async () => {
  await using one = await thread();
  one.run();
  await writeFile(one.module, 'export const word = "second";');
  expect(one.run()).toBe("second");
});

test("stored code that was cut short or changed is not run", async () => {
  await using one = await thread();
  one.run();
  const path = await one.stored();
  const text = await readFile(path, "utf8");
  for (const damaged of [text.slice(0, -20), text.replace(String.raw`\"first\"`, String.raw`\"wrong\"`)]) {
    expect(damaged).not.toBe(text);
    await writeFile(path, damaged);
    expect(one.run()).toBe("first");
  }
});

test("a folder that cannot be written costs time only", async () => {
  await using one = await thread();
  expect(one.run(join(one.module, "store"))).toBe("first");
});
