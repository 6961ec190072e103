import { expect, test } from "vitest";
import type { ExecutionId } from "../../domain/ids.ts";
import { createCrashCountStore } from "./crash-counts.ts";
import { describeOnEachDatabase } from "../testing/databases.ts";

const id = "inv_1aaaaaaaaaaaaaaaaaaaa" as ExecutionId;
const other = "inv_1bbbbbbbbbbbbbbbbbbbb" as ExecutionId;

describeOnEachDatabase("the counts of crashes", (open) => {
  test("add up in the same turn, also of concurrent executors, and restart in another one", async () => {
    await using database = await open();
    const counts = createCrashCountStore(database);
    await Promise.all(
      Array.from({ length: 4 }, async () => await counts.add(id, { turn: 3, crashes: 0.5 }, 1_000)),
    );
    await counts.add(other, { turn: -1, crashes: 1 }, 1_000);
    expect(await counts.all()).toEqual(
      new Map([
        [id, { turn: 3, crashes: 2, crashedAt: 1_000 }],
        [other, { turn: -1, crashes: 1, crashedAt: 1_000 }],
      ]),
    );
    await counts.add(id, { turn: 4, crashes: 1 }, 2_000);
    expect((await counts.all()).get(id)).toMatchObject({ turn: 4, crashes: 1, crashedAt: 2_000 });
  });

  test("are removed with their execution, or by their age", async () => {
    await using database = await open();
    const counts = createCrashCountStore(database);
    await counts.add(id, { turn: 0, crashes: 1 }, 1_000);
    await counts.add(other, { turn: 0, crashes: 1 }, 2_000);
    await counts.removeBefore(2_000);
    expect([...(await counts.all()).keys()]).toEqual([other]);
    await counts.remove(other);
    expect(await counts.all()).toEqual(new Map());
  });
});
