import type { Instance } from "../support/instance.ts";
import { untilEnded } from "../support/executions.ts";
import { forEachOf } from "./caller.ts";
import type { Started } from "./load.ts";
import type { Population } from "./population.ts";
import type { Result } from "./workflow.ts";
import type { World } from "./world.ts";

export interface Judgement {
  readonly instance: Instance;
  readonly world: World;
  readonly population: Pick<Population, "labels">;
}

/** What is wrong with executions, which are all awaited. */
export async function judge(judgement: Judgement, started: readonly Started[]): Promise<readonly string[]> {
  const wrong: string[] = [];
  const counts = new Map<string, number[]>();
  await forEachOf(started, 8, async (each) => {
    const found = await problemsOf(judgement, each, counts);
    wrong.push(...found.map((problem) => `${each.workflow} ${each.job.id} ${each.executionId}: ${problem}`));
  });
  for (const [workflow, seen] of counts)
    if (new Set(seen).size < seen.length) wrong.push(`${workflow}: its state lost a change`);
  return [...wrong, ...judgement.world.withoutSecret.map((effect) => `${effect}: came without the secret`)];
}

async function problemsOf(
  { instance, world, population }: Judgement,
  { executionId, workflow, job }: Started,
  counts: Map<string, number[]>,
): Promise<readonly string[]> {
  const detail = await untilEnded(instance, executionId);
  if (detail.status !== "completed") return [`it ended as ${detail.status} ${JSON.stringify(detail.error)}`];
  const result = detail.result as Result;
  counts.set(workflow, [...(counts.get(workflow) ?? []), result.count]);
  const label = population.labels.get(workflow)?.[detail.version - 1];
  const problems: string[] = [];
  if (result.label !== label || result.id !== job.id)
    problems.push(`version ${detail.version} returned ${JSON.stringify(result)}`);
  if (!isExpected(job.kind, result.answer)) problems.push(`it returned ${JSON.stringify(result.answer)}`);
  const rounds = job.kind === "loop" ? Number(result.answer) + 1 : 0;
  const steps = Array.from({ length: rounds }, (_, round) => `round ${round}`);
  const seen = world.effects.get(job.id) ?? new Map<string, number>();
  for (const step of ["first", ...steps, "last"]) if (!seen.has(step)) problems.push(`no effect "${step}"`);
  const expected = [
    ["begins", label, job.id],
    ...steps.map((_, round) => ["round", round]),
    ["ends", label, job.id],
  ];
  const lines = await linesOf(instance, executionId);
  if (JSON.stringify(lines) !== JSON.stringify(expected))
    problems.push(`its lines are ${JSON.stringify(lines)}`);
  return problems;
}

function isExpected(kind: Started["job"]["kind"], answer: unknown): boolean {
  if (kind === "quick") return answer === null;
  if (kind === "sleep") return answer === "slept";
  if (kind === "event") return answer === "sent";
  if (kind === "callback") return answer === "posted";
  if (kind === "loop") return typeof answer === "number";
  return (answer as { readonly answer?: unknown }).answer === "sent";
}

async function linesOf(instance: Instance, executionId: string): Promise<readonly unknown[]> {
  const lines: unknown[] = [];
  let query = "";
  for (;;) {
    const { body } = await instance.request("GET", `/executions/${executionId}/logs?limit=100${query}`);
    lines.push(...body.items.map((item: { readonly arguments: unknown }) => item.arguments));
    if (body.cursor === undefined) return lines;
    query = `&cursor=${encodeURIComponent(body.cursor)}`;
  }
}

/** How many effects arrived more than once: those whose response was not stored when the processes stopped. */
export function repeatedEffects({ effects }: World): number {
  return [...effects.values()].flatMap((steps) => [...steps.values()]).filter((count) => count > 1).length;
}
