import { describe, expect, test } from "vitest";
import { digestOf } from "../../base/sha256.ts";
import { DuraniumError } from "../../domain/errors.ts";
import { defaultExecutionLimits } from "../../domain/execution-limits.ts";
import { createInstance, loadEngine } from "../instances/instance.ts";
import { answer } from "../testing/images.ts";
import { engineCoreOf } from "./engine-core.ts";
import { Refusal } from "./refusal.ts";
import { deployedInstance, moduleOf, runTurn } from "./testing/modules.ts";
import type { ModuleText } from "./testing/modules.ts";

const endless = "(loop (br 0))";

describe("a hostile module", () => {
  test.each<[string, ModuleText, DuraniumError["code"]]>([
    ["loops in run", { run: endless }, "out-of-fuel"],
    [
      "grows its memory without end",
      { run: "(loop (drop (memory.grow (i32.const 16))) (br 0))" },
      "out-of-fuel",
    ],
    [
      "traps when it is denied memory",
      { run: "(loop (if (i32.eq (memory.grow (i32.const 16)) (i32.const -1)) (then unreachable)) (br 0))" },
      "out-of-memory",
    ],
    [
      "passes a wild pointer",
      { run: "(call $complete (i32.const -16) (i32.const 100))" },
      "guest-protocol-violated",
    ],
    [
      "passes a wild length",
      { run: "(call $complete (i32.const 0) (i32.const -1))" },
      "guest-protocol-violated",
    ],
    [
      "logs at an unknown level",
      { run: "(call $log (i32.const 9) (i32.const 0) (i32.const 1))" },
      "guest-protocol-violated",
    ],
    ["makes endless calls", { run: `(loop ${callOf(0)} (br 0))` }, "limit-exceeded"],
    ["traps", { run: "unreachable" }, "sandbox-crashed"],
  ])("%s: its execution fails", async (_what, text, code) => {
    const instance = await deployedInstance(await moduleOf(text));
    instance.limit({ ...defaultExecutionLimits, turnFuel: 2e8 });
    expect(codeOf(() => runTurn(instance))).toBe(code);
    expect(instance.isReusable).toBe(false);
  });

  test.each([
    [
      "a small function",
      "(func $deep (param i32) (result i32) (i32.add (call $deep (local.get 0)) (i32.const 1)))",
    ],
    [
      "a function with a large frame",
      `(func $deep (param i32) (result i32) (local ${"i64 ".repeat(2_000)}) (call $deep (local.get 0)) (i32.eqz))`,
    ],
    [
      "functions with several results, by a table",
      `(table 1 funcref) (elem (i32.const 0) $pair) (type $pair (func (param i32) (result i32 i32)))
       (func $pair (type $pair) (if (i32.eqz (local.get 0)) (then (return (i32.const 1) (i32.const 2))))
         (call_indirect (type $pair) (local.get 0) (i32.const 0)))
       (func $deep (param i32) (result i32) (call $pair (i32.const 0)) (drop) (drop) (call $pair (local.get 0)) (drop))`,
    ],
  ])("endless recursion of %s is a failure of the workflow", async (_what, deep) => {
    const instance = await deployedInstance(
      await moduleOf({ run: "(drop (call $deep (i32.const 1)))", fields: deep }),
    );
    const { completion } = runTurn(instance);
    expect(completion?.ok).toBe(false);
    expect(Buffer.from(completion?.json ?? []).toString()).toContain("Call stack exceeded");
    expect(instance.isReusable).toBe(false);
    expect(codeOf(() => instance.enter((entered) => entered.settle(answer(0))))).toBe("internal");
  });

  test("a program that returns from all of its calls can call as deeply again", async () => {
    const instance = await deployedInstance(
      await moduleOf({
        run: `(local $n i32) (loop (call $down (i32.const 3000)) (local.set $n (i32.add (local.get $n) (i32.const 1)))
          (br_if 0 (i32.lt_u (local.get $n) (i32.const 50)))) (call $complete (i32.const 16) (i32.const 6))`,
        fields: `(func $down (param i32) (if (i32.eqz (local.get 0)) (then (return)))
          (block (br_if 0 (i32.eq (local.get 0) (i32.const 7))) (call $down (i32.sub (local.get 0) (i32.const 1))) (return))
          (call $down (i32.const 6)))`,
      }),
    );
    expect(runTurn(instance).completion?.ok).toBe(true);
  });

  test("only the first completion counts, and output that is not JSON breaks the protocol at the host", async () => {
    const instance = await deployedInstance(
      await moduleOf({
        run: "(call $complete (i32.const 0) (i32.const 4)) (call $fail (i32.const 16) (i32.const 6))",
      }),
    );
    expect(runTurn(instance).completion).toEqual({ ok: true, json: new Uint8Array(4) });
  });

  test("a start function that loops ends by fuel, at the evaluation", async () => {
    const core = new Uint8Array(engineCoreOf(await moduleOf({ fields: `(func $s ${endless}) (start $s)` })));
    const instance = createInstance(loadEngine(digestOf(core), await WebAssembly.compile(core)));
    instance.limit({ ...defaultExecutionLimits, turnFuel: 1e7 });
    expect(codeOf(() => instance.enter((entered) => entered.evaluate(new Uint8Array())))).toBe("out-of-fuel");
  });

  test("an allocator that returns wild pointers ends the execution", async () => {
    const wild = await moduleOf({ run: "", settle: "(global.set $heap (i32.const -64))" });
    const instance = await deployedInstance(wild);
    runTurn(instance);
    instance.enter((entered) => entered.settle(answer(0)));
    expect(codeOf(() => instance.enter((entered) => entered.settle(answer(1))))).toBe(
      "guest-protocol-violated",
    );
  });

  test("code in short runs is charged for every instruction", async () => {
    const branches = "(if (local.get 0) (then (nop)))".repeat(1_000);
    const instance = await deployedInstance(await moduleOf({ run: branches }));
    runTurn(instance);
    expect(instance.fuelUsed).toBeGreaterThan(2_000);
  });

  test("a module that writes with memory.init leaves nothing for the next execution", async () => {
    const core = await moduleOf({
      run: `(call $complete (i32.const 20000) (i32.const 4))
        (memory.init $text (i32.const 20000) (i32.const 0) (i32.const 4))`,
      fields: `(data (i32.const 20000) "null") (data $text "true")`,
    });
    const finished = new Uint8Array(engineCoreOf(core));
    const engine = loadEngine(digestOf(finished), await WebAssembly.compile(finished));
    const instance = await deployedInstance(core);
    expect(Buffer.from(runTurn(instance).completion?.json ?? []).toString()).toBe("null");
    instance.rewind();
    expect(Buffer.from(instance.state().memory).equals(engine.memory)).toBe(true);
    expect(Buffer.from(runTurn(instance).completion?.json ?? []).toString()).toBe("null");
  });

  test("a mutated module is refused or ends within its limits", async () => {
    const original = await moduleOf({
      imports:
        '(import "wasi_snapshot_preview1" "random_get" (func $random_get (param i32 i32) (result i32)))',
      run: `(drop (call $random_get (i32.const 1024) (i32.const 8))) ${callOf(0)} (call_indirect (i32.const 0))`,
      fields:
        "(table 1 funcref) (elem (i32.const 0) $deep) (func $deep (local i64) (if (i32.const 0) (then (call $deep))))",
    });
    const random = randomFrom(1);
    let ran = 0;
    for (let round = 0; round < 400; round += 1) {
      const outcome = await tryOut(mutated(original, random));
      if (outcome === "ran") ran += 1;
    }
    expect(ran).toBeGreaterThan(0);
  });
});

function callOf(id: number): string {
  return `(call $call (i32.const ${id}) (i32.const 16) (i32.const 1) (i32.const 16) (i32.const 1) (i32.const 0) (i32.const 0))`;
}

function codeOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof DuraniumError) return error.code;
    throw error;
  }
  return "none";
}

/** A deterministic sequence of numbers from 0 to below 1. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function mutated(bytes: Uint8Array, random: () => number): Uint8Array {
  const copy = bytes.slice(0, random() < 0.1 ? Math.floor(random() * bytes.length) : bytes.length);
  const changes = 1 + Math.floor(random() * 3);
  for (let change = 0; change < changes; change += 1)
    copy[8 + Math.floor(random() * (copy.length - 8))] = Math.floor(random() * 256);
  return copy;
}

/** @throws whatever is neither a refusal nor an error of an execution */
async function tryOut(bytes: Uint8Array): Promise<"refused" | "ran"> {
  try {
    const core = new Uint8Array(engineCoreOf(bytes));
    const instance = createInstance(loadEngine(digestOf(core), await WebAssembly.compile(core)));
    instance.limit({ ...defaultExecutionLimits, turnFuel: 1e6, memoryPages: 64 });
    instance.enter((entered) => entered.evaluate(new Uint8Array()));
    runTurn(instance);
    return "ran";
  } catch (error) {
    if (error instanceof Refusal || error instanceof DuraniumError) return "refused";
    // Data outside of the memory is an error of the instantiation.
    if (error instanceof WebAssembly.RuntimeError) return "refused";
    throw error;
  }
}
