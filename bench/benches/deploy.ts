import { deploy as deployTo } from "../../test/support/executions.ts";
import { buildDirectly } from "../baselines/direct.ts";
import { countFor } from "../bench.ts";
import type { Bench, BenchRun } from "../bench.ts";
import { openLab } from "../support/lab.ts";
import type { Lab } from "../support/lab.ts";
import { npmBundle } from "../support/npm-bundle.ts";
import { openBenchSandbox } from "../support/sandbox.ts";
import type { BenchSandbox } from "../support/sandbox.ts";
import { thirtyLines } from "../support/workflows.ts";
import { inTurns, repeated, timeFigures, timed } from "../turns.ts";
import type { Contender } from "../turns.ts";

/** From the source to a version that can be executed. */
export const deploy: Bench = { name: "deploy", measure };

async function measure(run: BenchRun): Promise<void> {
  await using lab = await openLab();
  await using sandbox = await openBenchSandbox();
  const packages = await npmBundle();
  const rounds = countFor(run.length, { quick: 1, usual: 3 });
  await report(run, rounds, {
    what: "30 lines",
    contenders: contendersFor({ lab, sandbox }, thirtyLines, countFor(run.length, { quick: 5, usual: 15 })),
  });
  await report(run, run.length === "quick" ? 1 : 2, {
    what: `${Math.round(packages.length / 1_000)} KB of npm packages`,
    contenders: contendersFor({ lab, sandbox }, (mark) => `${packages}\n// ${mark}`, 3),
  });
}

interface Compared {
  readonly what: string;
  readonly contenders: readonly Contender[];
}

async function report(run: BenchRun, rounds: number, { what, contenders }: Compared): Promise<void> {
  run.report({ what, unit: "ms", results: await inTurns(rounds, contenders) });
}

interface Places {
  readonly lab: Lab;
  readonly sandbox: BenchSandbox;
}

/**
 * @param sourceOf returns a different source for each mark, because an identical one would already be
 *   deployed
 */
function contendersFor(
  { lab, sandbox }: Places,
  sourceOf: (mark: string) => string,
  count: number,
): readonly Contender[] {
  let deploys = 0;
  const next = () => sourceOf(`deploy-${(deploys += 1)}`);
  const each = async (act: (source: string) => Promise<unknown>) =>
    timeFigures(
      await repeated(count, async () => {
        const source = next();
        return await timed(async () => await act(source));
      }),
    );
  return [
    {
      name: "Duranium, through the API",
      round: () => each(async (source) => await deployTo(lab.instance, "deployed", source)),
    },
    { name: "Duranium, compiler only", round: () => each(async (source) => await sandbox.compile(source)) },
    {
      name: "componentize and transpile",
      async round() {
        const { bundleDigest } = await sandbox.compile(next());
        const bundle = new TextDecoder().decode(await sandbox.artifacts.get(bundleDigest));
        return { p50: await timed(async () => await buildDirectly(bundle)) };
      },
    },
  ];
}
