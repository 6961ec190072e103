import { runInThisContext } from "node:vm";
import { getQuickJS } from "quickjs-emscripten";
import { bytesOf, testContext, textOf } from "../../src/sandbox/testing/images.ts";
import { isolatedVmMissing, loadIsolatedVm } from "../baselines/isolated-vm.ts";
import type { IsolatedVmModule } from "../baselines/isolated-vm.ts";
import type { Bench, BenchRun } from "../bench.ts";
import { countFor } from "../bench.ts";
import { openBenchSandbox } from "../support/sandbox.ts";
import type { BenchSandbox } from "../support/sandbox.ts";
import { inTurns, timed } from "../turns.ts";
import type { Contender } from "../turns.ts";

/** What a computation takes inside, once everything that it works on is there. */
export const compute: Bench = { name: "compute", measure };

interface Line {
  readonly what: string;
  /** Makes what `compute` works on; not measured. */
  readonly setup: string;
  /** Defines `compute`, whose result is a number. */
  readonly compute: string;
}

const random = `let seed = 12345; const random = () => (seed = (seed * 1103515245 + 12345) % 2147483648) / 2147483648;`;

const lines: readonly Line[] = [
  {
    what: "fib(27)",
    setup: "const fib = (n) => (n < 2 ? n : fib(n - 1) + fib(n - 2));",
    compute: "const compute = () => fib(27);",
  },
  {
    what: "JSON of 1 MB, parsed and written",
    setup: `${random}
      const item = (id) => ({ id, name: "item " + id, price: random() * 100, tags: ["a", "b", "c"], stock: { here: id, there: null } });
      const text = JSON.stringify(Array.from({ length: 9_500 }, (_, id) => item(id)));`,
    compute: "const compute = () => JSON.stringify(JSON.parse(text)).length;",
  },
  {
    what: "100,000 numbers sorted by a comparison",
    setup: `${random} const numbers = Array.from({ length: 100_000 }, random);`,
    compute: "const compute = () => Math.floor(numbers.slice().sort((a, b) => a - b)[50_000] * 1_000_000);",
  },
  {
    what: "a pattern over 200 KB",
    setup: `${random}
      const word = () => Math.floor(random() * 1e9).toString(36);
      const text = Array.from({ length: 20_000 }, (_, at) => (at % 10 === 0 ? word() + "@" + word() + ".com" : word())).join(" ");`,
    compute: String.raw`const compute = () => Array.from(text.matchAll(/([\w.]+)@(\w+)\.com/g), ([, name]) => name.length).reduce((a, b) => a + b);`,
  },
  {
    what: "a text of 200,000 pieces",
    setup: "",
    compute: `const compute = () => {
      let text = "";
      for (let at = 0; at < 200_000; at++) text += "line " + at + "\\n";
      return text.length + text.toUpperCase().indexOf("LINE 199999");
    };`,
  },
];

async function measure(run: BenchRun): Promise<void> {
  const rounds = countFor(run.length, { quick: 2, usual: 7 });
  await using sandbox = await openBenchSandbox();
  const isolatedVm = await loadIsolatedVm();
  if (isolatedVm === undefined) run.note(isolatedVmMissing);
  for (const line of lines) {
    const contenders: readonly Contender[] = [
      await inOurs(sandbox, line),
      await inQuickJs(line),
      ...(isolatedVm === undefined ? [] : [inIsolate(isolatedVm, line)]),
      inNode(line),
    ];
    run.report({ what: line.what, unit: "ms", results: await inTurns(rounds, contenders) });
  }
}

/** A turn of the guest: besides the computation, the reset of an instance and a message each way. */
async function inOurs({ compile, pool }: BenchSandbox, { what, setup, compute }: Line): Promise<Contender> {
  const version = await compile(`${setup}\n${compute}\nexport async function run() { return compute(); }`);
  return {
    name: "ours",
    async round() {
      using guest = await pool.acquire(version);
      let result = "";
      const time = await timed(async () => {
        const { completion } = await guest.run(testContext, bytesOf(null));
        result = textOf(completion?.json);
      });
      requireResult(what, Number(result));
      return { time };
    },
  };
}

async function inQuickJs({ what, setup, compute }: Line): Promise<Contender> {
  const context = (await getQuickJS()).newContext();
  context.unwrapResult(context.evalCode(`${setup}\n${compute}`)).dispose();
  return {
    name: "quickjs-emscripten",
    async round() {
      let result = 0;
      const time = await timed(() => {
        const handle = context.unwrapResult(context.evalCode("compute()"));
        result = context.getNumber(handle);
        handle.dispose();
      });
      requireResult(what, result);
      return { time };
    },
  };
}

function inIsolate({ Isolate }: IsolatedVmModule, { what, setup, compute }: Line): Contender {
  const isolate = new Isolate({ memoryLimit: 256 });
  const context = isolate.createContextSync();
  context.evalSync(`${setup}\n${compute}`);
  return {
    name: "isolated-vm",
    async round() {
      let result = 0;
      const time = await timed(() => (result = context.evalSync("compute()")));
      requireResult(what, result);
      return { time };
    },
  };
}

function inNode({ what, setup, compute }: Line): Contender {
  const run = runInThisContext(`(() => {${setup}\n${compute}\nreturn compute; })()`) as () => number;
  return {
    name: "plain Node",
    async round() {
      let result = 0;
      const time = await timed(() => (result = run()));
      requireResult(what, result);
      return { time };
    },
  };
}

const results = new Map<string, number>();

/** All of them must have computed the same. */
function requireResult(what: string, result: number): void {
  const first = results.get(what) ?? result;
  results.set(what, first);
  if (result !== first) throw new Error(`${what} came to ${result} and to ${first}`);
}
