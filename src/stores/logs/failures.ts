import type { Page, PageRequest } from "../../base/page.ts";
import type { ExecutionId, WorkflowId } from "../../domain/ids.ts";
import type { SqliteDatabase } from "../sql/sqlite.ts";
import { and, desc, eq, gte, inArray, isNotNull, lt, or, sql } from "../sql/drizzle.ts";
import { keysetPage } from "../sql/keyset.ts";
import { executionEnds } from "../sql/schema.ts";
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
  list(filter: FailureFilter, page: PageRequest<FailurePosition>): Page<FailureGroup, FailurePosition>;
  /** The latest failure of a workflow. */
  latest(workflowId: WorkflowId): StoredEnd | undefined;
  /** The executions of a group, newest first. */
  executions(filter: FailureFilter & { readonly failureId: string }, limit: number): readonly ExecutionId[];
}

/** Executions that a list shows of each group. */
const shownExecutions = 5;

/**
 * The latest failures that a list groups. Grouping all of them would block the thread for seconds, because a workflow that fails
 * all the time has a million within the retention.
 */
const maxGroupedFailures = 20_000;

export function createFailureStore({ sync: queries }: SqliteDatabase): FailureStore {
  const latestOf = (filter: FailureFilter, limit: number) =>
    queries
      .select()
      .from(executionEnds)
      .where(conditionOf(filter))
      .orderBy(desc(executionEnds.endedAt), desc(executionEnds.sequence))
      .limit(limit)
      .all();
  return {
    list(filter, { after, limit }) {
      const latest = queries
        .select({
          failureId: executionEnds.failureId,
          endedAt: executionEnds.endedAt,
          version: executionEnds.version,
        })
        .from(executionEnds)
        .where(conditionOf(filter))
        .orderBy(desc(executionEnds.endedAt))
        .limit(maxGroupedFailures)
        .as("latest");
      const lastSeen = sql<number>`max(${latest.endedAt})`;
      const rows = queries
        .select({
          failureId: latest.failureId,
          count: sql<number>`count(*)`,
          firstSeen: sql<number>`min(${latest.endedAt})`,
          lastSeen,
          versions: sql<string>`json_group_array(distinct ${latest.version})`,
        })
        .from(latest)
        .groupBy(latest.failureId)
        .having(
          after === undefined
            ? undefined
            : or(lt(lastSeen, after[0]), and(eq(lastSeen, after[0]), lt(latest.failureId, after[1]))),
        )
        .orderBy(desc(lastSeen), desc(latest.failureId))
        .limit(limit + 1)
        .all();
      return keysetPage(rows, {
        limit,
        toItem: ({ failureId, versions, ...group }) => ({
          ...group,
          failureId: failureId ?? "",
          versions: versionsOf(versions),
          latest: latestOf({ ...filter, failureId: failureId ?? "" }, shownExecutions),
        }),
        keyOf: (row) => [row.lastSeen, row.failureId ?? ""] as const,
      });
    },
    latest: (workflowId) => latestOf({ workflowId }, 1)[0],
    executions: (filter, limit) => latestOf(filter, limit).map(({ executionId }) => executionId),
  };
}

function versionsOf(json: string): readonly number[] {
  const versions = JSON.parse(json) as readonly (number | null)[];
  return versions.filter((version) => version !== null).toSorted((one, other) => one - other);
}

function conditionOf({ workflowId, workflowIds, failureId, since }: FailureFilter) {
  return and(
    isNotNull(executionEnds.failureId),
    failureId === undefined ? undefined : eq(executionEnds.failureId, failureId),
    workflowId === undefined ? undefined : eq(executionEnds.workflowId, workflowId),
    workflowIds === undefined ? undefined : inArray(executionEnds.workflowId, [...workflowIds]),
    since === undefined ? undefined : gte(executionEnds.endedAt, since),
  );
}
