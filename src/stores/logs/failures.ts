import type { Page, PageRequest } from "../../base/page.ts";
import type { ExecutionId, WorkflowId } from "../../domain/ids.ts";
import type { Database } from "../sql/database.ts";
import { and, desc, eq, getTableColumns, gte, inArray, isNotNull, lt, lte, or, sql } from "../sql/drizzle.ts";
import type { SQLiteColumn } from "../sql/drizzle.ts";
import { keysetPage } from "../sql/keyset.ts";
import type { StoredEnd } from "./execution-ends.ts";

/** All executions that failed for the same cause. */
export interface FailureGroup {
  readonly failureId: string;
  readonly count: number;
  /** Milliseconds since the Unix epoch. */
  readonly firstSeen: number;
  readonly lastSeen: number;
  /** The versions that failed, in ascending order. */
  readonly versions: readonly number[];
  /** The latest of these executions, newest first. */
  readonly latest: readonly StoredEnd[];
}

export interface FailureFilter {
  readonly workflowId?: WorkflowId | undefined;
  readonly workflowIds?: readonly WorkflowId[] | undefined;
  readonly failureId?: string | undefined;
  /** Milliseconds since the Unix epoch. */
  readonly since?: number | undefined;
}

/** `[lastSeen, failureId]` */
type FailurePosition = readonly [number, string];

/** Failures of the retained executions, grouped by their cause. */
export interface FailureStore {
  /** Lists the groups of the latest failures, the one that was seen last first. */
  list(
    filter: FailureFilter,
    page: PageRequest<FailurePosition>,
  ): Promise<Page<FailureGroup, FailurePosition>>;
  /** The latest failure of each of these few workflows that has failed. */
  latest(workflowIds: readonly WorkflowId[]): Promise<ReadonlyMap<WorkflowId, StoredEnd>>;
  /** The executions of a group, newest first. */
  executions(
    filter: FailureFilter & { readonly failureId: string },
    limit: number,
  ): Promise<readonly ExecutionId[]>;
}

/** Executions that a list shows of each group. */
const shownExecutions = 5;

/**
 * The latest failures that a list groups. Grouping all of them would block the thread for seconds, because a workflow that fails
 * all the time has a million within the retention.
 */
const maxGroupedFailures = 20_000;

export function createFailureStore(database: Database): FailureStore {
  const latestOf = latestFailures(database);
  return {
    async list(filter, page) {
      const groups = await readGroups(database, latestOf(filter, maxGroupedFailures), page);
      const { items, ...rest } = keysetPage(groups, {
        limit: page.limit,
        toItem: ({ versions, ...group }) => ({ ...group, versions: versionsOf(versions) }),
        keyOf: (group) => [group.lastSeen, group.failureId] as const,
      });
      const ids = items.map(({ failureId }) => failureId);
      const ends = await readLatest(database, latestOf(filter, maxGroupedFailures), ids);
      const latest = Map.groupBy(ends, ({ failureId }) => failureId);
      return {
        ...rest,
        items: items.map((group) => ({ ...group, latest: latest.get(group.failureId) ?? [] })),
      };
    },
    async latest(workflowIds) {
      const ends = await Promise.all(
        workflowIds.map(async (workflowId) => await latestOf({ workflowId }, 1)),
      );
      return new Map(ends.flat().map((end) => [end.workflowId, end]));
    },
    async executions(filter, limit) {
      const ends = await latestOf(filter, limit);
      return ends.map(({ executionId }) => executionId);
    },
  };
}

/** Returns a function that selects failures, newest first. */
function latestFailures({ queries, tables: { executionEnds } }: Database) {
  return ({ workflowId, workflowIds, failureId, since }: FailureFilter, limit: number) =>
    queries
      .select()
      .from(executionEnds)
      .where(
        and(
          isNotNull(executionEnds.failureId),
          failureId === undefined ? undefined : eq(executionEnds.failureId, failureId),
          workflowId === undefined ? undefined : eq(executionEnds.workflowId, workflowId),
          workflowIds === undefined ? undefined : inArray(executionEnds.workflowId, [...workflowIds]),
          since === undefined ? undefined : gte(executionEnds.endedAt, since),
        ),
      )
      .orderBy(desc(executionEnds.endedAt), desc(executionEnds.sequence))
      .limit(limit);
}

type LatestFailures = ReturnType<ReturnType<typeof latestFailures>>;

/** Reads one more group than the page has. */
async function readGroups(
  { dialect, queries }: Database,
  failures: LatestFailures,
  { after, limit }: PageRequest<FailurePosition>,
) {
  const latest = failures.as("latest");
  const lastSeen = sql<number>`max(${latest.endedAt})`;
  const { failureId, version } = latest;
  return await queries
    .select({
      failureId: sql<string>`${failureId}`,
      count: sql<number>`count(*)`,
      firstSeen: sql<number>`min(${latest.endedAt})`,
      lastSeen,
      versions: distinctValues(dialect, version),
    })
    .from(latest)
    .groupBy(failureId)
    .having(
      after === undefined
        ? undefined
        : or(lt(lastSeen, after[0]), and(eq(lastSeen, after[0]), lt(failureId, after[1]))),
    )
    .orderBy(desc(lastSeen), desc(failureId))
    .limit(limit + 1);
}

/** Reads the latest executions of these groups, newest first. */
async function readLatest(
  { queries, tables: { executionEnds } }: Database,
  failures: LatestFailures,
  failureIds: readonly string[],
) {
  if (failureIds.length === 0) return [];
  const latest = failures.as("latest");
  const place = sql<number>`row_number() OVER (
    PARTITION BY ${latest.failureId} ORDER BY ${latest.endedAt} DESC, ${latest.sequence} DESC)`;
  const placed = queries
    .select({ sequence: latest.sequence, place: place.as("place") })
    .from(latest)
    .where(inArray(latest.failureId, [...failureIds]))
    .as("placed");
  return await queries
    .select({ ...getTableColumns(executionEnds) })
    .from(executionEnds)
    .innerJoin(placed, eq(placed.sequence, executionEnds.sequence))
    .where(lte(placed.place, shownExecutions))
    .orderBy(desc(executionEnds.endedAt), desc(executionEnds.sequence));
}

/** Aggregates the distinct values of a column, separated by commas. */
function distinctValues(dialect: Database["dialect"], column: SQLiteColumn) {
  return dialect === "sqlite"
    ? sql<string | null>`group_concat(DISTINCT ${column})`
    : sql<string | null>`string_agg(DISTINCT ${column}::text, ',')`;
}

/** @param joined separated by commas; null if none of the executions had a version */
function versionsOf(joined: string | null): readonly number[] {
  const versions = joined?.split(",").map(Number) ?? [];
  return versions.toSorted((one, other) => one - other);
}
