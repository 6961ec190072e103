import { Worker } from "node:worker_threads";
import { getQuickJS, newQuickJSWASMModule } from "quickjs-emscripten";
import type { QuickJSWASMModule } from "quickjs-emscripten";
import type { CompiledWorkflow } from "../../src/domain/workflow.ts";
import type { Guest } from "../../src/host/guest.ts";
import { bytesOf, testContext } from "../../src/sandbox/testing/images.ts";
import { buildDirectly } from "../baselines/direct.ts";
import { isolatedVmMissing, loadIsolatedVm } from "../baselines/isolated-vm.ts";
import type { IsolatedVmModule } from "../baselines/isolated-vm.ts";
import { countFor } from "../bench.ts";
import type { Bench, BenchRun } from "../bench.ts";
import { startGuest, openBenchSandbox } from "../support/sandbox.ts";
import type { BenchSandbox } from "../support/sandbox.ts";
import { asScript, thirtyLines, thirtyLinesPayload } from "../support/workflows.ts";
import { inTurns, repeated, timeFigures, timed } from "../turns.ts";
import type { Contender, Figures } from "../turns.ts";

/** From the request for an instance to the first turn's host call. */
export const start: Bench = { name: "start", measure };

async function measure(run: BenchRun): Promise<void> {
  const rounds = countFor(run.length, { quick: 2, usual: 5 });
  const starts = countFor(run.length, { quick: 10, usual: 40 });
  await using sandbox = await openBenchSandbox();
  const isolatedVm = await loadIsolatedVm();
  if (isolatedVm === undefined) run.note(isolatedVmMissing);
  const cold = Math.ceil(starts / 3);
  const unseen = await compileMany(sandbox, 1 + (rounds + 1) * (2 * starts + warmUps + cold));
  const shared = await getQuickJS();
  const contenders: readonly Contender[] = [
    startsOf("Duranium, never run, deployed in this process", starts, () => deployedHere(sandbox, unseen)),
    startsOf("Duranium, never run, deployed elsewhere", starts, () => neverRun(sandbox, unseen)),
    startsOf("Duranium, run before", starts, () => runBefore(sandbox, unseen)),
    { name: "Duranium, never run, no idle instance", round: () => withoutInstance(sandbox, unseen, cold) },
    startsOf("quickjs-emscripten, new context", starts, () => inContext(async () => shared)),
    startsOf("quickjs-emscripten, new instance", starts, () => inContext(newQuickJSWASMModule)),
    ...(isolatedVm === undefined
      ? []
      : [startsOf("isolated-vm, new isolate", starts, async () => inIsolate(isolatedVm))]),
    startsOf("a new worker thread", Math.ceil(starts / 4), inWorker),
    await directContender(sandbox, Math.ceil(starts / 4)),
  ];
  run.report({
    what: "30 lines, up to the first host call",
    unit: "ms",
    results: await inTurns(rounds, contenders),
  });
}

function startsOf(name: string, count: number, start: () => Promise<number>): Contender {
  return { name, round: async () => timeFigures(await repeated(count, start)) };
}

/**
 * Compiles workflows with different texts, and therefore different images that were not read since they were
 * written.
 */
async function compileMany(sandbox: BenchSandbox, count: number): Promise<CompiledWorkflow[]> {
  const compiled: CompiledWorkflow[] = [];
  for (let index = 0; index < count; index++)
    compiled.push(await sandbox.compile(thirtyLines(`shop-${index}`)));
  return compiled;
}

function take(unseen: CompiledWorkflow[]): CompiledWorkflow {
  const workflow = unseen.pop();
  if (workflow === undefined) throw new Error("No workflow without a run is left");
  return workflow;
}

/** A deploy: the process that created an image decodes it immediately. */
async function deployedHere(sandbox: BenchSandbox, unseen: CompiledWorkflow[]): Promise<number> {
  const last = unseen.at(-1);
  if (last !== undefined) await sandbox.pool.prepare(last);
  return await neverRun(sandbox, unseen);
}

async function neverRun({ pool }: BenchSandbox, unseen: CompiledWorkflow[]): Promise<number> {
  const workflow = take(unseen);
  return await timed(async () => (await startGuest(pool, workflow, thirtyLinesPayload))[Symbol.dispose]());
}

async function runBefore({ pool }: BenchSandbox, unseen: CompiledWorkflow[]): Promise<number> {
  const [workflow] = unseen;
  if (workflow === undefined) throw new Error("No workflow is left");
  return await timed(async () => (await startGuest(pool, workflow, thirtyLinesPayload))[Symbol.dispose]());
}

/**
 * The number of executions in a new pool before the measurement, because the engine has to be sent to its
 * threads.
 */
const warmUps = 3;

/**
 * Runs in a new pool and keeps every guest until the last one has started, so that no execution finds an idle
 * instance.
 */
async function withoutInstance(
  sandbox: BenchSandbox,
  unseen: CompiledWorkflow[],
  count: number,
): Promise<Figures> {
  await using pool = sandbox.openPool();
  const guests: Guest[] = [];
  const times = await repeated(warmUps + count, async () => {
    const workflow = take(unseen);
    return await timed(async () => guests.push(await startGuest(pool, workflow, thirtyLinesPayload)));
  });
  for (const guest of guests) guest[Symbol.dispose]();
  return timeFigures(times.slice(warmUps));
}

async function inContext(load: () => Promise<QuickJSWASMModule>): Promise<number> {
  const script = asScript(thirtyLines(`quickjs-${(scripts += 1)}`));
  const startedAt = performance.now();
  const context = (await load()).newContext();
  context.unwrapResult(context.evalCode(script)).dispose();
  const took = performance.now() - startedAt;
  context.dispose();
  return took;
}

/** Each script has a different text, as each workflow does. */
let scripts = 0;

async function inIsolate({ Isolate }: IsolatedVmModule): Promise<number> {
  const script = asScript(thirtyLines(`isolate-${(scripts += 1)}`));
  const startedAt = performance.now();
  const isolate = new Isolate({ memoryLimit: 64 });
  const context = isolate.createContextSync();
  isolate.compileScriptSync(script).runSync(context);
  const took = performance.now() - startedAt;
  context.release();
  isolate.dispose();
  return took;
}

async function inWorker(): Promise<number> {
  const script = asScript(thirtyLines(`worker-${(scripts += 1)}`));
  const startedAt = performance.now();
  const worker = new Worker(`${script}; require("node:worker_threads").parentPort.postMessage("started");`, {
    eval: true,
  });
  await new Promise((resolve, reject) => worker.once("message", resolve).once("error", reject));
  const took = performance.now() - startedAt;
  await worker.terminate();
  return took;
}

async function directContender(sandbox: BenchSandbox, starts: number): Promise<Contender> {
  const { bundleDigest } = await sandbox.compile(thirtyLines("direct"));
  const bundle = new TextDecoder().decode(await sandbox.artifacts.get(bundleDigest));
  const direct = await buildDirectly(bundle);
  return startsOf("a component of its own, compiled and instantiated", starts, () =>
    timed(async () => {
      using guest = await direct.open();
      await guest.run(testContext, bytesOf(thirtyLinesPayload));
    }),
  );
}
