import { print } from "@bytecodealliance/jco";
import { beforeAll, describe, expect, it } from "vitest";
import { testEngineStore } from "../../../test/support/engine.ts";
import { minChargedRun } from "./fuel-cost.ts";
import { readGlobals, readModule } from "./wasm-module.ts";

/**
 * The engine as it is executed, read by another decoder and held against the rule in words: text in, no code of
 * ours. A loop or function that our own decoder did not see would show here.
 */

/** The text of a charge of that global, up to its cost and behind it. */
function chargeOf(fuel: number): { readonly before: readonly string[]; readonly after: readonly string[] } {
  return {
    before: [`global.get ${fuel}`],
    after: [
      "i64.sub",
      `global.set ${fuel}`,
      `global.get ${fuel}`,
      "i64.const 0",
      "i64.lt_s",
      "if",
      "unreachable",
      "end",
    ],
  };
}

describe("the engine, as another decoder reads it", () => {
  let functions: readonly (readonly string[])[];
  let fuel: number;

  beforeAll(async () => {
    const { core } = await testEngineStore().current();
    fuel = readGlobals(readModule(core)).length - 4;
    functions = functionsIn(await print(core));
  });

  it("has the functions that stand in for instructions at its end", () => {
    const changing = /^memory\.(copy|fill|grow|size|init)/;
    const found = functions.map((lines) => lines.filter((line) => changing.test(line)));
    expect(found.slice(0, -3).flat()).toEqual([]);
    expect(found.slice(-3)).toEqual([
      ["memory.copy"],
      ["memory.fill"],
      ["memory.size", "memory.size", "memory.grow"],
    ]);
  });

  it("charges each function, each loop and each long run of code for what is in it", () => {
    const wrong = functions.slice(0, -3).flatMap((lines, index) => {
      const problem = problemIn(lines, fuel);
      return problem === undefined ? [] : [`function ${index}: ${problem}`];
    });
    expect(functions.length).toBeGreaterThan(10_000);
    expect(wrong.slice(0, 5)).toEqual([]);
  });

  it("changes what is left of the fuel nowhere else", () => {
    const touching = functions
      .slice(0, -3)
      .reduce((count, lines) => count + timesIn(lines, `global.set ${fuel}`), 0);
    const charges = functions.slice(0, -3).reduce((count, lines) => count + chargesIn(lines, fuel), 0);
    expect(touching).toBe(charges);
    expect(charges).toBeGreaterThan(functions.length);
  });
});

/** The instructions of each function, a line each, without its locals. */
function functionsIn(text: string): readonly (readonly string[])[] {
  const functions: string[][] = [];
  let current: string[] | undefined;
  for (const line of text.split("\n")) {
    if (line.startsWith("  (func ")) functions.push((current = []));
    else if (line.startsWith("  (") || line.startsWith("  )")) current = undefined;
    else if (line.startsWith("    ") && !line.startsWith("    (local ")) current?.push(instructionIn(line));
  }
  return functions;
}

/** Without the comment and the names of labels, which are no part of the code. */
function instructionIn(line: string): string {
  const [instruction = ""] = line.trim().split(" ;;", 1);
  return instruction;
}

const marks = /^(nop|block|loop|else|end)\b/;
const ends = /^(loop|if|else|end|br_if|br|br_table|return|unreachable)\b/;
const leaves = /^(br|br_table|return|unreachable)( |$)/;

/** What is not as the rule has it; `undefined` where all is. */
function problemIn(lines: readonly string[], fuel: number): string | undefined {
  let at = 0;
  let kind = "head";
  while (at < lines.length) {
    const charged = chargeAt(lines, at, fuel);
    const begin = charged === undefined ? at : at + chargeLength(fuel);
    const { cost, end } = runFrom(lines, begin);
    const expected = expectedCharge(kind, cost);
    if (charged !== expected) return `line ${at}: charged ${charged}, and ${expected} is right (${kind})`;
    const last = lines[end - 1] ?? "";
    kind = last.startsWith("loop") ? "head" : leaves.test(last) ? "dead" : "inner";
    at = end;
  }
  return undefined;
}

function expectedCharge(kind: string, cost: number): number | undefined {
  if (kind === "head") return Math.max(1, cost);
  return kind === "inner" && cost >= minChargedRun ? cost : undefined;
}

function runFrom(lines: readonly string[], begin: number): { readonly cost: number; readonly end: number } {
  let cost = 0;
  let at = begin;
  while (at < lines.length) {
    const line = lines[at] ?? "";
    at += 1;
    if (!marks.test(line)) cost += 1;
    if (ends.test(line)) break;
  }
  return { cost, end: at };
}

/** What is charged in that line and those that follow; `undefined` where nothing is. */
function chargeAt(lines: readonly string[], at: number, fuel: number): number | undefined {
  const { before, after } = chargeOf(fuel);
  const [, cost] = /^i64\.const (\d+)$/.exec(lines[at + before.length] ?? "") ?? [];
  if (cost === undefined) return undefined;
  const isCharge = [...before, `i64.const ${cost}`, ...after].every(
    (line, place) => lines[at + place] === line,
  );
  return isCharge ? Number(cost) : undefined;
}

function chargeLength(fuel: number): number {
  const { before, after } = chargeOf(fuel);
  return before.length + 1 + after.length;
}

function chargesIn(lines: readonly string[], fuel: number): number {
  return lines.filter((_, at) => chargeAt(lines, at, fuel) !== undefined).length;
}

function timesIn(lines: readonly string[], wanted: string): number {
  return lines.filter((line) => line === wanted).length;
}
