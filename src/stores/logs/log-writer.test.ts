import { mkdtempDisposable } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import BetterSqlite3 from "better-sqlite3";
import { expect, test } from "vitest";
import { describeWithPostgres, startPostgres } from "../../../test/support/postgres.ts";
import { openPostgres } from "../sql/postgres.ts";
import { openSqlite } from "../sql/sqlite.ts";
import { endNumbered, executionNumbered, lineNumbered } from "../testing/log-lines.ts";
import { collectingLogger, silentLogger } from "../testing/logger.ts";
import { createExecutionEndStore } from "./execution-ends.ts";
import { LogThread } from "./log-thread.ts";
import { LogWriter, type LogWriterOptions } from "./log-writer.ts";
import { createLogStore } from "./logs.ts";
import { createPostgresLogSink } from "./postgres-log-sink.ts";

const execution = executionNumbered(1);

test("console lines are stored when the log is flushed", async () => {
  await using files = await openFiles();
  const log = (await files.writer()).open(execution);
  for (let number = 0; number < 2_500; number++) log.add(lineNumbered(number));
  await log.flush();
  expect(await files.numbers()).toEqual(Array.from({ length: 2_500 }, (_, number) => number));
});

test("lines are stored without a flush, and a flush without new lines resolves immediately", async () => {
  await using files = await openFiles();
  const log = (await files.writer()).open(execution);
  log.add(lineNumbered(0));
  await files.until(async () => (await files.numbers()).length === 1);
  await log.flush();
});

test("a replay adds only new lines", async () => {
  await using files = await openFiles();
  const writer = await files.writer();
  const first = writer.open(execution);
  first.add(lineNumbered(0));
  first.add(lineNumbered(1));
  const replay = writer.open(execution);
  for (const number of [0, 1, 2]) replay.add(lineNumbered(number, number < 2 ? "repeated" : undefined));
  await replay.flush();
  expect(await files.lines()).toEqual([lineNumbered(0), lineNumbered(1), lineNumbered(2)]);
});

test("a line has the host's time if the guest's clock is behind", async () => {
  await using files = await openFiles();
  const log = (await files.writer()).open(execution);
  const before = Date.now();
  log.add({ ...lineNumbered(0), at: before - 60_000 });
  await log.flush();
  expect((await files.lines())[0]?.at).toBeGreaterThanOrEqual(before);
});

test("a replay in another process adds only missing lines", async () => {
  await using files = await openFiles();
  const first = (await files.writer()).open(execution);
  first.add(lineNumbered(0));
  await first.flush();
  const replay = (await files.writer()).open(execution);
  for (const number of [0, 1]) replay.add(lineNumbered(number));
  await replay.flush();
  expect(await files.lines()).toEqual([lineNumbered(0), lineNumbered(1)]);
});

test("a locked database delays an execution only briefly, and receives the lines later", async () => {
  await using files = await openFiles();
  const writer = await files.writer({ flushTimeoutMs: 50 });
  const log = writer.open(execution);
  const unlock = files.lock();
  log.add(lineNumbered(0));
  await log.flush();
  expect(await files.numbers()).toEqual([]);
  unlock();
  await files.until(async () => (await files.numbers()).length === 1);
});

describeWithPostgres("console lines in PostgreSQL", () => {
  test("an execution that ends while the database is away for seconds ends after its lines are stored", async () => {
    await using server = await startPostgres();
    const url = await server.createDatabase();
    await using database = await openPostgres(url, { logger: silentLogger });
    const sink = createPostgresLogSink(database);
    await using writer = await LogWriter.start({ sink, logger: silentLogger });
    await server.kill();
    const log = writer.open(execution);
    log.add(lineNumbered(0));
    const flushed = log.flush();
    await delay(2_500);
    await server.start();
    await flushed;
    const { items } = await createLogStore(database).list(execution, { limit: 10 });
    expect(items).toEqual([lineNumbered(0)]);
  });
});

test("lines beyond the queue's capacity are dropped and logged, and a replay adds them again", async () => {
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
  await files.until(async () => (await files.numbers()).length === 3);
  expect(await files.numbers()).toEqual([0, 1, 2]);
  await files.until(async () => problems.length > 0);
  expect(problems[0]).toContain("(2 lines were lost so far)");
  const replay = writer.open(execution);
  for (let number = 0; number < 5; number++) replay.add(lineNumbered(number));
  await files.until(async () => (await files.numbers()).length === 5);
});

test("queued lines are stored before the process exits", async () => {
  await using files = await openFiles();
  const writer = await files.writer({ logger: { ...silentLogger, error: expect.unreachable } });
  const log = writer.open(execution);
  for (let number = 0; number < 100; number++) log.add(lineNumbered(number));
  await writer[Symbol.asyncDispose]();
  log.add(lineNumbered(100));
  await log.flush();
  expect(await files.numbers()).toHaveLength(100);
});

test("fuel usage is stored with console lines, survives restarts and is deleted when it is old", async () => {
  await using files = await openFiles();
  const writer = await files.writer({ logger: { ...silentLogger, error: expect.unreachable } });
  const log = writer.open(execution);
  const used = [1, 2, 3].map((number) => endNumbered(number));
  used.slice(0, 2).forEach((end) => writer.ended(end));
  log.add(lineNumbered(0));
  await log.flush();
  expect(await files.usedBy([1, 2, 3])).toEqual([1e9, 2e9, undefined]);
  await writer.removeEnds(2, 10);
  used.slice(2).forEach((end) => writer.ended(end));
  await writer[Symbol.asyncDispose]();
  expect(await files.usedBy([1, 2, 3])).toEqual([undefined, 2e9, 3e9]);
});

test("lines and fuel usage of purged executions are deleted", async () => {
  await using files = await openFiles();
  const writer = await files.writer();
  for (const number of [1, 2]) writer.ended(endNumbered(number));
  const log = writer.open(execution);
  log.add(lineNumbered(0));
  await log.flush();
  await writer.remove([execution]);
  expect(await files.numbers()).toEqual([]);
  expect(await files.usedBy([1, 2])).toEqual([undefined, 2e9]);
  const another = writer.open(execution);
  another.add(lineNumbered(0));
  await another.flush();
  expect(await files.numbers()).toEqual([0]);
});

test("the writer does not start with a database that cannot be opened", async () => {
  await using sink = new LogThread({ databasePath: "/dev/null/none.sqlite" });
  const started = LogWriter.start({ sink, logger: silentLogger });
  await expect(started).rejects.toThrow("Cannot open the database /dev/null/none.sqlite");
});

/** A database file with its writers, and access to the rows that they stored. */
async function openFiles() {
  const directory = await mkdtempDisposable(join(tmpdir(), "duranium-logs-"));
  const stack = new AsyncDisposableStack();
  stack.use(directory);
  const path = join(directory.path, "duranium.sqlite");
  const database = stack.use(openSqlite(path));
  const store = createLogStore(database);
  const ends = createExecutionEndStore(database);
  const lines = async () => (await store.list(execution, { limit: 10_000 })).items;
  return {
    lines,
    usedBy: async (numbers: readonly number[]) =>
      await Promise.all(numbers.map(async (number) => (await ends.get(executionNumbered(number)))?.fuelUsed)),
    numbers: async () => (await lines()).map(({ number }) => number),
    async writer(options: Partial<LogWriterOptions> = {}) {
      const sink = stack.use(new LogThread({ databasePath: path }));
      return stack.use(await LogWriter.start({ sink, logger: silentLogger, ...options }));
    },
    lock: () => lockFile(path),
    async until(isSo: () => Promise<boolean>) {
      while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 10));
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
