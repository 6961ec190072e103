import type { Digest } from "../base/digest.ts";
import type { Page, PageRequest } from "../base/page.ts";
import { digestOf } from "../base/sha256.ts";
import { DuraniumError } from "../domain/errors.ts";
import type { WorkflowId } from "../domain/ids.ts";
import type { CompiledWorkflow, DeployId, Version, WorkflowSource } from "../domain/workflow.ts";
import { requireEngine } from "./require-engine.ts";
import { canonicalSource } from "./source-digest.ts";
import type { SqliteDatabase, SyncQueries } from "./sql/sqlite.ts";
import { and, desc, eq, getTableColumns, inArray, isNotNull, isNull, lt, or, sql } from "./sql/drizzle.ts";
import { keysetPage } from "./sql/keyset.ts";
import { apiKeys, packages, sources, versions, workflows } from "./sql/schema.ts";

/** A compiled deploy that can be recorded as a version. */
export interface VersionToRecord {
  readonly deployId: DeployId;
  readonly workflowId: WorkflowId;
  readonly source: WorkflowSource;
  readonly compiled: CompiledWorkflow;
  /** The name of the API key. */
  readonly deployedBy: string;
  /** True if the API key of the deploy was bound to the workflow before. */
  readonly isWorkflowBound: boolean;
  /** Milliseconds since the Unix epoch. */
  readonly deployedAt: number;
  readonly note?: string | undefined;
}

interface RecordedVersion {
  readonly version: Version;
  /** Digest of the version one number below; absent for version 1. */
  readonly previousSourceDigest?: Digest;
}

/**
 * The versions of all workflows. The methods also work for removed workflows, because their executions outlive them.
 */
export interface VersionStore {
  /**
   * Assigns the next version number of the workflow, which is created or restored if necessary. When a removed workflow
   * is restored, its earlier versions are deleted, and unless its owner restores it, keys that were bound to it lose
   * it. Recording the same deploy again returns the same number, so a crash before the caller learns of it is harmless.
   *
   * @throws {DuraniumError} `engine-not-installed` if the engine was removed since it compiled the source
   */
  record(deploy: VersionToRecord): RecordedVersion;
  /** @throws {DuraniumError} `version-not-found` */
  get(workflowId: WorkflowId, version: number): Version;
  /** True if a version declares a rate limit that rejects, instead of queuing, what exceeds it. */
  declaresRejection(workflowId: WorkflowId): boolean;
  /**
   * Replaces the note; `undefined` removes it.
   *
   * @throws {DuraniumError} `version-not-found`
   */
  setNote(workflowId: WorkflowId, version: number, note: string | undefined): Version;
  /** @throws {DuraniumError} `version-not-found` */
  source(workflowId: WorkflowId, version: number): WorkflowSource;
  /** The names of the schedules that any version of the workflow declares. */
  declaredSchedules(workflowId: WorkflowId): readonly string[];
  /** The version with the highest number. */
  latest(workflowId: WorkflowId): Version | undefined;
  /** The number of versions of a workflow, and the total size of its distinct images. */
  usage(workflowId: WorkflowId): { readonly versions: number; readonly imageBytes: number };
  /** The images, bundles and source maps of all versions. */
  artifacts(): ReadonlySet<Digest>;
  /** True if a version refers to the artifact. */
  hasArtifact(digest: Digest): boolean;
  /** The versions of existing workflows that were deployed last, newest first. */
  recent(limit: number, workflowIds: readonly WorkflowId[] | undefined): readonly Version[];
  /** Newest first. The key is the version number. */
  list(workflowId: WorkflowId, page: PageRequest<number>): Page<Version, number>;
}

/** Prepared once, because every start of an execution asks. */
function rejectionStatement(queries: SyncQueries) {
  const isOfWorkflow = eq(versions.workflowId, sql.placeholder("workflowId"));
  return queries
    .select({ version: versions.version })
    .from(versions)
    .where(and(isOfWorkflow, eq(versions.isRejecting, true)))
    .limit(1)
    .prepare();
}

export function createVersionStore({ sync: queries }: SqliteDatabase): VersionStore {
  const rejection = rejectionStatement(queries);
  return {
    record: (deploy) => queries.transaction((tx) => record(tx, deploy), { behavior: "immediate" }),
    declaresRejection: (workflowId) => rejection.get({ workflowId }) !== undefined,
    get: (workflowId, version) => find(queries, workflowId, version) ?? throwNotFound(workflowId, version),
    setNote: (workflowId, version, note) => {
      const row = queries
        .update(versions)
        .set({ note: note ?? null })
        .where(isVersion(workflowId, version))
        .returning()
        .get();
      return row === undefined ? throwNotFound(workflowId, version) : toVersion(row);
    },
    source: (workflowId, version) =>
      findSource(queries, workflowId, version) ?? throwNotFound(workflowId, version),
    artifacts: () => {
      const { imageDigest, bundleDigest, sourceMapDigest } = versions;
      const rows = queries
        .selectDistinct({ imageDigest, bundleDigest, sourceMapDigest })
        .from(versions)
        .all();
      return new Set(rows.flatMap((row) => Object.values(row)));
    },
    declaredSchedules: (workflowId) => {
      const name = sql<string>`json_extract(value, '$.name')`;
      const rows = queries.all<{ name: string }>(
        sql`SELECT DISTINCT ${name} AS name FROM ${versions}, json_each(${versions.declarations}, '$.schedules')
          WHERE ${versions.workflowId} = ${workflowId}`,
      );
      return rows.map((row) => row.name);
    },
    usage: (workflowId) => usageOf(queries, workflowId),
    hasArtifact: (digest) =>
      queries
        .select({ version: versions.version })
        .from(versions)
        .where(
          or(
            eq(versions.imageDigest, digest),
            eq(versions.bundleDigest, digest),
            eq(versions.sourceMapDigest, digest),
          ),
        )
        .get() !== undefined,
    latest: (workflowId) => newestFirst(queries, workflowId, { limit: 1 }).map(toVersion)[0],
    recent: (limit, workflowIds) => recent(queries, limit, workflowIds),
    list: (workflowId, page) =>
      keysetPage(newestFirst(queries, workflowId, { after: page.after, limit: page.limit + 1 }), {
        limit: page.limit,
        toItem: toVersion,
        keyOf: (row) => row.version,
      }),
  };
}

function recent(
  queries: SyncQueries,
  limit: number,
  workflowIds: readonly WorkflowId[] | undefined,
): readonly Version[] {
  const among = workflowIds === undefined ? undefined : inArray(versions.workflowId, [...workflowIds]);
  return queries
    .select(getTableColumns(versions))
    .from(versions)
    .innerJoin(workflows, eq(versions.workflowId, workflows.id))
    .where(and(isNull(workflows.removedAt), among))
    .orderBy(desc(versions.deployedAt))
    .limit(limit)
    .all()
    .map(toVersion);
}

function usageOf(queries: SyncQueries, workflowId: WorkflowId): { versions: number; imageBytes: number } {
  const { imageDigest, imageBytes } = versions;
  const images = queries
    .select({
      imageDigest,
      imageBytes: sql<number>`max(${imageBytes})`.as("image_bytes"),
      count: sql<number>`count(*)`.as("count"),
    })
    .from(versions)
    .where(eq(versions.workflowId, workflowId))
    .groupBy(imageDigest)
    .all();
  return {
    versions: images.reduce((sum, image) => sum + image.count, 0),
    imageBytes: images.reduce((sum, image) => sum + image.imageBytes, 0),
  };
}

type VersionRow = typeof versions.$inferSelect;

function record(tx: SyncQueries, deploy: VersionToRecord): RecordedVersion {
  const recorded = tx.select().from(versions).where(eq(versions.deployId, deploy.deployId)).get();
  const version = toVersion(recorded ?? insertVersion(tx, deploy));
  const previous = find(tx, version.workflowId, version.version - 1);
  return previous === undefined ? { version } : { version, previousSourceDigest: previous.sourceDigest };
}

function insertVersion(tx: SyncQueries, deploy: VersionToRecord): VersionRow {
  const { deployId, workflowId, compiled, deployedBy, deployedAt, note } = deploy;
  requireEngine(tx, compiled);
  const { sizes, timings, warnings: _, ...digests } = compiled;
  const version = takeNextNumber(tx, deploy);
  const sourceDigest = storeSource(tx, deploy.source);
  retainPackages(tx, deploy.source);
  const isRejecting = compiled.declarations?.flow?.rateLimit?.mode === "reject";
  const row = { ...digests, ...sizes, ...timings, deployId, workflowId, version, sourceDigest, isRejecting };
  return tx
    .insert(versions)
    .values({ ...row, deployedBy, deployedAt, note })
    .returning()
    .get();
}

function takeNextNumber(
  tx: SyncQueries,
  { workflowId, isWorkflowBound, deployedAt: now }: VersionToRecord,
): number {
  const before = tx.select().from(workflows).where(eq(workflows.id, workflowId)).get();
  // A removed workflow may be deployed by another owner, who must not read its earlier sources.
  if (typeof before?.removedAt === "number") {
    tx.delete(versions).where(eq(versions.workflowId, workflowId)).run();
    if (!isWorkflowBound) unbindKeys(tx, workflowId);
  }
  return tx
    .insert(workflows)
    .values({ id: workflowId, createdAt: now, latestVersion: 1 })
    .onConflictDoUpdate({
      target: workflows.id,
      set: { latestVersion: sql`${workflows.latestVersion} + 1`, removedAt: null },
    })
    .returning()
    .get().latestVersion;
}

/** A key without any remaining workflow may access none rather than all. */
function unbindKeys(tx: SyncQueries, workflowId: WorkflowId): void {
  for (const { id, workflows: bound } of tx
    .select()
    .from(apiKeys)
    .where(isNotNull(apiKeys.workflows))
    .all()) {
    if (bound?.includes(workflowId) !== true) continue;
    const left = bound.filter((each) => each !== workflowId);
    tx.update(apiKeys).set({ workflows: left }).where(eq(apiKeys.id, id)).run();
  }
}

function storeSource(tx: SyncQueries, source: WorkflowSource): Digest {
  const canonical = canonicalSource(source);
  const digest = digestOf(canonical);
  tx.insert(sources).values({ digest, source: canonical }).onConflictDoNothing().run();
  return digest;
}

function retainPackages(tx: SyncQueries, { packageLock = {} }: WorkflowSource): void {
  const digests = [...new Set(Object.values(packageLock).map(({ digest }) => digest))];
  if (digests.length === 0) return;
  tx.update(packages).set({ isDeployed: true }).where(inArray(packages.digest, digests)).run();
}

function find(queries: SyncQueries, workflowId: WorkflowId, version: number): Version | undefined {
  const row = queries.select().from(versions).where(isVersion(workflowId, version)).get();
  return row === undefined ? undefined : toVersion(row);
}

function findSource(
  queries: SyncQueries,
  workflowId: WorkflowId,
  version: number,
): WorkflowSource | undefined {
  const row = queries
    .select(getTableColumns(sources))
    .from(versions)
    .innerJoin(sources, eq(versions.sourceDigest, sources.digest))
    .where(isVersion(workflowId, version))
    .get();
  return row === undefined ? undefined : (JSON.parse(row.source) as WorkflowSource);
}

function newestFirst(queries: SyncQueries, workflowId: WorkflowId, page: PageRequest<number>): VersionRow[] {
  const ofWorkflow = eq(versions.workflowId, workflowId);
  return queries
    .select()
    .from(versions)
    .where(page.after === undefined ? ofWorkflow : and(ofWorkflow, lt(versions.version, page.after)))
    .orderBy(desc(versions.version))
    .limit(page.limit)
    .all();
}

function isVersion(workflowId: WorkflowId, version: number) {
  return and(eq(versions.workflowId, workflowId), eq(versions.version, version));
}

function toVersion(row: VersionRow): Version {
  const { deployId: _, isRejecting: _r, sourceBytes, bundleBytes, imageBytes, imagePages, ...rest } = row;
  const { bundleMs, evaluateMs, imageMs, note, declarations, ...columns } = rest;
  return {
    ...columns,
    ...(note === null ? {} : { note }),
    ...(declarations === null ? {} : { declarations }),
    sizes: { sourceBytes, bundleBytes, imageBytes, imagePages },
    timings: { bundleMs, evaluateMs, imageMs },
  };
}

function throwNotFound(workflowId: WorkflowId, version: number): never {
  throw new DuraniumError("version-not-found", `Workflow "${workflowId}" has no version ${version}`);
}
