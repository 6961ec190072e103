import type { Digest } from "../../base/digest.ts";
import type { PackageOrigin } from "../../domain/workflow.ts";
import type { SqliteDatabase } from "../sql/sqlite.ts";
import { and, eq, inArray, lt, sql } from "../sql/drizzle.ts";
import { drafts, packages } from "../sql/schema.ts";
import type { StoredManifest } from "../sql/tables.ts";

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
  add(record: PackageRecord, now: number): PackageRecord;
  /** Those of the packages that are stored. */
  list(digests: readonly Digest[]): readonly PackageRecord[];
  listByIntegrity(integrities: readonly string[]): readonly PackageRecord[];
  renew(digests: readonly Digest[], now: number): void;
  /** Called if the registry states the integrity with which a package was stored. */
  confirm(digest: Digest): void;
  /** The artifacts of all packages. */
  artifacts(): ReadonlySet<Digest>;
  hasArtifact(digest: Digest): boolean;
  /**
   * Deletes packages that were not used since then, except those of versions and drafts.
   *
   * @returns the number of deleted packages
   */
  removeUnused(before: number): number;
}

export function createPackageStore({ sync: queries }: SqliteDatabase): PackageStore {
  const listBy = (digests: readonly Digest[]) =>
    digests.length === 0
      ? []
      : queries
          .select(columns)
          .from(packages)
          .where(inArray(packages.digest, [...digests]))
          .all();
  return {
    add(record, now) {
      return queries
        .insert(packages)
        .values({ ...record, addedAt: now, usedAt: now, isDeployed: false })
        .onConflictDoUpdate({
          target: packages.digest,
          set: { usedAt: now, origin: bestOrigin, integrity: bestIntegrity },
        })
        .returning(columns)
        .get();
    },
    list: listBy,
    listByIntegrity: (integrities) =>
      integrities.length === 0
        ? []
        : queries
            .select(columns)
            .from(packages)
            .where(inArray(packages.integrity, [...integrities]))
            .all(),
    renew(digests, now) {
      if (digests.length === 0) return;
      queries
        .update(packages)
        .set({ usedAt: now })
        .where(inArray(packages.digest, [...digests]))
        .run();
    },
    confirm(digest) {
      queries.update(packages).set({ origin: "registry" }).where(eq(packages.digest, digest)).run();
    },
    artifacts: () => {
      const rows = queries.select({ digest: packages.digest }).from(packages).all();
      return new Set(rows.map(({ digest }) => digest));
    },
    hasArtifact: (digest) => listBy([digest]).length > 0,
    removeUnused(before) {
      const inDrafts = sql`SELECT json_extract(locked.value, '$.digest')
        FROM ${drafts}, json_each(${drafts.source}, '$.packageLock') AS locked`;
      const isUnused = and(eq(packages.isDeployed, false), lt(packages.usedAt, before));
      return queries
        .delete(packages)
        .where(and(isUnused, sql`${packages.digest} NOT IN (${inDrafts})`))
        .run().changes;
    },
  };
}

const bestOrigin = sql`CASE WHEN 'registry' IN (${packages.origin}, excluded.origin) THEN 'registry'
  WHEN 'folder' IN (${packages.origin}, excluded.origin) THEN 'folder' ELSE 'upload' END`;

/** That which the registry stated first, else the first one. */
const bestIntegrity = sql`CASE WHEN excluded.origin = 'registry' AND ${packages.origin} <> 'registry' THEN excluded.integrity
  ELSE coalesce(${packages.integrity}, excluded.integrity) END`;

const columns = {
  digest: packages.digest,
  name: packages.name,
  version: packages.version,
  origin: packages.origin,
  integrity: packages.integrity,
  manifest: packages.manifest,
  files: packages.files,
  bytes: packages.bytes,
};
