import { randomUUID } from "node:crypto";
import type { Page, PageRequest } from "../base/page.ts";
import { isExpectedDraft } from "../domain/draft.ts";
import type { Draft, DraftFacts, ExpectedDraft, SavedDraft } from "../domain/draft.ts";
import { DuraniumError } from "../domain/errors.ts";
import type { WorkflowId } from "../domain/ids.ts";
import { maxDraftsWithoutWorkflow } from "./limits.ts";
import { changedRows, rows } from "./sql/database.ts";
import type { Database, Queries, Steps } from "./sql/database.ts";
import { and, asc, eq, gt, inArray, isNull } from "./sql/drizzle.ts";
import { keysetPage } from "./sql/keyset.ts";
import type { Tables } from "./sql/tables.ts";

/** Drafts with optimistic concurrency control: a save replaces only the draft that its writer has read. */
export interface DraftStore {
  /** @throws {DuraniumError} `draft-not-found` */
  get(workflowId: WorkflowId): Promise<Draft>;
  /**
   * Lists drafts by workflow.
   * @param only if given, restricts the list to these workflows
   */
  list(page: PageRequest<WorkflowId>, only?: readonly WorkflowId[]): Promise<Page<DraftFacts, WorkflowId>>;
  /**
   * Saves the draft if the stored one is the expected one. `conflict` is the stored one otherwise, if it still exists.
   *
   * @throws {DuraniumError} `invalid-request` if there are too many drafts of workflows that do not exist
   */
  save(draft: Omit<Draft, "revision">, expected: ExpectedDraft): Promise<SavedDraft>;
  /** @throws {DuraniumError} `draft-not-found` */
  remove(workflowId: WorkflowId): Promise<void>;
  removeAll(workflowId: WorkflowId): Promise<void>;
}

export function createDraftStore({ queries, tables, transaction }: Database): DraftStore {
  const { drafts } = tables;
  const isOf = (workflowId: WorkflowId) => eq(drafts.workflowId, workflowId);
  return {
    async get(workflowId) {
      const [row] = await queries.select().from(drafts).where(isOf(workflowId));
      if (row === undefined) throw notFound(workflowId);
      return { ...factsOf(row), source: row.source };
    },
    async list({ after, limit }, only) {
      const found = await queries
        .select(factColumns(drafts))
        .from(drafts)
        .where(
          and(
            only === undefined ? undefined : inArray(drafts.workflowId, [...only]),
            after === undefined ? undefined : gt(drafts.workflowId, after),
          ),
        )
        .orderBy(asc(drafts.workflowId))
        .limit(limit + 1);
      return keysetPage(found, { limit, toItem: factsOf, keyOf: ({ workflowId }) => workflowId });
    },
    save: async (draft, expected) => await transaction((tx) => save(tx, tables, { draft, expected })),
    async remove(workflowId) {
      const removed = await queries.delete(drafts).where(isOf(workflowId));
      if (changedRows(removed) === 0) throw notFound(workflowId);
    },
    async removeAll(workflowId) {
      await queries.delete(drafts).where(isOf(workflowId));
    },
  };
}

type DraftTable = Tables["drafts"];

function factColumns({ workflowId, revision, updatedAt, updatedBy }: DraftTable) {
  return { workflowId, revision, updatedAt, updatedBy };
}

interface DraftToSave {
  readonly draft: Omit<Draft, "revision">;
  readonly expected: ExpectedDraft;
}

function* save(tx: Queries, tables: Tables, { draft, expected }: DraftToSave): Steps<SavedDraft> {
  const { drafts } = tables;
  const isOfWorkflow = eq(drafts.workflowId, draft.workflowId);
  const [stored] = yield* rows(tx.select(factColumns(drafts)).from(drafts).where(isOfWorkflow));
  if (!isExpectedDraft(stored, expected)) return { conflict: stored ?? "gone" };
  if (stored === undefined) yield* assertCapacity(tx, tables, draft.workflowId);
  const { workflowId, ...row } = { ...draft, revision: randomUUID() };
  yield* rows(
    tx
      .insert(drafts)
      .values({ workflowId, ...row })
      .onConflictDoUpdate({ target: drafts.workflowId, set: row }),
  );
  return { saved: factsOf({ workflowId, ...row }) };
}

/**
 * Drafts of existing workflows are limited by the number of workflows. The count uses an index only, because SQLite
 * would otherwise read through each source to reach the columns behind it.
 */
function* assertCapacity(tx: Queries, { drafts, workflows }: Tables, workflowId: WorkflowId): Steps<void> {
  const isLive = isNull(workflows.removedAt);
  const ofIt = and(eq(workflows.id, workflowId), isLive);
  const [workflow] = yield* rows(tx.select({ id: workflows.id }).from(workflows).where(ofIt));
  if (workflow !== undefined) return;
  const ids = yield* rows(
    tx
      .select({ workflowId: drafts.workflowId })
      .from(drafts)
      .leftJoin(workflows, and(eq(workflows.id, drafts.workflowId), isLive))
      .where(isNull(workflows.id)),
  );
  if (ids.length < maxDraftsWithoutWorkflow) return;
  throw new DuraniumError(
    "invalid-request",
    `Cannot save the draft of workflow "${workflowId}": there are ${ids.length} drafts of workflows that do not ` +
      "exist already (maxDraftsWithoutWorkflow); deploy or remove one of them first",
  );
}

function factsOf({ workflowId, revision, updatedAt, updatedBy }: DraftFacts): DraftFacts {
  return { workflowId, revision, updatedAt, updatedBy };
}

function notFound(workflowId: WorkflowId): DuraniumError {
  return new DuraniumError("draft-not-found", `Workflow "${workflowId}" has no draft`);
}
