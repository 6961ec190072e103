import { print } from "@bytecodealliance/jco";
import { beforeAll, describe, expect, test } from "vitest";
import { testEngineStore } from "../../../test/support/engine.ts";
import { minChargedRun } from "../instrumentation/fuel-cost.ts";
import { readGlobals, readModule } from "../wasm/module.ts";

/**
 * The executed engine, decoded by another tool and compared with the documented rule, without our own code. A loop or function that our own decoder did not see would show here.
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

describe("the engine, read by an independent decoder", () => {
  /** Without what notes writes, which costs nothing. */
  let functions: readonly (readonly string[])[];
  let noting: readonly (readonly string[])[];
  let fuel: number;

  beforeAll(async () => {
    const { core } = await testEngineStore().current();
    fuel = readGlobals(readModule(core)).length - 4;
    noting = functionsIn(await print(core));
    functions = noting.map(withoutNotes);
  });

  test("the functions that replace instructions are the last ones", () => {
    const changing = /^memory\.(copy|fill|grow|size|init)/;
    const found = functions.map((lines) => lines.filter((line) => changing.test(line)));
    // The first function is ours: it fills, which is charged, what it then reads of the engine's own data.
    expect(found[0]).toEqual(["memory.init 0"]);
    expect(found.slice(1, -3).flat()).toEqual([]);
    expect(found.slice(-3)).toEqual([
      ["memory.copy"],
      ["memory.fill"],
      ["memory.size", "memory.size", "memory.grow"],
    ]);
  });

  test("each function, each loop and each long run of code is charged its cost", () => {
    const wrong = functions.slice(0, -3).flatMap((lines, index) => {
      const problem = problemIn(lines, fuel);
      return problem === undefined ? [] : [`function ${index}: ${problem}`];
    });
    expect(functions.length).toBeGreaterThan(10_000);
    expect(wrong.slice(0, 5)).toEqual([]);
  });

  test("only the added instructions access the dirty-page flags", () => {
    const notes = noting.map(notesAccesses);
    expect(functions.reduce((sum, lines) => sum + notesAccesses(lines), 0)).toBe(0);
    expect(notes.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(100_000);
    // What copies and fills bytes notes a range of pages.
    expect(notes.slice(-3)).toEqual([1, 1, 0]);
  });

  test("only the added instructions change the remaining fuel", () => {
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

/** An instruction that names the second memory. */
const notesAccess = /^(\w+\.(load|store)\w*|memory\.(copy|fill|grow|size|init)) ((offset|align)=\d+ )*1\b/;

function notesAccesses(lines: readonly string[]): number {
  return lines.filter((line) => notesAccess.test(line)).length;
}

/** What is left of a function where the pieces that take notes are cut out: each is a whole, and leaves the stack as it was. */
function withoutNotes(lines: readonly string[]): readonly string[] {
  const text = lines.join("\n");
  return text.replaceAll(noteOfStore, "").replaceAll(noteOfLocal, "").replaceAll(noteOfRange, "").split("\n");
}

/** The page of the address in a local, and perhaps some bytes behind it. */
const note = (local: string) =>
  `local\\.get ${local}\n(?:i32\\.const -?\\d+\ni32\\.add\n)?i32\\.const 12\ni32\\.shr_u\ni32\\.const 1\ni32\\.store8 1\n`;
const noteOfLocal = new RegExp(note("\\d+"), "g");
const noteOfStore = new RegExp(
  `local\\.set (?<value>\\d+)\nlocal\\.tee (?<address>\\d+)\n${note("\\k<address>")}local\\.get \\k<value>\n`,
  "g",
);
const noteOfRange = new RegExp(
  "local\\.set (?<length>\\d+)\nlocal\\.set (?<source>\\d+)\nlocal\\.tee (?<start>\\d+)\n" +
    "local\\.get \\k<start>\ni32\\.const 12\ni32\\.shr_u\ni32\\.const 1\n" +
    "local\\.get \\k<start>\nlocal\\.get \\k<length>\ni32\\.add\ni32\\.const 12\ni32\\.shr_u\n" +
    "local\\.get \\k<start>\ni32\\.const 12\ni32\\.shr_u\ni32\\.sub\ni32\\.const 1\ni32\\.add\nmemory\\.fill 1\n" +
    "local\\.get \\k<source>\nlocal\\.get \\k<length>\n",
  "g",
);

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
