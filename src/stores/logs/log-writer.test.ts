import { mkdtempDisposable } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import BetterSqlite3 from "better-sqlite3";
import { expect, test } from "vitest";
import { openDatabase } from "../sql/database.ts";
import { executionNumbered, lineNumbered } from "../testing/log-lines.ts";
import { collectingLogger, silentLogger } from "../testing/logger.ts";
import { LogWriter, type LogWriterOptions } from "./log-writer.ts";
import { createLogStore } from "./logs.ts";
import { createUsageStore } from "./usages.ts";

const execution = executionNumbered(1);

test("what an execution said is stored once its log is flushed", async () => {
  await using files = await openFiles();
  const log = (await files.writer()).open(execution);
  for (let number = 0; number < 2_500; number++) log.add(lineNumbered(number));
  await log.flush();
  expect(files.numbers()).toEqual(Array.from({ length: 2_500 }, (_, number) => number));
});

test("lines are stored before anybody asks for it, and a log with nothing new flushes at once", async () => {
  await using files = await openFiles();
  const log = (await files.writer()).open(execution);
  log.add(lineNumbered(0));
  await files.until(() => files.numbers().length === 1);
  await log.flush();
});

test("a replay adds none of the lines that were taken, and those that come after them", async () => {
  await using files = await openFiles();
  const writer = await files.writer();
  const first = writer.open(execution);
  first.add(lineNumbered(0));
  first.add(lineNumbered(1));
  const replay = writer.open(execution);
  for (const number of [0, 1, 2]) replay.add(lineNumbered(number, number < 2 ? "repeated" : undefined));
  await replay.flush();
  expect(files.lines()).toEqual([lineNumbered(0), lineNumbered(1), lineNumbered(2)]);
});

test("a line has the host's time where the clock of its guest is behind", async () => {
  await using files = await openFiles();
  const log = (await files.writer()).open(execution);
  const before = Date.now();
  log.add({ ...lineNumbered(0), at: before - 60_000 });
  await log.flush();
  expect(files.lines()[0]?.at).toBeGreaterThanOrEqual(before);
});

test("a replay in another process adds only what the first one did not store", async () => {
  await using files = await openFiles();
  const first = (await files.writer()).open(execution);
  first.add(lineNumbered(0));
  await first.flush();
  const replay = (await files.writer()).open(execution);
  for (const number of [0, 1]) replay.add(lineNumbered(number));
  await replay.flush();
  expect(files.lines()).toEqual([lineNumbered(0), lineNumbered(1)]);
});

test("a database that is locked holds no execution up for long, and gets the lines when it is free", async () => {
  await using files = await openFiles();
  const writer = await files.writer({ flushTimeoutMs: 50 });
  const log = writer.open(execution);
  const unlock = files.lock();
  log.add(lineNumbered(0));
  await log.flush();
  expect(files.numbers()).toEqual([]);
  unlock();
  await files.until(() => files.numbers().length === 1);
});

test("lines for which the queue has no room are lost, that is told, and a replay brings them again", async () => {
  await using files = await openFiles();
  const problems: string[] = [];
  const writer = await files.writer({
    flushTimeoutMs: 50,
    maxQueuedLines: 3,
    logger: collectingLogger(problems),
  });
  const log = writer.open(execution);
  const unlock = files.lock();
  for (let number = 0; number < 5; number++) log.add(lineNumbered(number));
  await log.flush();
  unlock();
  await files.until(() => files.numbers().length === 3);
  expect(files.numbers()).toEqual([0, 1, 2]);
  await files.until(() => problems.length > 0);
  expect(problems[0]).toContain("(2 lines were lost so far)");
  const replay = writer.open(execution);
  for (let number = 0; number < 5; number++) replay.add(lineNumbered(number));
  await files.until(() => files.numbers().length === 5);
});

test("what is in the queue when the process is stopped is stored before it ends", async () => {
  await using files = await openFiles();
  const writer = await LogWriter.start({
    databasePath: files.path,
    logger: { ...silentLogger, error: expect.unreachable },
  });
  const log = writer.open(execution);
  for (let number = 0; number < 100; number++) log.add(lineNumbered(number));
  await writer[Symbol.asyncDispose]();
  log.add(lineNumbered(100));
  await log.flush();
  expect(files.numbers()).toHaveLength(100);
});

test("what executions used is stored with the lines of others, goes when it is old, and outlives the process", async () => {
  await using files = await openFiles();
  const writer = await LogWriter.start({
    databasePath: files.path,
    logger: { ...silentLogger, error: expect.unreachable },
  });
  const log = writer.open(execution);
  const used = [1, 2, 3].map(usageNumbered);
  used.slice(0, 2).forEach((usage) => writer.used(usage));
  log.add(lineNumbered(0));
  await log.flush();
  expect(files.usedBy([1, 2, 3])).toEqual([1e9, 2e9, undefined]);
  await writer.removeUsages(2, 10);
  used.slice(2).forEach((usage) => writer.used(usage));
  await writer[Symbol.asyncDispose]();
  expect(files.usedBy([1, 2, 3])).toEqual([undefined, 2e9, 3e9]);
});

test("the lines of removed executions are gone, and what they used", async () => {
  await using files = await openFiles();
  const writer = await files.writer();
  for (const number of [1, 2]) writer.used(usageNumbered(number));
  const log = writer.open(execution);
  log.add(lineNumbered(0));
  await log.flush();
  await writer.remove([execution]);
  expect(files.numbers()).toEqual([]);
  expect(files.usedBy([1, 2])).toEqual([undefined, 2e9]);
  const another = writer.open(execution);
  another.add(lineNumbered(0));
  await another.flush();
  expect(files.numbers()).toEqual([0]);
});

test("does not begin with a database that cannot be opened", async () => {
  const started = LogWriter.start({ databasePath: "/dev/null/none.sqlite", logger: silentLogger });
  await expect(started).rejects.toThrow("Cannot open the database /dev/null/none.sqlite");
});

function usageNumbered(number: number) {
  return { executionId: executionNumbered(number), fuelUsed: number * 1e9, endedAt: number };
}

/** A database file with its writers, and access to the rows that they stored. */
async function openFiles() {
  const directory = await mkdtempDisposable(join(tmpdir(), "duranium-logs-"));
  const stack = new AsyncDisposableStack();
  stack.use(directory);
  const path = join(directory.path, "duranium.sqlite");
  const database = stack.use(openDatabase(path));
  const store = createLogStore(database);
  const usages = createUsageStore(database);
  const lines = () => store.list(execution, { limit: 10_000 }).items;
  return {
    path,
    lines,
    usedBy: (numbers: readonly number[]) =>
      numbers.map((number) => usages.get(executionNumbered(number))?.fuelUsed),
    numbers: () => lines().map(({ number }) => number),
    writer: async (options: Partial<LogWriterOptions> = {}) =>
      stack.use(await LogWriter.start({ databasePath: path, logger: silentLogger, ...options })),
    lock: () => lockFile(path),
    async until(isSo: () => boolean) {
      while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 10));
    },
    [Symbol.asyncDispose]: async () => await stack.disposeAsync(),
  };
}

/** Holds the write lock as a busy process does. Returns a function that releases it. */
function lockFile(path: string): () => void {
  const sqlite = new BetterSqlite3(path);
  sqlite.exec("BEGIN IMMEDIATE");
  return () => void sqlite.close();
}
