import { mkdtemp, readdir, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import {
  compiledPythonCore,
  pythonDirectory,
  testPythonCore,
} from "../../../../test/support/python-engine.ts";
import { keystreamBytes } from "../../../base/keystream.ts";
import type { Digest } from "../../../base/digest.ts";
import { digestOf } from "../../../base/sha256.ts";
import { defaultExecutionLimits } from "../../../domain/execution-limits.ts";
import type { Turn } from "../../../host/guest.ts";
import { createInstance, loadEngine } from "../../instances/instance.ts";
import type { Instance, LoadedEngine } from "../../instances/instance.ts";
import { testContext, textOf } from "../../testing/images.ts";
import { readExports, readImports, readModule } from "../../wasm/module.ts";
import { hostModule, keptExports } from "../passes/post-process.ts";
import { relinkPythonCore } from "./build-python.ts";

/** A folder of builds with what CPython was built into, and nothing that was linked. */
async function linkedBuildFolder(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), "duranium-python-"));
  const built = (await readdir(pythonDirectory)).filter((name) => /^(cpython|root)-/.test(name));
  for (const name of built) await symlink(join(pythonDirectory, name), join(path, name));
  return { path, [Symbol.asyncDispose]: async () => await rm(path, { recursive: true }) };
}

/** What is native in the Python engine, seen from workflows. */

const python = await testPythonCore();

const bytesOf = (value: string): Uint8Array => new TextEncoder().encode(value);

describe.skipIf(python === undefined)("the Python engine", () => {
  let engine: LoadedEngine;

  beforeAll(async () => {
    const module = await compiledPythonCore();
    if (module !== undefined) engine = loadEngine("a".repeat(64) as Digest, module);
  });

  /** Evaluates the body of `run` and runs its first turn. */
  function run(body: string, instance: Instance = createInstance(engine)): Turn {
    const lines = body.trim().split("\n");
    const flow = ["async def run(ctx, payload):", ...lines.map((line) => `    ${line}`)].join("\n");
    const bundle = JSON.stringify({ entry: "flow.py", files: { "flow.py": flow } });
    expect(textOf(instance.enter((core) => core.evaluate(bytesOf(bundle))))).toBe("");
    return instance.enter((core) => core.run(testContext, bytesOf("null")));
  }

  function resultOf(body: string): unknown {
    const { completion } = run(body);
    return JSON.parse(textOf(completion?.json)) as unknown;
  }

  function memoryAfterRun(): Digest {
    const instance = createInstance(engine);
    run(
      "import uuid, random\nreturn [str(uuid.uuid4()), random.random(), repr({'a', 'b'}), id(ctx)]",
      instance,
    );
    return digestOf(instance.state().memory);
  }

  test("it imports only the host's functions and exports what a host calls", () => {
    const module = readModule(python?.core ?? new Uint8Array());
    expect(new Set(readImports(module).map((item) => item.module))).toEqual(new Set([hostModule]));
    expect(readExports(module).map(({ name }) => name)).toEqual(expect.arrayContaining([...keptExports]));
  });

  test("entropy is the keystream of the seed", () => {
    const expected = Buffer.from(keystreamBytes(testContext.seed, 1, { start: 0, end: 8 })).toString("hex");
    const drawn = resultOf(`
import os
return [os.urandom(5).hex(), os.urandom(4).hex()]`);
    expect(drawn).toEqual([
      expected.slice(0, 10),
      Buffer.from(keystreamBytes(testContext.seed, 1, { start: 8, end: 12 })).toString("hex"),
    ]);
  });

  test.each([
    ["a document of JSON", `import json\njson.loads("[" * 100_000)`],
    [
      "a list that is written as JSON",
      `import json\nx = []\nfor _ in range(100_000): x = [x]\njson.dumps(x)`,
    ],
    ["a list that is shown", `x = []\nfor _ in range(100_000): x = [x]\nrepr(x)`],
    ["a method that is called by an operator", `class A:\n  def __eq__(s, o): return s == o\nA() == A()`],
    ["a method that finds attributes", `class A:\n  def __getattr__(s, n): return getattr(s, n)\nA().x`],
    ["a function", `def f(): f()\nf()`],
  ])("endless depth of %s is a RecursionError", (_, code) => {
    const body = `try: exec(${JSON.stringify(code)}, {})\nexcept RecursionError as error: return "caught"`;
    expect(resultOf(body)).toBe("caught");
  });

  test("a failure whose description fails ends the execution all the same", () => {
    const { completion } = run(`
class Hostile(Exception):
    def __str__(self): raise Hostile()
raise Hostile()`);
    expect(completion?.ok).toBe(false);
    expect(JSON.parse(textOf(completion?.json))).toMatchObject({
      message: expect.any(String),
      stack: expect.any(String),
    });
  });

  test("memory beyond the limit is a MemoryError, and out-of-memory if the workflow does not catch it", () => {
    expect(
      resultOf(`
try: bytearray(1 << 30)
except MemoryError: return "caught"`),
    ).toBe("caught");
    expect(() => run("bytearray(1 << 30)")).toThrow("The workflow exceeded its memory limit of 64 MiB");
  });

  test("an endless loop ends with out-of-fuel", () => {
    const instance = createInstance(engine);
    instance.limit({ ...defaultExecutionLimits, turnFuel: 50_000_000 });
    expect(() => run("while True: pass", instance)).toThrow(
      "A turn exceeded its fuel of 50,000,000 (turnFuel)",
    );
  });

  test("the same execution has the same memory in another instance", () => {
    expect(memoryAfterRun()).toBe(memoryAfterRun());
  });

  test("linked again in another folder, it is the same byte by byte", async () => {
    await using folder = await linkedBuildFolder();
    const again = await relinkPythonCore({ directory: folder.path });
    expect(again?.core.length).toBe(python?.core.length);
    expect(digestOf(again?.core ?? "")).toBe(digestOf(python?.core ?? ""));
  });

  test("recursion that Python does not count ends the execution, and no other attempt follows", () => {
    const nested = "x = ()\nfor _ in range(100_000): x = (x,)\nhash(x)";
    expect(() => run(nested)).toThrow(
      expect.objectContaining({
        code: "sandbox-crashed",
        message: expect.stringMatching(/nested too deeply/),
      }),
    );
  });

  test("source that is nested too deeply is an error that the workflow can catch", () => {
    const body = `try: eval("(" * 100_000)\nexcept MemoryError as error: return str(error)`;
    expect(resultOf(body)).toBe("Parser stack overflowed - Python source too complex to parse");
  });
});
