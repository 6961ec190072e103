import type { ExecutionId } from "../domain/ids.ts";
import { and, asc, gt, inArray, lte, sql } from "../stores/sql/drizzle.ts";
import type { RowSource, Selection } from "./table-rows.ts";

/**
 * The console lines of an execution are written once and removed together. So two databases can be compared by the number of
 * lines in each execution, which takes a fraction of the time of comparing millions of lines.
 */
type Counts = ReadonlyMap<ExecutionId, number>;

/** Executions whose lines are counted by one query. */
const executionsPerPage = 5_000;

/** Executions whose lines are removed or compared by one query. Each has up to 10,000 lines. */
const executionsAtOnce = 20;

/**
 * Removes the lines of executions of which the destination has more than the source.
 *
 * @returns the number of lines
 */
export async function removeOtherLines(
  from: RowSource,
  to: RowSource,
  beforeRemoval: () => void,
): Promise<number> {
  let removed = 0;
  for await (const { source, destination } of countsOf(from, to)) {
    const others = [...destination].filter(([id, count]) => count > (source.get(id) ?? 0));
    if (others.length > 0) beforeRemoval();
    for (const ids of chunksOf(others.map(([id]) => id)))
      await to.queries.delete(to.tables.logs).where(inArray(to.tables.logs.executionId, ids));
    removed += others.reduce((sum, [, count]) => sum + count, 0);
  }
  return removed;
}

/** @param copy copies the lines of some executions */
export async function copyNewLines<Copied extends { readonly compared: number; readonly written: number }>(
  from: RowSource,
  to: RowSource,
  copy: (where: NonNullable<Selection["where"]>) => Promise<Copied>,
): Promise<{ readonly compared: number; readonly written: number }> {
  const total = { compared: 0, written: 0 };
  for await (const { source, destination } of countsOf(from, to)) {
    const changed = [...source].filter(([id, count]) => count !== destination.get(id));
    for (const ids of chunksOf(changed.map(([id]) => id))) {
      const { compared, written } = await copy(({ logs }) => inArray(logs.executionId, ids));
      total.compared += compared;
      total.written += written;
    }
  }
  return total;
}

interface BothCounts {
  readonly source: Counts;
  readonly destination: Counts;
}

async function* countsOf(from: RowSource, to: RowSource): AsyncGenerator<BothCounts> {
  let after: ExecutionId | undefined;
  do {
    const source = await countLines(from, { after, limit: executionsPerPage });
    const upTo = source.size < executionsPerPage ? undefined : [...source.keys()].at(-1);
    yield { source, destination: await countLines(to, { after, upTo }) };
    after = upTo;
  } while (after !== undefined);
}

interface ExecutionRange {
  readonly after: ExecutionId | undefined;
  readonly upTo?: ExecutionId | undefined;
  readonly limit?: number;
}

async function countLines(
  { queries, tables: { logs } }: RowSource,
  { after, upTo, limit = maxExecutions }: ExecutionRange,
): Promise<Counts> {
  const { executionId } = logs;
  const counted = await queries
    .select({ executionId, count: sql<number>`count(*)` })
    .from(logs)
    .where(and(after && gt(executionId, after), upTo && lte(executionId, upTo)))
    .groupBy(executionId)
    .orderBy(asc(executionId))
    .limit(limit);
  return new Map(counted.map(({ executionId: id, count }) => [id, count]));
}

const maxExecutions = 1_000_000;

function chunksOf(ids: readonly ExecutionId[]): readonly ExecutionId[][] {
  const count = Math.ceil(ids.length / executionsAtOnce);
  return Array.from({ length: count }, (_, chunk) =>
    ids.slice(chunk * executionsAtOnce, (chunk + 1) * executionsAtOnce),
  );
}
