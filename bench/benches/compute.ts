import { runInThisContext } from "node:vm";
import { getQuickJS } from "quickjs-emscripten";
import { bytesOf, testContext, textOf } from "../../src/sandbox/testing/images.ts";
import { isolatedVmMissing, loadIsolatedVm } from "../baselines/isolated-vm.ts";
import type { IsolatedVmModule } from "../baselines/isolated-vm.ts";
import { countFor } from "../bench.ts";
import type { Bench, BenchRun } from "../bench.ts";
import { computations } from "../support/computations.ts";
import type { Computation } from "../support/computations.ts";
import { openBenchSandbox } from "../support/sandbox.ts";
import type { BenchSandbox } from "../support/sandbox.ts";
import { inTurns, timed } from "../turns.ts";
import type { Contender } from "../turns.ts";

/** The duration of a computation in the guest, once its input exists. */
export const compute: Bench = { name: "compute", measure };

async function measure(run: BenchRun): Promise<void> {
  const rounds = countFor(run.length, { quick: 2, usual: 7 });
  await using sandbox = await openBenchSandbox();
  const isolatedVm = await loadIsolatedVm();
  if (isolatedVm === undefined) run.note(isolatedVmMissing);
  for (const line of computations) {
    const contenders: readonly Contender[] = [
      await inDuranium(sandbox, line),
      await inQuickJs(line),
      ...(isolatedVm === undefined ? [] : [inIsolate(isolatedVm, line)]),
      inNode(line),
    ];
    run.report({ what: line.what, unit: "ms", results: await inTurns(rounds, contenders) });
  }
}

/** A turn of the guest: the computation, the reset of an instance, and two messages. */
async function inDuranium(
  { compile, pool }: BenchSandbox,
  { what, setup, compute }: Computation,
): Promise<Contender> {
  const version = await compile(`${setup}\n${compute}\nexport async function run() { return compute(); }`);
  return {
    name: "Duranium",
    async round() {
      using guest = await pool.acquire(version);
      let result = "";
      const time = await timed(async () => {
        const { completion } = await guest.run(testContext, bytesOf(null));
        result = textOf(completion?.json);
      });
      assertResult(what, Number(result));
      return { time };
    },
  };
}

async function inQuickJs({ what, setup, compute }: Computation): Promise<Contender> {
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
      assertResult(what, result);
      return { time };
    },
  };
}

function inIsolate({ Isolate }: IsolatedVmModule, { what, setup, compute }: Computation): Contender {
  const isolate = new Isolate({ memoryLimit: 256 });
  const context = isolate.createContextSync();
  context.evalSync(`${setup}\n${compute}`);
  return {
    name: "isolated-vm",
    async round() {
      let result = 0;
      const time = await timed(() => (result = context.evalSync("compute()")));
      assertResult(what, result);
      return { time };
    },
  };
}

function inNode({ what, setup, compute }: Computation): Contender {
  const run = runInThisContext(`(() => {${setup}\n${compute}\nreturn compute; })()`) as () => number;
  return {
    name: "plain Node",
    async round() {
      let result = 0;
      const time = await timed(() => (result = run()));
      assertResult(what, result);
      return { time };
    },
  };
}

const results = new Map<string, number>();

/** The results of all contenders must be equal. */
function assertResult(what: string, result: number): void {
  const first = results.get(what) ?? result;
  results.set(what, first);
  if (result !== first) throw new Error(`${what} returned ${result}, and another contender ${first}`);
}
