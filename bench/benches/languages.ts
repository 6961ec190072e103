import type { Digest } from "../../src/base/digest.ts";
import type { CompiledWorkflow, WorkflowSource } from "../../src/domain/workflow.ts";
import { compileEngine } from "../../src/sandbox/instances/engine-loader.ts";
import { createInstance, loadEngine } from "../../src/sandbox/instances/instance.ts";
import type { LoadedEngine } from "../../src/sandbox/instances/instance.ts";
import { bytesOf, testContext, textOf } from "../../src/sandbox/testing/images.ts";
import { addPythonEngine, testEngines } from "../../test/support/python-instance.ts";
import { countFor } from "../bench.ts";
import type { Bench, BenchRun } from "../bench.ts";
import { handlerContender } from "../support/handler-load.ts";
import { kernels } from "../support/kernels.ts";
import type { Kernel } from "../support/kernels.ts";
import { openLab } from "../support/lab.ts";
import { openBenchSandbox, startGuest } from "../support/sandbox.ts";
import type { BenchSandbox } from "../support/sandbox.ts";
import { inTurns, repeated, resultOf, timed, timeFigures } from "../turns.ts";
import type { Contender, Figures } from "../turns.ts";

/** The same in each language, JavaScript first. */
export const languages: Bench = { name: "languages", measure };

type BenchLanguage = "javascript" | "python";

const names: Readonly<Record<BenchLanguage, string>> = { javascript: "JavaScript", python: "Python" };

async function measure(run: BenchRun): Promise<void> {
  const engines = await testEngines();
  const python = await engines.current("python").catch(() => undefined);
  if (python === undefined) {
    run.note("Skipped: the Python engine is missing (node src/sandbox/engine/python/build-python-engine.ts)");
    return;
  }
  await using sandbox = await openBenchSandbox(engines);
  const loaded = {
    javascript: await load(await engines.current()),
    python: await load(python),
  };
  await reportInstances(run, loaded);
  await reportImages(run, sandbox);
  await reportStarts(run, sandbox);
  for (const kernel of kernels) await reportKernel(run, sandbox, kernel);
  await reportExecutions(run);
}

async function load({
  digest,
  core,
}: {
  readonly digest: Digest;
  readonly core: Uint8Array;
}): Promise<LoadedEngine> {
  return loadEngine(digest, await compileEngine(core));
}

/** What the contenders of a comparison are, one for each language. */
function each(contender: (language: BenchLanguage) => Omit<Contender, "name">): readonly Contender[] {
  return (["javascript", "python"] as const).map((language) => ({
    name: names[language],
    ...contender(language),
  }));
}

async function reportInstances(
  run: BenchRun,
  loaded: Readonly<Record<BenchLanguage, LoadedEngine>>,
): Promise<void> {
  const rounds = countFor(run.length, { quick: 2, usual: 7 });
  const count = countFor(run.length, { quick: 3, usual: 10 });
  const instantiations = each((language) => ({
    round: async () =>
      timeFigures(await repeated(count, () => timed(() => createInstance(loaded[language])))),
  }));
  run.report({
    what: "a new instance of the engine",
    unit: "ms",
    results: await inTurns(rounds, instantiations),
  });
  const memories = (["javascript", "python"] as const).map((language) =>
    resultOf(names[language], [memoryOf(loaded[language])]),
  );
  run.report({ what: "memory of a new instance", unit: "MB", results: memories });
}

/** Pages of zeros take no memory until something is written to them. */
function memoryOf(engine: LoadedEngine): Figures {
  const { memory } = createInstance(engine).state();
  let written = 0;
  for (let at = 0; at < memory.length; at += pageBytes)
    if (memory.subarray(at, at + pageBytes).some((byte) => byte !== 0)) written += pageBytes;
  return { written: written / 1e6, addressed: memory.length / 1e6 };
}

const pageBytes = 4_096;

async function reportImages(run: BenchRun, sandbox: BenchSandbox): Promise<void> {
  const kinds = [
    ["image of an empty workflow", emptyWorkflow],
    ["image of a workflow with one fetch", oneFetch],
  ] as const;
  for (const [what, sources] of kinds) {
    const results = [];
    for (const language of ["javascript", "python"] as const) {
      const { sizes } = await sandbox.compile(sources(language, "image"));
      results.push(resultOf(names[language], [{ size: sizes.imageBytes / 1_000 }]));
    }
    run.report({ what, unit: "KB", results });
  }
}

async function reportStarts(run: BenchRun, sandbox: BenchSandbox): Promise<void> {
  const rounds = countFor(run.length, { quick: 2, usual: 5 });
  const count = countFor(run.length, { quick: 3, usual: 12 });
  const unseen = { javascript: await many("javascript"), python: await many("python") };
  async function many(language: BenchLanguage): Promise<CompiledWorkflow[]> {
    const compiled: CompiledWorkflow[] = [];
    for (let index = 0; index < count * (rounds + 1); index++)
      compiled.push(await sandbox.compile(oneFetch(language, `shop-${index}`)));
    return compiled;
  }
  const starts = each((language) => ({
    round: async () => timeFigures(await repeated(count, () => start(sandbox, unseen[language]))),
  }));
  const what = "a workflow that never ran, up to its first host call";
  run.report({ what, unit: "ms", results: await inTurns(rounds, starts) });
}

async function start({ pool }: BenchSandbox, unseen: CompiledWorkflow[]): Promise<number> {
  const workflow = unseen.pop();
  if (workflow === undefined) throw new Error("No workflow without a run is left");
  return await timed(async () =>
    (await startGuest(pool, workflow, { url: "https://a.test/" }))[Symbol.dispose](),
  );
}

async function reportKernel(run: BenchRun, sandbox: BenchSandbox, kernel: Kernel): Promise<void> {
  const rounds = countFor(run.length, { quick: 2, usual: 7 });
  const compiled = {
    javascript: await sandbox.compile(
      `${kernel.javascript}\nexport async function run() { return compute(); }`,
    ),
    python: await sandbox.compile(
      pythonFlow(`${kernel.python}\nasync def run(ctx, payload):\n    return compute()\n`),
    ),
  };
  const returned = new Set<string>();
  const contenders = each((language) => ({
    async round() {
      using guest = await sandbox.pool.acquire(compiled[language]);
      const time = await timed(async () => {
        const { completion } = await guest.run(testContext, bytesOf(null));
        returned.add(textOf(completion?.json));
      });
      return { time, fuel: guest.fuelUsed / 1e6 };
    },
  }));
  const results = await inTurns(rounds, contenders);
  if (returned.size !== 1) throw new Error(`${kernel.what} returned ${[...returned].join(", ")}`);
  run.report({ what: kernel.what, unit: "time in ms, fuel in millions", results });
}

/** Whole executions, over Restate. */
async function reportExecutions(run: BenchRun): Promise<void> {
  const rounds = countFor(run.length, { quick: 1, usual: 5 });
  const window =
    run.length === "quick" ? { rampMs: 200, measuredMs: 800 } : { rampMs: 500, measuredMs: 2_000 };
  await using lab = await openLab();
  await addPythonEngine(lab.instance);
  for (const language of ["javascript", "python"] as const) {
    const { status, body } = await lab.instance.request("POST", `/workflows/${language}/deploy`, {
      body: sourceOf(oneFetch(language, "execution")),
    });
    if (status !== 201) throw new Error(`deploy answered ${status}: ${JSON.stringify(body)}`);
  }
  for (const concurrency of [1, 16]) {
    const contenders = (["javascript", "python"] as const).map((language) =>
      handlerContender(
        lab,
        {
          name: names[language],
          pid: lab.instance.pid,
          load: {
            url: `${lab.instance.restateIngressUrl}/Workflow/${language}/execute`,
            body: { payload: { url: `${lab.targetUrl}/count` } },
            concurrency,
          },
        },
        window,
      ),
    );
    run.report({
      what: `an execution with one fetch, concurrency ${concurrency}`,
      unit: "rate in 1/s, else ms",
      results: await inTurns(rounds, contenders),
    });
  }
}

function sourceOf(source: string | WorkflowSource): object {
  return typeof source === "string" ? { source } : source;
}

function pythonFlow(text: string): WorkflowSource {
  return { entry: "flow.py", files: { "flow.py": text } };
}

function emptyWorkflow(language: BenchLanguage, mark: string): string | WorkflowSource {
  if (language === "javascript") return `export async function run() { return "${mark}"; }`;
  return pythonFlow(`async def run(ctx, payload):\n    return "${mark}"\n`);
}

/** @param mark makes the text, and therefore the image, unique */
function oneFetch(language: BenchLanguage, mark: string): string | WorkflowSource {
  if (language === "javascript")
    return `export async function run(ctx, { url }) {
  const response = await fetch(url);
  return { mark: "${mark}", answer: await response.json() };
}`;
  return pythonFlow(`from duranium import fetch

async def run(ctx, payload):
    response = await fetch(payload["url"])
    return {"mark": "${mark}", "answer": response.json()}
`);
}
