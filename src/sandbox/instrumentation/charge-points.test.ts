import { parse } from "@bytecodealliance/jco";
import { describe, expect, test } from "vitest";
import { WasmFormatError } from "../wasm/binary.ts";
import { readCode, readModule } from "../wasm/module.ts";
import { findChargePoints } from "./charge-points.ts";
import { minChargedRun } from "./fuel-cost.ts";

/** Instructions that cost this much and leave nothing behind. */
function work(cost: number): string {
  expect(cost % 2).toBe(0);
  return "(drop (i32.const 1))".repeat(cost / 2);
}

const long = work(minChargedRun);
const short = work(minChargedRun - 2);

describe("a function is charged", () => {
  test.each([
    ["where it begins, for all that runs before the first branch", work(4), [4]],
    ["one unit where it does nothing", "", [1]],
    ["for a block as for what is in it", `(block ${work(2)})`, [2]],
    ["for the branch that ends the run", "(block (br 0))", [1]],
    [
      "for the condition of what may be skipped, and not for what is",
      `(if (i32.const 1) (then ${short}))`,
      [2],
    ],
    [
      "for each side of a choice by itself, where it is long",
      `(if (i32.const 1) (then ${long} ${work(2)}) (else ${long}))`,
      [2, minChargedRun + 2, minChargedRun],
    ],
    ["for a long run behind a branch", `(block (br_if 0 (i32.const 0)) ${long})`, [2, minChargedRun]],
    ["not for a short run behind a branch", `(block (br_if 0 (i32.const 0)) ${short})`, [2]],
    [
      "for what follows a block by itself, as it may be entered there",
      `(block ${work(2)}) ${long}`,
      [2, minChargedRun],
    ],
    ["where a loop begins, each time around", `${work(2)} (loop ${work(6)} (br_if 0 (i32.const 0)))`, [2, 8]],
    ["one unit where a loop does nothing", "(loop (br 0))", [1, 1]],
    [
      "where each of two loops begins that are in one another",
      `(loop ${work(2)} (loop ${work(4)} (br_if 1 (i32.const 0)) (br_if 0 (i32.const 0))) ${work(2)})`,
      [1, 2, 6],
    ],
    [
      "for the choice of a table, and for where it leads to",
      `(block (block (br_table 0 1 0 (i32.const 0)) ${long}) ${long}) ${work(2)}`,
      [2, minChargedRun],
    ],
    ["not for what never runs", `(return) ${long}`, [1]],
    ["not for what never runs behind a trap", `(unreachable) ${long}`, [1]],
    ["again where a branch that never runs is over", `(block (br 0) ${long}) ${long}`, [1, minChargedRun]],
    ["for a call as for any instruction", "(call 0) (call 0)", [2]],
    ["for the instructions behind a prefix", "(drop (i32.trunc_sat_f32_s (f32.const 1)))", [3]],
  ])("%s", async (_what, instructions, costs) => {
    const points = findChargePoints(await bodyOf(instructions));
    expect(points.map(({ cost }) => cost)).toEqual(costs);
  });

  test("at its first instruction, after its locals", async () => {
    const body = await bodyOf(`(local i32 i64 f64) ${work(2)}`);
    const [point] = findChargePoints(body);
    expect(body[point?.offset ?? 0]).toBe(0x41);
    expect(point?.offset).toBe(7);
  });

  test("between instructions, however their numbers are encoded", () => {
    // i32.const -1 and i64.const 3 in as many bytes as they may take, and a branch out of three blocks.
    const instructions = [
      [0x02, 0x40, 0x02, 0x40, 0x03, 0x40],
      [0x41, 0xff, 0xff, 0xff, 0xff, 0x7f, 0x1a],
      [0x42, 0x83, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00, 0x1a],
      [0x0c, 0x82, 0x80, 0x00, 0x0b, 0x0b, 0x0b, 0x0b],
    ];
    const body = Uint8Array.from([0x00, ...instructions.flat()]);
    expect(findChargePoints(body)).toEqual([
      { offset: 1, cost: 1 },
      { offset: 7, cost: 5 },
    ]);
  });

  test("not at all if an instruction is unknown", () => {
    expect(() => findChargePoints(Uint8Array.of(0x00, 0x06, 0x40, 0x0b, 0x0b))).toThrow(WasmFormatError);
  });
});

async function bodyOf(instructions: string): Promise<Uint8Array> {
  const [body] = readCode(readModule(await parse(`(module (func ${instructions}))`)));
  return body ?? Uint8Array.of();
}
