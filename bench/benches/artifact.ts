import { buildDirectly } from "../baselines/direct.ts";
import type { Bench, BenchRun } from "../bench.ts";
import { npmBundle } from "../support/npm-bundle.ts";
import { openBenchSandbox } from "../support/sandbox.ts";
import type { BenchSandbox } from "../support/sandbox.ts";
import { thirtyLines } from "../support/workflows.ts";
import { resultOf } from "../turns.ts";

/** The size of what is stored for each version. */
export const artifact: Bench = { name: "artifact", measure };

async function measure(run: BenchRun): Promise<void> {
  await using sandbox = await openBenchSandbox();
  await report(run, sandbox, { what: "30 lines", source: thirtyLines("artifact") });
  if (run.length === "quick") return;
  const packages = await npmBundle();
  await report(run, sandbox, {
    what: `${Math.round(packages.length / 1_000)} KB of npm packages`,
    source: packages,
  });
}

interface Measured {
  readonly what: string;
  readonly source: string;
}

async function report(run: BenchRun, sandbox: BenchSandbox, { what, source }: Measured): Promise<void> {
  const { sizes, bundleDigest } = await sandbox.compile(source);
  const bundle = await sandbox.artifacts.get(bundleDigest);
  const direct = await buildDirectly(new TextDecoder().decode(bundle));
  run.report({
    what,
    unit: "KB",
    results: [
      resultOf("Duranium, image", [{ size: sizes.imageBytes / 1_000 }]),
      resultOf("Duranium, bundle (for portable components and stack traces)", [
        { size: sizes.bundleBytes / 1_000 },
      ]),
      resultOf("its own core module", [{ size: direct.coreBytes / 1_000 }]),
    ],
  });
}
