import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { LogLine } from "../../src/domain/log-line.ts";
import { isGenuine, readToken } from "../../src/services/executions/callback-token.ts";
import { continuationOf, expectedContinuation } from "./continuation.ts";
import { listReleases, readGoldenSet } from "./golden-set.ts";
import type { GoldenJournal, RecordedLine } from "./journal.ts";
import type { ProtocolMessage } from "./messages.ts";
import { startReplayer } from "./replayer.ts";
import type { Replayer } from "./replayer.ts";

const sets = await Promise.all((await listReleases()).map(readGoldenSet));

test("there are recorded journals to replay", () => {
  expect(sets.flatMap(({ journals }) => journals)).not.toEqual([]);
});

describe.each(sets)("an invocation of release $release", (set) => {
  let replayer: Replayer;
  beforeAll(async () => {
    replayer = await startReplayer(set);
  });
  afterAll(async () => await replayer[Symbol.asyncDispose]());

  test.each(set.journals)("continues with the same result, wherever it was interrupted: $name", async (journal) => {
    for (let entryCount = 1; entryCount <= lastPoint(journal); entryCount++) {
      const went = continuationOf(await replayer.replay(journal, entryCount));
      const lines = replayer.takeLines().map(recordedLine);
      const where = `after ${entryCount} of ${journal.entries.length} entries`;
      const expected = expectedContinuation(journal, { entryCount, commandCount: went.commands.length });
      expect(went.ending, where).toBe(expected.ending);
      expect(went.commands, where).toEqual(expected.commands);
      const lineCount = went.ending === "End" ? journal.lines.length : lines.length;
      expect(lines, `the console ${where}`).toEqual(journal.lines.slice(0, lineCount));
    }
  });

  test("accepts the callbacks whose URLs it has issued", () => {
    const { entries } = journalNamed("events");
    const { seed } = contentOf(entries[3]) as { readonly seed: string };
    const { callback } = contentOf(entries.at(-1)) as { readonly callback: string };
    const token = readToken(callback.split("/").at(-1) ?? "");
    expect(token).toMatchObject({ callback: 0 });
    expect(token !== undefined && isGenuine(token, seed)).toBe(true);
  });

  test.each<[what: string, change: (entries: ProtocolMessage[]) => void]>([
    ["a name", (entries) => entries.splice(4, 1, renamed(entries[4], "fetch GET http://127.0.0.1/"))],
    ["the order", (entries) => entries.splice(1, 2, ...entries.slice(1, 3).toReversed())],
    ["the form of a result", (entries) => entries.splice(5, 1, reformed(entries[5]))],
  ])("does not, where the journal has another %s", async (_what, change) => {
    const journal = journalNamed("fetches");
    const entries = [...journal.entries];
    change(entries);
    const said = await replayer.replay({ ...journal, entries }, entries.length - 1);
    expect(continuationOf(said).ending).toMatch(/^Error: /);
    replayer.takeLines();
  });

  function journalNamed(name: string): GoldenJournal {
    const journal = set.journals.find((each) => each.name === name);
    if (journal === undefined) throw new Error(`There is no journal ${name}`);
    return journal;
  }
});

/**
 * An output that is a failure must be the same to the letter when it is replayed, and so must the lines of its
 * stack. They may change all the same: between an output and its end is next to no time.
 */
function lastPoint({ entries }: GoldenJournal): number {
  const isFailure = entries.at(-1)?.fields["failure"] !== undefined;
  return isFailure ? entries.length - 1 : entries.length;
}

function recordedLine({ number, level, line }: LogLine): RecordedLine {
  return { number, level, arguments: line };
}

function contentOf(entry: ProtocolMessage | undefined): unknown {
  const value = entry?.fields["value"] as { readonly content: { readonly json: unknown } } | undefined;
  return value?.content.json;
}

function renamed(entry: ProtocolMessage | undefined, name: string): ProtocolMessage {
  return { message: entry?.message ?? "RunCommand", fields: { ...entry?.fields, name } };
}

/** As if outcomes had once had the form `{done: …}`. */
function reformed(entry: ProtocolMessage | undefined): ProtocolMessage {
  const value = { content: { json: { done: true } } };
  return { message: entry?.message ?? "RunCompletion", fields: { ...entry?.fields, value } };
}
