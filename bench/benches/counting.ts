import type { Guest } from "../../src/host/guest.ts";
import { postProcess } from "../../src/sandbox/engine/passes/post-process.ts";
import type { Pass } from "../../src/sandbox/engine/passes/post-process.ts";
import { buildPortableComponent } from "../../src/sandbox/engine/portable/portable.ts";
import { meterModule } from "../../src/sandbox/instrumentation/metering.ts";
import { trackWrites } from "../../src/sandbox/instrumentation/write-tracking.ts";
import { bytesOf, testContext, textOf } from "../../src/sandbox/testing/images.ts";
import { transpilePortable } from "../../test/support/portable-guest.ts";
import type { PortableCore } from "../../test/support/portable-guest.ts";
import { countFor } from "../bench.ts";
import type { Bench, BenchRun } from "../bench.ts";
import { computations } from "../support/computations.ts";
import { openBenchSandbox } from "../support/sandbox.ts";
import { inTurns, timed } from "../turns.ts";
import type { Contender } from "../turns.ts";

/** The cost of fuel and write tracking for a guest. */
export const counting: Bench = { name: "counting", measure };

interface Variant {
  readonly name: string;
  /** The passes that the engine does not get. */
  readonly skipped: readonly Pass[];
}

const variants: readonly Variant[] = [
  { name: "Duranium", skipped: [] },
  { name: "Duranium, no write tracking", skipped: [trackWrites] },
  { name: "Duranium, no write tracking, no fuel", skipped: [trackWrites, meterModule] },
];

async function measure(run: BenchRun): Promise<void> {
  const rounds = countFor(run.length, { quick: 2, usual: 7 });
  const core = await transpilePortable(await buildPortableComponent(await bundleAll()));
  const guests = await Promise.all(variants.map(async ({ skipped }) => await open(core, skipped)));
  for (const { what } of computations) {
    const contenders = variants.map(({ name }, index) => contender(name, guests[index], what));
    run.report({ what, unit: "ms", results: await inTurns(rounds, contenders) });
  }
}

/**
 * One workflow with all computations, of which a component is built whose core is an engine without any pass.
 */
async function bundleAll(): Promise<string> {
  const functions = computations.map(
    ({ what, setup, compute }) =>
      `${JSON.stringify(what)}: (() => { ${setup}\n${compute}\nreturn compute; })()`,
  );
  const source = `const all = { ${functions.join(",\n")} }; export const run = (ctx, what) => all[what]();`;
  await using sandbox = await openBenchSandbox();
  const { bundleDigest } = await sandbox.compile(source);
  return new TextDecoder().decode(await sandbox.artifacts.get(bundleDigest));
}

/** The largest of the component's core modules is the engine. */
async function open(core: PortableCore, skipped: readonly Pass[]): Promise<Guest> {
  return await core.open(async (bytes) => {
    const isEngine = bytes.length === core.size;
    return await WebAssembly.compile(isEngine ? Buffer.from(postProcess(bytes, skipped)) : bytes);
  });
}

function contender(name: string, guest: Guest | undefined, what: string): Contender {
  return {
    name,
    async round() {
      const time = await timed(async () => {
        const turn = await guest?.run(testContext, bytesOf(what));
        if (turn?.completion?.ok !== true) throw new Error(textOf(turn?.completion?.json));
      });
      return { time };
    },
  };
}
