import { randomUUID } from "node:crypto";
import type { Page, PageRequest } from "../base/page.ts";
import { isExpectedDraft } from "../domain/draft.ts";
import type { Draft, DraftFacts, ExpectedDraft, SavedDraft } from "../domain/draft.ts";
import { DuraniumError } from "../domain/errors.ts";
import type { WorkflowId } from "../domain/ids.ts";
import { maxDraftsWithoutWorkflow } from "./limits.ts";
import type { SqliteDatabase, SyncQueries } from "./sql/sqlite.ts";
import { and, asc, eq, gt, inArray, isNull } from "./sql/drizzle.ts";
import { keysetPage } from "./sql/keyset.ts";
import { drafts, workflows } from "./sql/schema.ts";

/** Drafts with optimistic concurrency control: a save replaces only the draft that its writer has read. */
export interface DraftStore {
  /** @throws {DuraniumError} `draft-not-found` */
  get(workflowId: WorkflowId): Draft;
  /**
   * Lists drafts by workflow.
   * @param only if given, restricts the list to these workflows
   */
  list(page: PageRequest<WorkflowId>, only?: readonly WorkflowId[]): Page<DraftFacts, WorkflowId>;
  /**
   * Saves the draft if the stored one is the expected one. `conflict` is the stored one otherwise, if it still exists.
   *
   * @throws {DuraniumError} `invalid-request` if there are too many drafts of workflows that do not exist
   */
  save(draft: Omit<Draft, "revision">, expected: ExpectedDraft): SavedDraft;
  /** @throws {DuraniumError} `draft-not-found` */
  remove(workflowId: WorkflowId): void;
  removeAll(workflowId: WorkflowId): void;
}

export function createDraftStore({ sync: queries }: SqliteDatabase): DraftStore {
  return {
    get(workflowId) {
      const row = queries.select().from(drafts).where(isOf(workflowId)).get();
      if (row === undefined) throw notFound(workflowId);
      return { ...factsOf(row), source: row.source };
    },
    list({ after, limit }, only) {
      const rows = queries
        .select(factColumns)
        .from(drafts)
        .where(
          and(
            only === undefined ? undefined : inArray(drafts.workflowId, [...only]),
            after === undefined ? undefined : gt(drafts.workflowId, after),
          ),
        )
        .orderBy(asc(drafts.workflowId))
        .limit(limit + 1)
        .all();
      return keysetPage(rows, { limit, toItem: factsOf, keyOf: ({ workflowId }) => workflowId });
    },
    save: (draft, expected) =>
      queries.transaction((tx) => save(tx, draft, expected), { behavior: "immediate" }),
    remove(workflowId) {
      const { changes } = queries.delete(drafts).where(isOf(workflowId)).run();
      if (changes === 0) throw notFound(workflowId);
    },
    removeAll: (workflowId) => void queries.delete(drafts).where(isOf(workflowId)).run(),
  };
}

type DraftRow = typeof drafts.$inferSelect;

const factColumns = {
  workflowId: drafts.workflowId,
  revision: drafts.revision,
  updatedAt: drafts.updatedAt,
  updatedBy: drafts.updatedBy,
};

function save(tx: SyncQueries, draft: Omit<Draft, "revision">, expected: ExpectedDraft): SavedDraft {
  const stored = tx.select(factColumns).from(drafts).where(isOf(draft.workflowId)).get();
  if (!isExpectedDraft(stored, expected)) return { conflict: stored ?? "gone" };
  if (stored === undefined) assertCapacity(tx, draft.workflowId);
  const { workflowId, ...row } = { ...draft, revision: randomUUID() };
  tx.insert(drafts)
    .values({ workflowId, ...row })
    .onConflictDoUpdate({ target: drafts.workflowId, set: row })
    .run();
  return { saved: factsOf({ workflowId, ...row }) };
}

/**
 * Drafts of existing workflows are limited by the number of workflows. The count uses an index only, because SQLite
 * would otherwise read through each source to reach the columns behind it.
 */
function assertCapacity(tx: SyncQueries, workflowId: WorkflowId): void {
  const isLive = isNull(workflows.removedAt);
  const ofIt = and(eq(workflows.id, workflowId), isLive);
  if (tx.select({ id: workflows.id }).from(workflows).where(ofIt).get() !== undefined) return;
  const ids = tx
    .select({ workflowId: drafts.workflowId })
    .from(drafts)
    .leftJoin(workflows, and(eq(workflows.id, drafts.workflowId), isLive))
    .where(isNull(workflows.id))
    .all();
  if (ids.length < maxDraftsWithoutWorkflow) return;
  throw new DuraniumError(
    "invalid-request",
    `Cannot save the draft of workflow "${workflowId}": there are ${ids.length} drafts of workflows that do not ` +
      "exist already (maxDraftsWithoutWorkflow); deploy or remove one of them first",
  );
}

function isOf(workflowId: WorkflowId) {
  return eq(drafts.workflowId, workflowId);
}

function factsOf({ workflowId, revision, updatedAt, updatedBy }: DraftFacts | DraftRow): DraftFacts {
  return { workflowId, revision, updatedAt, updatedBy };
}

function notFound(workflowId: WorkflowId): DuraniumError {
  return new DuraniumError("draft-not-found", `Workflow "${workflowId}" has no draft`);
}
