import { createCipheriv } from "node:crypto";
import { describe, expect, test } from "vitest";
import { answer, testContext, textOf } from "../testing/images.ts";
import { componentOf, deployedInstance, moduleOf, runTurn } from "./testing/modules.ts";

/** Tools that make components insist on every export of the world. */
const wholeWorld = `
  (func (export "evaluate") (param i32 i32) (result i32) (i32.const 512))
  (func (export "declarations") (result i32) (i32.const 512))
  (func (export "extend") (param i32 i32))`;

const write = (descriptor: number, at: number) =>
  `(drop (call $fd_write (i32.const ${descriptor}) (i32.const ${at}) (i32.const 1) (i32.const 4)))`;
const vector = (at: number, pointer: number, length: number) =>
  `(i32.store (i32.const ${at}) (i32.const ${pointer})) (i32.store (i32.const ${at + 4}) (i32.const ${length}))`;

const wasi = (name: string, type: string) =>
  `(import "wasi_snapshot_preview1" "${name}" (func $${name} ${type}))`;

describe("a module that an author deploys", () => {
  test("a core module runs and completes", async () => {
    const turn = runTurn(await deployedInstance(await moduleOf()));
    expect(turn.completion).toMatchObject({ ok: true });
    expect(textOf(turn.completion?.json)).toBe('"done"');
  });

  test("a component runs as its core module does", async () => {
    const turn = runTurn(await deployedInstance(await componentOf(await moduleOf({ fields: wholeWorld }))));
    expect(textOf(turn.completion?.json)).toBe('"done"');
  });

  test("host calls are made and their results delivered", async () => {
    const core = await moduleOf({
      run: `(call $call (i32.const 0) (i32.const 64) (i32.const 5) (i32.const 80) (i32.const 19) (i32.const 0) (i32.const 0))`,
      settle: `(call $complete (local.get 2) (local.get 3))`,
      fields: `(data (i32.const 64) "sleep") (data (i32.const 80) "{\\"durationMs\\":5000}")`,
    });
    const instance = await deployedInstance(core);
    const [called] = runTurn(instance).calls;
    expect(called).toMatchObject({ id: 0, operation: "sleep" });
    const turn = instance.enter((entered) => entered.settle(answer(0, 7)));
    expect(textOf(turn.completion?.json)).toBe('{"ok":true,"value":7}');
  });
});

describe("WASI inside of a module", () => {
  test("random bytes are the key stream of the seed, in each request from the next block on", async () => {
    const core = await moduleOf({
      imports: wasi("random_get", "(param i32 i32) (result i32)"),
      run: `(drop (call $random_get (i32.const 1024) (i32.const 99))) (drop (call $random_get (i32.const 2048) (i32.const 64)))
        (call $complete (i32.const 1024) (i32.const 99))
        (call $log (i32.const 1) (i32.const 2048) (i32.const 64))`,
    });
    const turn = runTurn(await deployedInstance(core));
    const stream = createCipheriv("chacha20", testContext.seed, new Uint8Array(16)).update(Buffer.alloc(192));
    expect(turn.completion?.json).toEqual(new Uint8Array(stream.subarray(0, 99)));
    expect(turn.logs[0]?.line).toEqual(new Uint8Array(stream.subarray(128, 192)));
  });

  test("the clock is that of the last delivery, in nanoseconds", async () => {
    const clock = "(drop (call $clock_time_get (i32.const 1) (i64.const 1) (i32.const 1024)))";
    const core = await moduleOf({
      imports: wasi("clock_time_get", "(param i32 i64 i32) (result i32)"),
      run: `${clock} (call $log (i32.const 1) (i32.const 1024) (i32.const 8))`,
      settle: `${clock} (call $complete (i32.const 1024) (i32.const 8))`,
    });
    const instance = await deployedInstance(core);
    expect(nanosecondsIn(runTurn(instance).logs[0]?.line)).toBe(BigInt(testContext.now) * 1_000_000n);
    const turn = instance.enter((entered) => entered.settle(answer(0)));
    expect(nanosecondsIn(turn.completion?.json)).toBe(BigInt(testContext.now + 1_000) * 1_000_000n);
  });

  test("lines of standard output and error are console lines, also the last one without a line break", async () => {
    const core = await moduleOf({
      imports: wasi("fd_write", "(param i32 i32 i32 i32) (result i32)"),
      run: `${vector(200, 1024, 19)} ${vector(208, 1044, 4)} ${write(1, 200)} ${write(2, 208)}`,
      fields: String.raw`(data (i32.const 1024) "sp\c3\a4ter \"x\"\5c\01\n\nlast")(data (i32.const 1044) "oops")`,
    });
    const { logs } = runTurn(await deployedInstance(core));
    expect(logs.map(({ level, line }) => [level, ...(JSON.parse(textOf(line)) as string[])])).toEqual([
      ["info", 'später "x"\\\u0001'],
      ["info", ""],
      ["info", "last"],
      ["error", "oops"],
    ]);
  });
});

function nanosecondsIn(bytes: Uint8Array | undefined): bigint {
  return Buffer.from(bytes ?? []).readBigUInt64LE();
}
