import { writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import type { Bench, BenchRun, Comparison, Length } from "./bench.ts";
import { benches } from "./benches.ts";
import { headerLines, readEnvironment } from "./machine.ts";
import { linesOf } from "./print.ts";

/** `npm run bench`: measures, prints the table, and optionally writes it as JSON. */

const usage = `npm run bench [-- --only NAME]… [--json FILE] [--quick | --long]
names: ${benches.map(({ name }) => name).join(", ")}`;

/** The JSON of one bench. */
interface Measured {
  readonly name: string;
  readonly seconds: number;
  readonly comparisons: Comparison[];
  readonly notes: string[];
}

await main();

async function main(): Promise<void> {
  const asked = readArguments();
  if (asked === undefined) {
    process.exitCode = 2;
    return;
  }
  const environment = await readEnvironment();
  for (const line of headerLines(environment)) print(line);
  const measured: Measured[] = [];
  for (const bench of asked.chosen) {
    measured.push(await measure(bench, asked.length));
    if (asked.json !== undefined) await save(asked.json, { ...environment, length: asked.length, measured });
  }
}

interface Asked {
  readonly chosen: readonly Bench[];
  readonly length: Length;
  readonly json: string | undefined;
}

function readArguments(): Asked | undefined {
  try {
    const { values } = parseArgs({
      options: {
        only: { type: "string", multiple: true },
        json: { type: "string" },
        quick: { type: "boolean" },
        long: { type: "boolean" },
      },
    });
    const names = values.only ?? benches.map(({ name }) => name);
    const unknown = names.find((name) => !benches.some((bench) => bench.name === name));
    if (unknown !== undefined) throw new Error(`Unknown bench "${unknown}"`);
    const length = values.quick === true ? "quick" : values.long === true ? "long" : "usual";
    return { chosen: benches.filter(({ name }) => names.includes(name)), length, json: values.json };
  } catch (error) {
    print(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
    return undefined;
  }
}

async function measure(bench: Bench, length: Length): Promise<Measured> {
  const startedAt = performance.now();
  const comparisons: Comparison[] = [];
  const notes: string[] = [];
  const run: BenchRun = {
    length,
    report(comparison) {
      comparisons.push(comparison);
      for (const line of linesOf(comparison)) print(line);
    },
    note(sentence) {
      notes.push(sentence);
      print(`  ${sentence}`);
    },
  };
  print(`\n${bench.name}`);
  await bench.measure(run);
  const seconds = Math.round((performance.now() - startedAt) / 1_000);
  print(`  (took ${seconds} s)`);
  return { name: bench.name, seconds, comparisons, notes };
}

/** Saved after each bench, so that a failure of a later one loses nothing. */
async function save(path: string, content: unknown): Promise<void> {
  await writeFile(path, `${JSON.stringify(content, null, 1)}\n`);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
