import type { Digest } from "../base/digest.ts";
import type { Page, PageRequest } from "../base/page.ts";
import { digestOf } from "../base/sha256.ts";
import { DuraniumError } from "../domain/errors.ts";
import type { WorkflowId } from "../domain/ids.ts";
import type { CompiledWorkflow, DeployId, Version, WorkflowSource } from "../domain/workflow.ts";
import { requireEngine } from "./require-engine.ts";
import { canonicalSource } from "./source-digest.ts";
import { prepare, rows } from "./sql/database.ts";
import type { Database, Queries, Steps } from "./sql/database.ts";
import {
  and,
  desc,
  eq,
  getTableColumns,
  inArray,
  isNotNull,
  isNull,
  like,
  lt,
  or,
  sql,
} from "./sql/drizzle.ts";
import { keysetPage } from "./sql/keyset.ts";
import type { Tables } from "./sql/tables.ts";

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
  record(deploy: VersionToRecord): Promise<RecordedVersion>;
  /** @throws {DuraniumError} `version-not-found` */
  get(workflowId: WorkflowId, version: number): Promise<Version>;
  /** True if a version declares a rate limit that rejects, instead of queuing, what exceeds it. */
  declaresRejection(workflowId: WorkflowId): Promise<boolean>;
  /**
   * Replaces the note; `undefined` removes it.
   *
   * @throws {DuraniumError} `version-not-found`
   */
  setNote(workflowId: WorkflowId, version: number, note: string | undefined): Promise<Version>;
  /** @throws {DuraniumError} `version-not-found` */
  source(workflowId: WorkflowId, version: number): Promise<WorkflowSource>;
  /** The names of the schedules that any version of the workflow declares. */
  declaredSchedules(workflowId: WorkflowId): Promise<readonly string[]>;
  /** The version with the highest number. */
  latest(workflowId: WorkflowId): Promise<Version | undefined>;
  /** The number of versions of a workflow, and the total size of its distinct images. */
  usage(workflowId: WorkflowId): Promise<{ readonly versions: number; readonly imageBytes: number }>;
  /** The images, bundles and source maps of all versions. */
  artifacts(): Promise<ReadonlySet<Digest>>;
  /** True if a version refers to the artifact. */
  hasArtifact(digest: Digest): Promise<boolean>;
  /** The versions of existing workflows that were deployed last, newest first. */
  recent(limit: number, workflowIds: readonly WorkflowId[] | undefined): Promise<readonly Version[]>;
  /** Newest first. The key is the version number. */
  list(workflowId: WorkflowId, page: PageRequest<number>): Promise<Page<Version, number>>;
}

/** Prepared once, because every start of an execution asks. */
function rejectionStatement({ queries, tables: { versions } }: Database) {
  const isOfWorkflow = eq(versions.workflowId, sql.placeholder("workflowId"));
  return prepare(
    queries
      .select({ version: versions.version })
      .from(versions)
      .where(and(isOfWorkflow, eq(versions.isRejecting, true)))
      .limit(1),
  );
}

type VersionTable = Tables["versions"];

export function createVersionStore(database: Database): VersionStore {
  const { queries, tables, transaction } = database;
  const { versions } = tables;
  const rejection = rejectionStatement(database);
  return {
    async record(deploy) {
      const { unboundKeys, ...recorded } = await transaction((tx) => record(tx, tables, deploy));
      if (unboundKeys) database.publish("api-keys", "");
      return recorded;
    },
    declaresRejection: async (workflowId) => (await rejection.execute({ workflowId })).length > 0,
    async get(workflowId, version) {
      const [row] = await queries
        .select()
        .from(versions)
        .where(isVersion(versions, workflowId, version));
      return row === undefined ? throwNotFound(workflowId, version) : toVersion(row);
    },
    async setNote(workflowId, version, note) {
      const [row] = await queries
        .update(versions)
        .set({ note: note ?? null })
        .where(isVersion(versions, workflowId, version))
        .returning();
      return row === undefined ? throwNotFound(workflowId, version) : toVersion(row);
    },
    source: async (workflowId, version) =>
      (await findSource(database, workflowId, version)) ?? throwNotFound(workflowId, version),
    artifacts: async () => await artifactsOf(database),
    declaredSchedules: async (workflowId) => await declaredSchedules(database, workflowId),
    usage: async (workflowId) => await usageOf(database, workflowId),
    hasArtifact: async (digest) => await hasArtifact(database, digest),
    latest: async (workflowId) => (await newestFirst(database, workflowId, { limit: 1 })).map(toVersion)[0],
    recent: async (limit, workflowIds) => await recent(database, limit, workflowIds),
    async list(workflowId, { after, limit }) {
      const found = await newestFirst(database, workflowId, { after, limit: limit + 1 });
      return keysetPage(found, { limit, toItem: toVersion, keyOf: (row) => row.version });
    },
  };
}

async function artifactsOf({ queries, tables: { versions } }: Database): Promise<ReadonlySet<Digest>> {
  const { imageDigest, bundleDigest, sourceMapDigest } = versions;
  const found = await queries.selectDistinct({ imageDigest, bundleDigest, sourceMapDigest }).from(versions);
  return new Set(found.flatMap((row) => Object.values(row)));
}

async function hasArtifact({ queries, tables }: Database, digest: Digest): Promise<boolean> {
  const { version, imageDigest, bundleDigest, sourceMapDigest } = tables.versions;
  const found = await queries
    .select({ version })
    .from(tables.versions)
    .where(or(eq(imageDigest, digest), eq(bundleDigest, digest), eq(sourceMapDigest, digest)))
    .limit(1);
  return found.length > 0;
}

async function declaredSchedules(
  { queries, tables: { versions } }: Database,
  workflowId: WorkflowId,
): Promise<readonly string[]> {
  const found = await queries
    .selectDistinct({ declarations: versions.declarations })
    .from(versions)
    .where(and(eq(versions.workflowId, workflowId), like(versions.declarations, '%"schedules"%')));
  return [
    ...new Set(found.flatMap(({ declarations }) => declarations?.schedules ?? []).map(({ name }) => name)),
  ];
}

async function recent(
  { queries, tables: { versions, workflows } }: Database,
  limit: number,
  workflowIds: readonly WorkflowId[] | undefined,
): Promise<readonly Version[]> {
  const among = workflowIds === undefined ? undefined : inArray(versions.workflowId, [...workflowIds]);
  const found = await queries
    .select(getTableColumns(versions))
    .from(versions)
    .innerJoin(workflows, eq(versions.workflowId, workflows.id))
    .where(and(isNull(workflows.removedAt), among))
    .orderBy(desc(versions.deployedAt))
    .limit(limit);
  return found.map(toVersion);
}

async function usageOf(
  { queries, tables: { versions } }: Database,
  workflowId: WorkflowId,
): Promise<{ versions: number; imageBytes: number }> {
  const { imageDigest, imageBytes } = versions;
  const images = await queries
    .select({
      imageDigest,
      imageBytes: sql<number>`max(${imageBytes})`.as("image_bytes"),
      count: sql<number>`count(*)`.as("count"),
    })
    .from(versions)
    .where(eq(versions.workflowId, workflowId))
    .groupBy(imageDigest);
  return {
    versions: images.reduce((sum, image) => sum + image.count, 0),
    imageBytes: images.reduce((sum, image) => sum + image.imageBytes, 0),
  };
}

type VersionRow = VersionTable["$inferSelect"];

interface Recorded extends RecordedVersion {
  /** Whether keys lost their access to the workflow. */
  readonly unboundKeys: boolean;
}

function* record(tx: Queries, tables: Tables, deploy: VersionToRecord): Steps<Recorded> {
  const { versions } = tables;
  const isDeploy = eq(versions.deployId, deploy.deployId);
  const [recorded] = yield* rows(tx.select().from(versions).where(isDeploy));
  const inserted = recorded === undefined ? yield* insertVersion(tx, tables, deploy) : undefined;
  const version = toVersion(only(recorded ?? inserted?.row));
  const unboundKeys = inserted?.unboundKeys === true;
  const isPrevious = isVersion(versions, version.workflowId, version.version - 1);
  const [previous] = yield* rows(tx.select().from(versions).where(isPrevious));
  const previousSource = previous === undefined ? {} : { previousSourceDigest: previous.sourceDigest };
  return { version, unboundKeys, ...previousSource };
}

function* insertVersion(
  tx: Queries,
  tables: Tables,
  deploy: VersionToRecord,
): Steps<{ readonly row: VersionRow; readonly unboundKeys: boolean }> {
  const { deployId, workflowId, compiled, deployedBy, deployedAt, note } = deploy;
  yield* requireEngine(tx, tables, compiled);
  const { sizes, timings, warnings: _, ...digests } = compiled;
  const { version, unboundKeys } = yield* takeNextNumber(tx, tables, deploy);
  const sourceDigest = yield* storeSource(tx, tables, deploy.source);
  yield* retainPackages(tx, tables, deploy.source);
  const isRejecting = compiled.declarations?.flow?.rateLimit?.mode === "reject";
  const row = { ...digests, ...sizes, ...timings, deployId, workflowId, version, sourceDigest, isRejecting };
  const [inserted] = yield* rows(
    tx
      .insert(tables.versions)
      .values({ ...row, deployedBy, deployedAt, note })
      .returning(),
  );
  return { row: only(inserted), unboundKeys };
}

function* takeNextNumber(
  tx: Queries,
  tables: Tables,
  { workflowId, isWorkflowBound, deployedAt: now }: VersionToRecord,
): Steps<{ readonly version: number; readonly unboundKeys: boolean }> {
  const { versions, workflows } = tables;
  let unboundKeys = false;
  const [before] = yield* rows(tx.select().from(workflows).where(eq(workflows.id, workflowId)));
  // A removed workflow may be deployed by another owner, who must not read its earlier sources.
  if (typeof before?.removedAt === "number") {
    yield* rows(tx.delete(versions).where(eq(versions.workflowId, workflowId)));
    if (!isWorkflowBound) unboundKeys = yield* unbindKeys(tx, tables, workflowId);
  }
  const [workflow] = yield* rows(
    tx
      .insert(workflows)
      .values({ id: workflowId, createdAt: now, latestVersion: 1 })
      .onConflictDoUpdate({
        target: workflows.id,
        set: { latestVersion: sql`${workflows.latestVersion} + 1`, removedAt: null },
      })
      .returning(),
  );
  return { version: only(workflow).latestVersion, unboundKeys };
}

/**
 * A key without any remaining workflow may access none rather than all.
 *
 * @returns whether there were such keys
 */
function* unbindKeys(tx: Queries, { apiKeys }: Tables, workflowId: WorkflowId): Steps<boolean> {
  let isChanged = false;
  for (const { id, workflows: bound } of yield* rows(
    tx.select().from(apiKeys).where(isNotNull(apiKeys.workflows)),
  )) {
    if (bound?.includes(workflowId) !== true) continue;
    const left = bound.filter((each) => each !== workflowId);
    yield* rows(tx.update(apiKeys).set({ workflows: left }).where(eq(apiKeys.id, id)));
    isChanged = true;
  }
  return isChanged;
}

function* storeSource(tx: Queries, { sources }: Tables, source: WorkflowSource): Steps<Digest> {
  const canonical = canonicalSource(source);
  const digest = digestOf(canonical);
  yield* rows(tx.insert(sources).values({ digest, source: canonical }).onConflictDoNothing());
  return digest;
}

function* retainPackages(
  tx: Queries,
  { packages }: Tables,
  { packageLock = {} }: WorkflowSource,
): Steps<void> {
  const digests = [...new Set(Object.values(packageLock).map(({ digest }) => digest))];
  if (digests.length === 0) return;
  yield* rows(tx.update(packages).set({ isDeployed: true }).where(inArray(packages.digest, digests)));
}

/** An `INSERT` that can neither conflict nor be skipped returns one row. */
function only<Row>(row: Row | undefined): Row {
  if (row === undefined) throw new Error("The database returned no row for an insert");
  return row;
}

async function findSource(
  { queries, tables: { sources, versions } }: Database,
  workflowId: WorkflowId,
  version: number,
): Promise<WorkflowSource | undefined> {
  const [row] = await queries
    .select({ source: sources.source })
    .from(versions)
    .innerJoin(sources, eq(versions.sourceDigest, sources.digest))
    .where(isVersion(versions, workflowId, version));
  return row === undefined ? undefined : (JSON.parse(row.source) as WorkflowSource);
}

async function newestFirst(
  { queries, tables: { versions } }: Database,
  workflowId: WorkflowId,
  { after, limit }: PageRequest<number>,
): Promise<VersionRow[]> {
  const ofWorkflow = eq(versions.workflowId, workflowId);
  return await queries
    .select()
    .from(versions)
    .where(after === undefined ? ofWorkflow : and(ofWorkflow, lt(versions.version, after)))
    .orderBy(desc(versions.version))
    .limit(limit);
}

function isVersion(versions: VersionTable, workflowId: WorkflowId, version: number) {
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
