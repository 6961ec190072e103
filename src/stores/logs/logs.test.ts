import { expect, test } from "vitest";
import type { Database } from "../sql/database.ts";
import { describeOnEachDatabase } from "../testing/databases.ts";
import { endNumbered, executionNumbered, lineNumbered, rowNumbered } from "../testing/log-lines.ts";
import { sinkOf } from "../testing/log-sinks.ts";
import { createLogStore } from "./logs.ts";

const first = executionNumbered(1);
const second = executionNumbered(2);

describeOnEachDatabase("the store of console lines", (open) => {
  test("lines are read unchanged, in order, per execution", async () => {
    await using database = await open();
    const { store, sink } = storeIn(database);
    const unusual = {
      ...rowNumbered(second, 0),
      line: JSON.stringify(["\0 \ud800 \u{1f600}", { "\0": '"' }]),
    };
    await sink.append([rowNumbered(first, 1), unusual, rowNumbered(first, 0)]);
    expect(await store.list(first, { limit: 10 })).toEqual({ items: [lineNumbered(0), lineNumbered(1)] });
    const { items } = await store.list(second, { limit: 10 });
    expect(items.map(({ line }) => line)).toEqual([["\0 \ud800 \u{1f600}", { "\0": '"' }]]);
  });

  test("an existing line is not overwritten, and new lines are added", async () => {
    await using database = await open();
    const { store, sink } = storeIn(database);
    await sink.append([rowNumbered(first, 0)]);
    await sink.append([{ ...rowNumbered(first, 0), line: '["another"]' }, rowNumbered(first, 1)]);
    expect((await store.list(first, { limit: 10 })).items).toEqual([lineNumbered(0), lineNumbered(1)]);
  });

  test("executors that store the same lines at the same time store each once", async () => {
    await using database = await open();
    const { store, sink } = storeIn(database);
    const numbers = Array.from({ length: 1_000 }, (_, number) => number);
    const lines = numbers.flatMap((number) => [rowNumbered(first, number), rowNumbered(second, number)]);
    await Promise.all(
      [lines, lines.toReversed(), lines, lines.toReversed()].map((rows) => sink.append(rows)),
    );
    const { items } = await store.list(second, { limit: 2_000 });
    expect(items.map(({ number }) => number)).toEqual(numbers);
  });

  test("lines are paged by number and filtered by level", async () => {
    await using database = await open();
    const { store, sink } = storeIn(database);
    const levels = ["debug", "info", "warn", "error"] as const;
    await sink.append(levels.map((level, number) => ({ ...rowNumbered(first, number), level })));
    const page = await store.list(first, { limit: 1 }, ["warn", "error"]);
    expect(page.items.map(({ level }) => level)).toEqual(["warn"]);
    expect(page.next).toBe(2);
    const last = await store.list(first, { limit: 1, after: 2 }, ["warn", "error"]);
    expect(last.items.map(({ level }) => level)).toEqual(["error"]);
    expect(last.next).toBeUndefined();
  });

  test("executions with lines are listed page by page until their lines are removed", async () => {
    await using database = await open();
    const { store, sink } = storeIn(database);
    const ids = Array.from({ length: 50 }, (_, number) => executionNumbered(number));
    await sink.append(
      ids.flatMap((id, number) => [rowNumbered(id, 0), rowNumbered(id, 1), endNumbered(number)]),
    );
    expect(await store.executions({ limit: 30 })).toEqual(ids.slice(0, 30));
    expect(await store.executions({ limit: 30, after: ids[29] })).toEqual(ids.slice(30));
    await sink.remove(ids.slice(1, 48));
    expect(await store.executions({ limit: 10 })).toEqual([ids[0], ids[48], ids[49]]);
  });
});

function storeIn(database: Database) {
  return { store: createLogStore(database), sink: sinkOf(database) };
}
