import { mkdtempDisposable } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { ExecutionId } from "../../domain/ids.ts";
import { LogThread } from "../../stores/logs/log-thread.ts";
import { LogWriter } from "../../stores/logs/log-writer.ts";
import { createLogStore } from "../../stores/logs/logs.ts";
import { openSqlite } from "../../stores/sql/sqlite.ts";
import { executionNumbered, rowNumbered } from "../../stores/testing/log-lines.ts";
import { silentLogger } from "../../stores/testing/logger.ts";
import { sweepLogs } from "./log-retention.ts";

const ids = [1, 2, 3, 4, 5].map(executionNumbered);
const [first, , third] = ids as [ExecutionId, ExecutionId, ExecutionId];

test("lines of purged executions are deleted in batches, and other lines stay", async () => {
  await using opened = await openLogs();
  const known = async () => new Set([first, third]);
  const next = await sweepLogs({ ...opened, known }, undefined, 3);
  expect(await opened.logs.executions({ limit: 10 })).toEqual([first, third, ids[3], ids[4]]);
  expect(await sweepLogs({ ...opened, known }, next, 3)).toBeUndefined();
  expect(await opened.logs.executions({ limit: 10 })).toEqual([first, third]);
});

test("no line is deleted while the list of executions is unavailable", async () => {
  await using opened = await openLogs();
  await expect(sweepLogs({ ...opened, known: nobodyAnswers }, undefined)).rejects.toThrow("does not answer");
  expect(await opened.logs.executions({ limit: 10 })).toEqual(ids);
});

async function nobodyAnswers(): Promise<never> {
  throw new Error("Restate does not answer");
}

async function openLogs() {
  const stack = new AsyncDisposableStack();
  const directory = stack.use(await mkdtempDisposable(join(tmpdir(), "duranium-logs-")));
  const databasePath = join(directory.path, "duranium.sqlite");
  const logs = createLogStore(stack.use(openSqlite(databasePath)));
  const sink = stack.use(new LogThread({ databasePath }));
  await sink.append(ids.flatMap((id) => [rowNumbered(id, 0), rowNumbered(id, 1)]));
  const writer = stack.use(await LogWriter.start({ sink, logger: silentLogger }));
  return { logs, writer, [Symbol.asyncDispose]: async () => await stack.disposeAsync() };
}
