import { expect, test } from "vitest";
import { openDatabase } from "../sql/database.ts";
import { executionNumbered } from "../testing/log-lines.ts";
import { createUsageStore } from "./usages.ts";

const [first, second, third] = [1, 2, 3].map((number) => ({
  executionId: executionNumbered(number),
  fuelUsed: number * 20e9,
  endedAt: number,
})) as [Row, Row, Row];

type Row = Parameters<ReturnType<typeof createUsageStore>["append"]>[0][number];

test("the first recorded fuel usage of an execution wins", () => {
  using database = openDatabase(":memory:");
  const store = createUsageStore(database);
  store.append([first]);
  store.append([{ ...first, fuelUsed: 1 }, second]);
  expect(store.get(first.executionId)).toEqual(first);
  expect(store.get(second.executionId)).toEqual(second);
  expect(store.get(third.executionId)).toBeUndefined();
});

test("old fuel usage is deleted in batches, oldest first", () => {
  using database = openDatabase(":memory:");
  const store = createUsageStore(database);
  store.append([third, second, first]);
  const kept = () => [first, second, third].filter(({ executionId }) => store.get(executionId) !== undefined);
  store.removeBefore(third.endedAt, 1);
  expect(kept()).toEqual([second, third]);
  store.removeBefore(third.endedAt, 10);
  expect(kept()).toEqual([third]);
});
