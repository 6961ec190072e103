import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { JsonValue } from "../base/json.ts";
import type { Journal, Pending } from "./journal.ts";
import { reuseSteps } from "./reused-steps.ts";
import type { ReusedResult, ReusedSteps } from "./reused-steps.ts";
import { anyStep, programOf } from "./testing/random-program.ts";
import type { Step } from "./testing/random-program.ts";
import { attemptGuest } from "./testing/scripted-drive.ts";
import type { Attempt } from "./testing/scripted-drive.ts";
import { createProgramGuest } from "./testing/scripted-guest.ts";
import type { JournalRecord, JournalResult, OpenCommand } from "./testing/scripted-journal.ts";

interface StoredValue extends ReusedResult {
  readonly value: JsonValue;
  readonly name: string;
}

describe("an execution that reuses the steps of another", () => {
  test("ends as the other would have, and repeats no completed step", async () => {
    await fc.assert(
      fc.asyncProperty(anyStep, anyPicks, async (step, picks) => {
        const whole = await attempt(step, undefined, arriveBy(picks));
        const { results } = whole.journal.record;
        for (const failed of results.keys()) {
          const done = reusedOf(whole.journal.record, results.slice(0, failed));
          const reused = { failedCommand: numberOf(results[failed]), before: done, after: [] };
          const retried = await attempt(step, reused, arriveAs(results));
          expect([retried.result, retried.error, retried.logs]).toEqual([
            whole.result,
            whole.error,
            whole.logs,
          ]);
          const effectsDone = done.filter(({ name }) => name.startsWith("effect")).length;
          expect(retried.effects).toEqual(whole.effects.slice(effectsDone));
          await expectReplay(step, reused, retried);
        }
      }),
      { numRuns: 60 },
    );
  });

  test("also reuses later results of steps that started before the failed step ended", async () => {
    await fc.assert(
      fc.asyncProperty(anyStep, anyPicks, fc.nat(), async (step, picks, pick) => {
        const whole = await attempt(step, undefined, arriveBy(picks));
        const { results } = whole.journal.record;
        fc.pre(results.length > 0);
        const failed = pick % results.length;
        // As if the workflow had ended there: nothing was begun after it.
        const { commands } = (await attempt(step, undefined, arriveAs(results), failed)).journal.record;
        const late = results.slice(failed + 1).filter(({ command }) => command < commands.length);
        const before = reusedOf(whole.journal.record, results.slice(0, failed));
        const after = reusedOf(whole.journal.record, late);
        const reused = { failedCommand: numberOf(results[failed]), before, after };
        const retried = await attempt(step, reused, arriveBy(picks));
        const made = retried.journal.record.commands.slice(0, commands.length);
        expect(made.map(({ name }) => name)).toEqual(commands.map(({ name }) => name));
        await expectReplay(step, reused, retried);
      }),
      { numRuns: 300 },
    );
  });
});

test("a signal is reused when it is requested, and a new command runs even if it has a reused number", async () => {
  const journal = recordingJournal();
  const reused: ReusedSteps<StoredValue> = {
    failedCommand: 0,
    before: [
      { source: "event paid 0", value: { ok: true, now: 5, value: "yes" }, name: "wait for event paid" },
    ],
    after: [{ source: 1, value: "of the other", name: "fetch" }],
  };
  const keeping = reuseSteps(journal, reused, async (result) => result.value);
  const failed = keeping.run("failed", async () => "fixed");
  expect(await keeping.race([failed])).toBe("fixed");
  // The other one had asked for number 1 after the step had failed.
  expect(await keeping.race([keeping.run("fetch", async () => "new")])).toBe("new");
  const never = keeping.signal("wait for event other", "event other 0");
  const paid = keeping.signal("wait for event paid", "event paid 0");
  expect(await keeping.race([never, paid])).toEqual({ now: 5, value: "yes" });
  expect(journal.asked).toEqual(["failed", "fetch", "wait for event other (signal)", "wait for event paid"]);
});

const anyPicks = fc.array(fc.nat(0xffff), { minLength: 1, maxLength: 200 });

async function attempt(
  step: Step,
  reused: ReusedSteps<StoredValue> | undefined,
  arrive: (open: readonly OpenCommand[]) => readonly OpenCommand[],
  maxResults = Infinity,
  record?: JournalRecord,
): Promise<Attempt> {
  const through = (journal: Journal) =>
    reused === undefined ? journal : reuseSteps(journal, reused, readReused);
  const script = { arrive, maxResults, ...(record === undefined ? {} : { record }) };
  return await attemptGuest(createProgramGuest(programOf(step)), script, { through });
}

async function readReused({ value, name }: StoredValue, asked: string): Promise<JsonValue> {
  if (name !== asked) throw new Error(`"${asked}" asks for the result of "${name}"`);
  return value;
}

async function expectReplay(step: Step, reused: ReusedSteps<StoredValue>, first: Attempt): Promise<void> {
  const { record } = first.journal;
  const replayed = await attempt(step, reused, () => [], Infinity, record);
  expect([replayed.result, replayed.error, replayed.logs]).toEqual([first.result, first.error, first.logs]);
  expect(replayed.journal.record.commands).toEqual(record.commands);
  expect(replayed.effects).toEqual([]);
}

/** The cancellation is a command of the scripted journal, and none of the execution. */
function numberOf(result: JournalResult | undefined): number {
  return (result?.command ?? 0) - 1;
}

function reusedOf({ commands }: JournalRecord, results: readonly JournalResult[]): readonly StoredValue[] {
  return results.map((result) => ({
    source: numberOf(result),
    value: result.value,
    name: commands[result.command]?.name ?? "",
  }));
}

function arriveBy(picks: readonly number[]) {
  let position = 0;
  return (open: readonly OpenCommand[]) => {
    const calls = open.filter(({ kind }) => kind !== "cancellation");
    return calls.length === 0
      ? []
      : [...calls].splice((picks[position++ % picks.length] ?? 0) % calls.length, 1);
  };
}

function arriveAs(results: readonly JournalResult[]) {
  return (open: readonly OpenCommand[]) => {
    const next = results.find(({ command }) => open.some((each) => each.command === command));
    return open.filter(({ command }) => command === next?.command);
  };
}

async function never(): Promise<never> {
  return await new Promise<never>(() => {});
}

/** A journal that writes down what is asked of it, and delivers what comes first in a race. */
function recordingJournal(): Journal & { readonly asked: readonly string[] } {
  const asked: string[] = [];
  const pendingOf = <T>(name: string, value: () => Promise<T>): Pending<T> => {
    asked.push(name);
    return mapped(value);
  };
  const mapped = <T>(value: () => Promise<T>): Pending<T> & { readonly value: () => Promise<T> } => ({
    value,
    map: (transform) => mapped(async () => transform(await value())),
    drop() {},
    async withdraw() {},
  });
  return {
    asked,
    run: (name, effect) => pendingOf(name, async () => await effect(new AbortController().signal)),
    sleep: (name) => pendingOf(name, async () => undefined),
    clock: (name) => pendingOf(name, async () => 0),
    signal: (name) => pendingOf(`${name} (signal)`, never),
    call: (name) => pendingOf(name, never),
    send: (name) => pendingOf(name, never),
    cancellation: () => pendingOf("cancellation", never),
    race: async (pending) =>
      (await Promise.race(
        pending.map(async (each) => await (each as ReturnType<typeof mapped>).value()),
      )) as never,
  };
}
