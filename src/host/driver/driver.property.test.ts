import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Turn } from "../guest.ts";
import { anyStep, programOf } from "../testing/random-program.ts";
import type { Step } from "../testing/random-program.ts";
import { attemptGuest } from "../testing/scripted-drive.ts";
import type { Attempt } from "../testing/scripted-drive.ts";
import { createHostileGuest, createProgramGuest } from "../testing/scripted-guest.ts";
import { AttemptOver } from "../testing/scripted-journal.ts";
import type { JournalRecord, OpenCommand, Script } from "../testing/scripted-journal.ts";

type Arrive = NonNullable<Script["arrive"]>;

/**
 * An order of arrival: each number takes one of the commands that are open. Sometimes several results
 * arrive before the guest sees the first, and rarely a cancellation does.
 */
const anyOrder = fc
  .array(fc.nat(0xffff), { minLength: 1, maxLength: 200 })
  .map((picks) => () => arriveBy(picks));

describe("for any workflow and any order of results", () => {
  test("a replay makes the same commands and has the same end", async () => {
    await fc.assert(
      fc.asyncProperty(anyStep, anyOrder, async (step, order) => {
        const first = await attempt(step, { arrive: order() });
        const replayed = await attempt(step, { record: first.journal.record, arrive: nothingNew });
        expect(endOf(replayed)).toEqual(endOf(first));
        expect(replayed.effects).toEqual([]);
      }),
      { numRuns: 400 },
    );
  });

  test("an execution interrupted at any point has the same end as an uninterrupted one", async () => {
    await fc.assert(
      fc.asyncProperty(anyStep, anyOrder, async (step, order) => {
        const whole = await attempt(step, { arrive: order() });
        const { results } = whole.journal.record;
        for (let kept = 0; kept <= results.length; kept += 1) {
          const record = await cutOff(step, whole.journal.record, kept);
          const resumed = await attempt(step, { record, arrive: arriveAs(results) });
          expect(endOf(resumed)).toEqual(endOf(whole));
        }
      }),
      { numRuns: 100 },
    );
  });

  test("an execution interrupted after every result has the same end as an uninterrupted one", async () => {
    await fc.assert(
      fc.asyncProperty(anyStep, anyOrder, async (step, order) => {
        const whole = await attempt(step, { arrive: order() });
        const { results } = whole.journal.record;
        let last = await attempt(step, { maxResults: 0 });
        while (last.error instanceof AttemptOver) {
          const { record } = last.journal;
          const maxResults = record.results.length + 1;
          last = await attempt(step, { record, maxResults, arrive: arriveAs(results) });
          if (last.journal.record.results.length < maxResults) break;
        }
        expect(endOf(last)).toEqual(endOf(whole));
      }),
      { numRuns: 100 },
    );
  });
});

test("for any turns of a hostile guest, the driver ends the execution or waits", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyTurn(), { maxLength: 6 }), async (turns) => {
      const { result, error } = await attemptGuest(createHostileGuest(turns), {});
      if (result === undefined) expect(error).toBeInstanceOf(AttemptOver);
      else expect(["completed", "failed"]).toContain(result.kind);
    }),
    { numRuns: 1_000 },
  );
});

async function attempt(step: Step, script: Script): Promise<Attempt> {
  return await attemptGuest(createProgramGuest(programOf(step)), script);
}

/** All that a replay must give again. */
function endOf({ result, error, logs, journal }: Attempt): unknown {
  return { result, error, logs, commands: journal.record.commands };
}

/** What an attempt leaves in the journal that ends when `kept` results are in it. */
async function cutOff(step: Step, whole: JournalRecord, kept: number): Promise<JournalRecord> {
  const results = whole.results.slice(0, kept);
  const interrupted = await attempt(step, { record: { commands: [], results }, maxResults: kept });
  return interrupted.journal.record;
}

function arriveBy(picks: readonly number[]): Arrive {
  let position = 0;
  const pick = () => picks[position++ % picks.length] ?? 0;
  return (open) => {
    const rest = open.filter(({ kind }) => kind !== "cancellation" || pick() % 50 === 0);
    const count = pick() % 4 === 0 ? 3 : 1;
    const arriving: OpenCommand[] = [];
    while (arriving.length < count && rest.length > 0) arriving.push(...rest.splice(pick() % rest.length, 1));
    return arriving;
  };
}

/** The results that are still to come, in the order in which they came before. */
function arriveAs(results: JournalRecord["results"]): Arrive {
  return (open) => {
    const next = results.find(({ command }) => open.some((each) => each.command === command));
    return open.filter(({ command }) => command === next?.command);
  };
}

function nothingNew(): readonly OpenCommand[] {
  return [];
}

function anyTurn(): fc.Arbitrary<Partial<Turn>> {
  const id = fc.oneof(fc.nat(8), fc.integer(), fc.double());
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 16 }),
    fc.json({ maxDepth: 3 }).map(utf8),
    fc
      .constantFrom('{"key":"a"}', '{"durationMs":5}', '{"name":"Error","message":"m"}', '{"__proto__":1}')
      .map(utf8),
  );
  const operation = fc.constantFrom("effect", "sleep", "timer", "__proto__", "toString");
  const call = fc.record({ id, operation, arguments: bytes, body: fc.uint8Array({ maxLength: 4 }) });
  return fc.record(
    {
      calls: fc.array(call, { maxLength: 3 }),
      abandoned: fc.array(id, { maxLength: 2 }),
      logs: fc.array(fc.record({ level: fc.constantFrom("info" as const, "error" as const), line: bytes })),
      completion: fc.record({ ok: fc.boolean(), json: bytes }),
    },
    { requiredKeys: [] },
  );
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
