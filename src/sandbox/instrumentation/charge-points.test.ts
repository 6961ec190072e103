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

describe("charge points", () => {
  test.each([
    ["at its start for all instructions up to the first branch", work(4), [4]],
    ["one unit if it is empty", "", [1]],
    ["for the instructions in a block, and not for the block", `(block ${work(2)})`, [2]],
    ["for the branch that ends a run", "(block (br 0))", [1]],
    [
      "for the condition of a short branch, and not for the branch",
      `(if (i32.const 1) (then ${short}))`,
      [2],
    ],
    [
      "for each long side of a choice separately",
      `(if (i32.const 1) (then ${long} ${work(2)}) (else ${long}))`,
      [2, minChargedRun + 2, minChargedRun],
    ],
    ["for a long run after a branch", `(block (br_if 0 (i32.const 0)) ${long})`, [2, minChargedRun]],
    ["nothing for a short run after a branch", `(block (br_if 0 (i32.const 0)) ${short})`, [2]],
    [
      "separately for a long run after a block, where execution may continue",
      `(block ${work(2)}) ${long}`,
      [2, minChargedRun],
    ],
    ["at the start of each loop iteration", `${work(2)} (loop ${work(6)} (br_if 0 (i32.const 0)))`, [2, 8]],
    ["one unit for each iteration of an empty loop", "(loop (br 0))", [1, 1]],
    [
      "at the start of each of two nested loops",
      `(loop ${work(2)} (loop ${work(4)} (br_if 1 (i32.const 0)) (br_if 0 (i32.const 0))) ${work(2)})`,
      [1, 2, 6],
    ],
    [
      "for a branch table and for its targets",
      `(block (block (br_table 0 1 0 (i32.const 0)) ${long}) ${long}) ${work(2)}`,
      [2, minChargedRun],
    ],
    ["nothing for unreachable code", `(return) ${long}`, [1]],
    ["nothing for unreachable code after a trap", `(unreachable) ${long}`, [1]],
    ["again after the end of an unreachable branch", `(block (br 0) ${long}) ${long}`, [1, minChargedRun]],
    ["one unit for each call", "(call 0) (call 0)", [2]],
    ["for instructions with a prefix", "(drop (i32.trunc_sat_f32_s (f32.const 1)))", [3]],
  ])("a function is charged %s", async (_what, instructions, costs) => {
    const points = findChargePoints(await bodyOf(instructions));
    expect(points.map(({ cost }) => cost)).toEqual(costs);
  });

  test("a function is charged at its first instruction, after its locals", async () => {
    const body = await bodyOf(`(local i32 i64 f64) ${work(2)}`);
    const [point] = findChargePoints(body);
    expect(body[point?.offset ?? 0]).toBe(0x41);
    expect(point?.offset).toBe(7);
  });

  test("charge points are between instructions, however their numbers are encoded", () => {
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

  test("a function with an unknown instruction is not charged", () => {
    expect(() => findChargePoints(Uint8Array.of(0x00, 0x06, 0x40, 0x0b, 0x0b))).toThrow(WasmFormatError);
  });
});

async function bodyOf(instructions: string): Promise<Uint8Array> {
  const [body] = readCode(readModule(await parse(`(module (func ${instructions}))`)));
  return body ?? Uint8Array.of();
}
