import type { Digest } from "../../base/digest.ts";
import type { AddedEngine } from "../../domain/engines/engine.ts";
import type { Language } from "../../domain/engines/language.ts";
import type { Version } from "../../domain/workflow.ts";
import type { SqliteDatabase, SyncQueries } from "../sql/sqlite.ts";
import { and, desc, eq, inArray, lt, ne, notInArray, sql } from "../sql/drizzle.ts";
import { engines, versions } from "../sql/schema.ts";

/** The engines that were added to this installation. Their files are artifacts. */
export interface EngineRecordStore {
  get(digest: Digest): AddedEngine | undefined;
  /** The engine that new versions of the language get. */
  currentOf(language: Language): Digest | undefined;
  /** Newest first; without those that `.wasm` files became. */
  list(): readonly AddedEngine[];
  /**
   * Records an engine, as the current one of its language if `isCurrent`. Recording it again changes only that, or the
   * time if it is not made current: the engine of a `.wasm` file is kept as long as that of a new one.
   */
  record(engine: AddedEngine): void;
  /**
   * Removes an engine unless versions were deployed with it, and returns some of those. If it was the current one, the
   * engine of its language that was added last becomes current.
   *
   * @param limit of the returned versions
   */
  remove(digest: Digest, limit: number): readonly Pick<Version, "workflowId" | "version">[];
  /**
   * Removes the engines that `.wasm` files became, added before a time, whose versions no longer exist.
   *
   * @returns their number
   */
  removeUnused(before: number): number;
  /** Returns the number of versions that need the engine. */
  versionsOf(digest: Digest): number;
  /** The digests of the files of all engines. */
  artifacts(): ReadonlySet<Digest>;
  hasArtifact(digest: Digest): boolean;
}

export function createEngineRecordStore({ sync: queries }: SqliteDatabase): EngineRecordStore {
  return {
    get: (digest) => queries.select().from(engines).where(eq(engines.digest, digest)).get(),
    currentOf: (language) =>
      queries
        .select({ digest: engines.digest })
        .from(engines)
        .where(and(eq(engines.language, language), eq(engines.isCurrent, true)))
        .get()?.digest,
    list: () =>
      queries
        .select()
        .from(engines)
        .where(ne(engines.language, "wasm"))
        .orderBy(desc(engines.addedAt), engines.digest)
        .all(),
    record: (engine) => queries.transaction((tx) => record(tx, engine), { behavior: "immediate" }),
    remove: (digest, limit) =>
      queries.transaction((tx) => remove(tx, digest, limit), { behavior: "immediate" }),
    removeUnused: (before) => {
      const needed = queries.selectDistinct({ digest: versions.engineDigest }).from(versions);
      const isUnused = and(
        eq(engines.language, "wasm"),
        lt(engines.addedAt, before),
        notInArray(engines.digest, needed),
      );
      return queries.delete(engines).where(isUnused).run().changes;
    },
    versionsOf: (digest) =>
      queries
        .select({ count: sql<number>`count(*)` })
        .from(versions)
        .where(eq(versions.engineDigest, digest))
        .get()?.count ?? 0,
    artifacts: () =>
      new Set(
        queries
          .select({ artifactDigest: engines.artifactDigest })
          .from(engines)
          .all()
          .map(({ artifactDigest }) => artifactDigest),
      ),
    hasArtifact: (digest) =>
      queries.select().from(engines).where(eq(engines.artifactDigest, digest)).get() !== undefined,
  };
}

function record(tx: SyncQueries, engine: AddedEngine): void {
  const { addedAt, digest, isCurrent, language } = engine;
  if (isCurrent) tx.update(engines).set({ isCurrent: false }).where(eq(engines.language, language)).run();
  const recorded = tx.select().from(engines).where(eq(engines.digest, digest)).get();
  if (recorded === undefined) tx.insert(engines).values(engine).run();
  else
    tx.update(engines)
      .set(isCurrent ? { isCurrent } : { addedAt })
      .where(eq(engines.digest, digest))
      .run();
}

function remove(
  tx: SyncQueries,
  digest: Digest,
  limit: number,
): readonly Pick<Version, "workflowId" | "version">[] {
  const { workflowId, version, engineDigest, deployedAt } = versions;
  const using = tx
    .select({ workflowId, version })
    .from(versions)
    .where(eq(engineDigest, digest))
    .orderBy(desc(deployedAt))
    .limit(limit)
    .all();
  if (using.length > 0) return using;
  const removed = tx.delete(engines).where(eq(engines.digest, digest)).returning().get();
  if (removed?.isCurrent === true) makeNewestCurrent(tx, removed.language);
  return [];
}

function makeNewestCurrent(tx: SyncQueries, language: Language): void {
  const newest = tx
    .select({ digest: engines.digest })
    .from(engines)
    .where(eq(engines.language, language))
    .orderBy(desc(engines.addedAt))
    .limit(1);
  tx.update(engines).set({ isCurrent: true }).where(inArray(engines.digest, newest)).run();
}
