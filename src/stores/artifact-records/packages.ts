import type { Digest } from "../../base/digest.ts";
import type { WorkflowId } from "../../domain/ids.ts";
import type { PackageOrigin } from "../../domain/workflow.ts";
import { changedRows } from "../sql/database.ts";
import type { Database } from "../sql/database.ts";
import { and, asc, eq, gt, inArray, like, lt, sql } from "../sql/drizzle.ts";
import type { StoredManifest, Tables } from "../sql/tables.ts";

/** A package whose files are an artifact. */
export interface PackageRecord {
  readonly digest: Digest;
  readonly name: string;
  readonly version: string;
  readonly origin: PackageOrigin;
  readonly integrity: string | null;
  readonly manifest: StoredManifest;
  readonly files: number;
  /** The size of the artifact. */
  readonly bytes: number;
}

/** The packages of all sources, each once. */
export interface PackageStore {
  /**
   * Adding a package again renews it. Of its origins, that which says most about its files is stored: the registry, the operator's
   * folder, an upload.
   *
   * @returns the package as it is stored
   */
  add(record: PackageRecord, now: number): Promise<PackageRecord>;
  /** Those of the packages that are stored. */
  list(digests: readonly Digest[]): Promise<readonly PackageRecord[]>;
  listByIntegrity(integrities: readonly string[]): Promise<readonly PackageRecord[]>;
  renew(digests: readonly Digest[], now: number): Promise<void>;
  /** Called if the registry states the integrity with which a package was stored. */
  confirm(digest: Digest): Promise<void>;
  /** The artifacts of all packages. */
  artifacts(): Promise<ReadonlySet<Digest>>;
  hasArtifact(digest: Digest): Promise<boolean>;
  /**
   * Deletes packages that were not used since then, except those of versions and drafts.
   *
   * @returns the number of deleted packages
   */
  removeUnused(before: number): Promise<number>;
}

export function createPackageStore(database: Database): PackageStore {
  const { queries, tables } = database;
  const { packages } = tables;
  const columns = columnsOf(packages);
  const list = async (digests: readonly Digest[]) =>
    digests.length === 0
      ? []
      : await queries
          .select(columns)
          .from(packages)
          .where(inArray(packages.digest, [...digests]));
  return {
    async add(record, now) {
      const [stored] = await queries
        .insert(packages)
        .values({ ...record, addedAt: now, usedAt: now, isDeployed: false })
        .onConflictDoUpdate({
          target: packages.digest,
          set: { usedAt: now, origin: bestOrigin(packages), integrity: bestIntegrity(packages) },
        })
        .returning(columns);
      return stored ?? record;
    },
    list,
    listByIntegrity: async (integrities) =>
      integrities.length === 0
        ? []
        : await queries
            .select(columns)
            .from(packages)
            .where(inArray(packages.integrity, [...integrities])),
    async renew(digests, now) {
      if (digests.length === 0) return;
      await queries
        .update(packages)
        .set({ usedAt: now })
        .where(inArray(packages.digest, [...digests]));
    },
    async confirm(digest) {
      await queries.update(packages).set({ origin: "registry" }).where(eq(packages.digest, digest));
    },
    async artifacts() {
      const found = await queries.select({ digest: packages.digest }).from(packages);
      return new Set(found.map(({ digest }) => digest));
    },
    hasArtifact: async (digest) => (await list([digest])).length > 0,
    removeUnused: async (before) => await removeUnused(database, before),
  };
}

async function removeUnused(database: Database, before: number): Promise<number> {
  const { queries, tables } = database;
  const { packages } = tables;
  const isUnused = and(eq(packages.isDeployed, false), lt(packages.usedAt, before));
  const unused = await queries.select({ digest: packages.digest }).from(packages).where(isUnused);
  if (unused.length === 0) return 0;
  const drafted = await packagesOfDrafts(database);
  const removed = unused.map(({ digest }) => digest).filter((digest) => !drafted.has(digest));
  let count = 0;
  for (let start = 0; start < removed.length; start += maxDigestsPerStatement) {
    const some = removed.slice(start, start + maxDigestsPerStatement);
    // A package that was used in the meantime is kept.
    const deleted = await queries.delete(packages).where(and(isUnused, inArray(packages.digest, some)));
    count += changedRows(deleted);
  }
  return count;
}

const maxDigestsPerStatement = 500;

/** Read in parts, because drafts contain sources. */
async function packagesOfDrafts({ queries, tables: { drafts } }: Database): Promise<ReadonlySet<Digest>> {
  const digests = new Set<Digest>();
  let after: WorkflowId | undefined;
  do {
    const hasLock = like(drafts.source, '%"packageLock"%');
    const found = await queries
      .select({ workflowId: drafts.workflowId, source: drafts.source })
      .from(drafts)
      .where(after === undefined ? hasLock : and(hasLock, gt(drafts.workflowId, after)))
      .orderBy(asc(drafts.workflowId))
      .limit(draftsPerQuery);
    for (const { source } of found)
      for (const { digest } of Object.values(source.packageLock ?? {})) digests.add(digest);
    after = found.length < draftsPerQuery ? undefined : found.at(-1)?.workflowId;
  } while (after !== undefined);
  return digests;
}

const draftsPerQuery = 20;

type PackageTable = Tables["packages"];

const bestOrigin = ({
  origin,
}: PackageTable) => sql`CASE WHEN 'registry' IN (${origin}, excluded.origin) THEN 'registry'
  WHEN 'folder' IN (${origin}, excluded.origin) THEN 'folder' ELSE 'upload' END`;

/** That which the registry stated first, else the first one. */
const bestIntegrity = ({ integrity, origin }: PackageTable) =>
  sql`CASE WHEN excluded.origin = 'registry' AND ${origin} <> 'registry' THEN excluded.integrity
  ELSE coalesce(${integrity}, excluded.integrity) END`;

function columnsOf(packages: PackageTable) {
  const { digest, name, version, origin, integrity, manifest, files, bytes } = packages;
  return { digest, name, version, origin, integrity, manifest, files, bytes };
}
