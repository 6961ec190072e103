import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { startExecution, deploy } from "../support/executions.ts";
import type { ApiAnswer } from "../support/instance.ts";
import { startTarget } from "../support/target.ts";
import type { Target } from "../support/target.ts";
import { getSurely, isEnded } from "../verify/ended-execution.ts";
import { unexpectedLines } from "../verify/output.ts";
import { startInstallation } from "../verify/victims.ts";
import type { Installation } from "../verify/victims.ts";

const effects = Array.from({ length: 100 }, (_, effect) => effect);
/** The target holds each answer back until this long after the one before it, counted from the first request. */
const answerEveryMs = 250;
const betweenKillsMs = 5_000;

test("an execution that sleeps half a minute, waits, calls a child and sends a hundred fetches completes correctly while its executor is killed every few seconds", async () => {
  await using installation = await startInstallation({}, true);
  await using target = await startHoldingTarget();
  const { instance } = installation;
  await deploy(instance, "child", childSource);
  await deploy(instance, "parent", parentSource);
  const id = await startExecution(instance, "parent", { url: target.url, effects });
  const { kills, cameAgain } = await killUntilEnded(installation, target, id);
  const detail = await getSurely(instance, `/executions/${id}`);
  expect(detail.status).toBe("completed");
  expect(detail.result).toEqual({
    slept: true,
    sum: effects.reduce((sum, effect) => sum + effect * effect, 0),
    approved: { by: "Ann" },
    missed: "TimeoutError",
    child: ["counted", true],
    done: "done",
  });
  expect(cameAgain).toEqual([]);
  expect(finishedEffects(detail).size).toBe(effects.length);
  expect(new Set(effectsOf(target))).toEqual(finishedEffects(detail));
  expect(kills).toBeGreaterThan(3);
  expect(unexpectedLines(installation.output(), false)).toEqual([]);
});

const childSource = `export async function run(ctx, url) {
  const begun = Date.now();
  for (let round = 0; round < 8; round += 1) await ctx.sleep("3s");
  const counted = await (await fetch(url + "/counted", { method: "POST" })).json();
  return [counted, Date.now() - begun >= 24_000];
}`;

const parentSource = `export async function run(ctx, { url, effects }) {
  const begun = Date.now();
  const post = async (path) => await (await fetch(url + path, { method: "POST" })).json();
  const [slept, answers, approved, missed, child] = await Promise.all([
    ctx.sleep("30s").then(() => Date.now() - begun >= 30_000),
    Promise.all(effects.map((effect) => post("/effect/" + effect))),
    ctx.waitForEvent("approved", { timeout: "10m" }),
    ctx.waitForEvent("never", { timeout: "20s" }).catch(({ name }) => name),
    ctx.call("child", { payload: url }),
  ]);
  const sum = answers.reduce((total, answer) => total + answer, 0);
  return { slept, sum, approved, missed, child, done: await post("/done") };
}`;

/** Kills the executor and starts it again, over and over. `cameAgain`: effects that were finished, and done again. */
async function killUntilEnded(
  installation: Installation,
  target: Target,
  id: string,
): Promise<{ readonly kills: number; readonly cameAgain: readonly string[] }> {
  const { instance } = installation;
  const cameAgain: string[] = [];
  let finished: ReadonlySet<string> = new Set();
  let looked = 0;
  for (let kills = 0; ; kills += 1) {
    const detail = await getSurely(instance, `/executions/${id}`);
    const came = effectsOf(target);
    cameAgain.push(...came.slice(looked).filter((effect) => finished.has(effect)));
    if (isEnded(detail)) return { kills, cameAgain };
    await delay(betweenKillsMs);
    await installation.kill("executor");
    // Requests that it sent before its end may still arrive.
    await delay(100);
    looked = effectsOf(target).length;
    finished = finishedEffects(await getSurely(instance, `/executions/${id}`));
    // An event is accepted by an executor, which is the restarted one.
    const sent =
      kills === 3
        ? instance.request("POST", `/executions/${id}/events/approved`, { body: { by: "Ann" } })
        : undefined;
    await installation.revive("executor");
    await sent;
  }
}

/** The effects whose results are in the journal. */
function finishedEffects({ steps }: ApiAnswer["body"]): ReadonlySet<string> {
  const finished = (steps as Step[]).filter(({ outcome }) => outcome === "succeeded");
  return new Set(finished.flatMap(({ name }) => /\/effect\/(\d+)$/.exec(name)?.slice(1) ?? []));
}

interface Step {
  readonly name: string;
  readonly outcome: string;
}

/** The effects that the target was asked for, in order. */
function effectsOf({ seen }: Target): readonly string[] {
  return seen.flatMap(({ path }) => /^\/effect\/(\d+)$/.exec(path)?.slice(1) ?? []);
}

async function startHoldingTarget(): Promise<Target> {
  let startedAt: number | undefined;
  const answers = effects.map((effect) => async () => {
    startedAt ??= Date.now();
    await delay(Math.max(0, startedAt + effect * answerEveryMs - Date.now()));
    return effect * effect;
  });
  return await startTarget({
    ...Object.fromEntries(answers.map((answer, effect) => [`POST /effect/${effect}`, answer])),
    "POST /counted": () => "counted",
    "POST /done": () => "done",
  });
}
