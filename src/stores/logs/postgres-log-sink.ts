import { storableJson } from "../sql/database.ts";
import type { Database, Queries } from "../sql/database.ts";
import { sql } from "../sql/drizzle.ts";
import type { SQL } from "../sql/drizzle.ts";
import { countedSlots, durationClassOf } from "./execution-counts.ts";
import type { ExecutionEnd } from "./execution-ends.ts";
import { isLine } from "./log-messages.ts";
import { removals } from "./log-sink.ts";
import type { LogSink } from "./log-sink.ts";
import type { LogRow } from "./logs.ts";

/**
 * Each batch is one parameter of one statement: to make a statement with thousands of parameters would take the time of the
 * main thread.
 */
export function createPostgresLogSink(database: Database): LogSink {
  const { queries } = database;
  return {
    ...removals(database),
    async append(rows) {
      const lines = rows.filter(isLine);
      const ends = rows.filter((row): row is ExecutionEnd => !isLine(row));
      if (lines.length > 0) await execute(queries, insertLines(lines));
      if (ends.length > 0) await execute(queries, insertEnds(ends));
    },
  };
}

async function execute(queries: Queries, statement: SQL): Promise<void> {
  await (queries as unknown as { execute(statement: SQL): Promise<unknown> }).execute(statement);
}

/** In the order of the primary key, so that two executors that store the same lines do not wait for each other. */
function insertLines(lines: readonly LogRow[]): SQL {
  return sql`
    INSERT INTO logs (execution_id, number, level, at, line)
    SELECT "executionId", number, level, at, line
    FROM json_to_recordset(${storableJson(lines)}::text::json)
      AS given("executionId" text, number bigint, level text, at bigint, line text)
    ORDER BY "executionId", number
    ON CONFLICT DO NOTHING`;
}

/**
 * Stores ends, and counts those that were not stored before. The lock is held until the commit, so ends become visible in the
 * order of their sequences: a reader that continues after a sequence misses none. The statement also is atomic without a
 * serializable transaction, which would fail whenever two executors count in the same slot.
 */
function insertEnds(ends: readonly ExecutionEnd[]): SQL {
  const distinct = new Map(ends.toReversed().map((end) => [end.executionId, end]));
  const given = [...distinct.values()].toReversed();
  const { minuteMs, hourMs } = countedSlots;
  return sql`
    WITH locked AS MATERIALIZED (SELECT pg_advisory_xact_lock(${appendLock}::bigint)),
    given AS MATERIALIZED (
      SELECT given.*
      FROM locked, json_to_recordset(${storableJson(given.map(withDurationClass))}::text::json)
        AS given("executionId" text, "workflowId" text, version bigint, "entryPoint" text, outcome text,
          "startedAt" bigint, "endedAt" bigint, "fuelUsed" bigint, "failureId" text, code text, name text,
          message text, file text, line bigint, "durationClass" bigint)
    ),
    inserted AS (
      INSERT INTO execution_ends (execution_id, workflow_id, version, entry_point, outcome, started_at, ended_at,
        fuel_used, failure_id, code, name, message, file, line)
      SELECT "executionId", "workflowId", version, "entryPoint", outcome, "startedAt", "endedAt",
        "fuelUsed", "failureId", code, name, message, file, line
      FROM given
      ON CONFLICT DO NOTHING
      RETURNING execution_id
    )
    INSERT INTO execution_counts (slot_ms, at, workflow_id, outcome, duration_class, count)
    SELECT slots.ms, "endedAt" - "endedAt" % slots.ms, "workflowId", outcome, "durationClass", count(*)
    FROM given JOIN inserted ON inserted.execution_id = given."executionId",
      (VALUES (${minuteMs}::bigint), (${hourMs}::bigint)) AS slots(ms)
    GROUP BY 1, 2, 3, 4, 5
    ON CONFLICT (slot_ms, at, workflow_id, outcome, duration_class)
      DO UPDATE SET count = execution_counts.count + excluded.count`;
}

/** Identifies the lock of those who store ends. */
const appendLock = 7_265_174;

function withDurationClass(end: ExecutionEnd) {
  return { ...end, durationClass: durationClassOf(end) };
}
