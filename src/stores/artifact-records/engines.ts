import type { Digest } from "../../base/digest.ts";
import type { AddedEngine } from "../../domain/engines/engine.ts";
import type { Language } from "../../domain/engines/language.ts";
import type { Version } from "../../domain/workflow.ts";
import { changedRows, rows } from "../sql/database.ts";
import type { Database, Queries, Steps } from "../sql/database.ts";
import { and, desc, eq, inArray, lt, ne, notInArray, sql } from "../sql/drizzle.ts";
import type { Tables } from "../sql/tables.ts";

/** The engines that were added to this installation. Their files are artifacts. */
export interface EngineRecordStore {
  get(digest: Digest): Promise<AddedEngine | undefined>;
  /** The engine that new versions of the language get. */
  currentOf(language: Language): Promise<Digest | undefined>;
  /** Newest first; without those that `.wasm` files became. */
  list(): Promise<readonly AddedEngine[]>;
  /**
   * Records an engine, as the current one of its language if `isCurrent`. Recording it again changes only that, or the
   * time if it is not made current: the engine of a `.wasm` file is kept as long as that of a new one.
   */
  record(engine: AddedEngine): Promise<void>;
  /**
   * Removes an engine unless versions were deployed with it, and returns some of those. If it was the current one, the
   * engine of its language that was added last becomes current.
   *
   * @param limit of the returned versions
   */
  remove(digest: Digest, limit: number): Promise<readonly Pick<Version, "workflowId" | "version">[]>;
  /**
   * Removes the engines that `.wasm` files became, added before a time, whose versions no longer exist.
   *
   * @returns their number
   */
  removeUnused(before: number): Promise<number>;
  /** Returns the number of versions that need the engine. */
  versionsOf(digest: Digest): Promise<number>;
  /** The digests of the files of all engines. */
  artifacts(): Promise<ReadonlySet<Digest>>;
  hasArtifact(digest: Digest): Promise<boolean>;
}

export function createEngineRecordStore({ queries, tables, transaction }: Database): EngineRecordStore {
  const { engines, versions } = tables;
  return {
    async get(digest) {
      const [engine] = await queries.select().from(engines).where(eq(engines.digest, digest));
      return engine;
    },
    async currentOf(language) {
      const [current] = await queries
        .select({ digest: engines.digest })
        .from(engines)
        .where(and(eq(engines.language, language), eq(engines.isCurrent, true)));
      return current?.digest;
    },
    list: async () =>
      await queries
        .select()
        .from(engines)
        .where(ne(engines.language, "wasm"))
        .orderBy(desc(engines.addedAt), engines.digest),
    record: async (engine) => await transaction((tx) => record(tx, tables, engine)),
    remove: async (digest, limit) => await transaction((tx) => remove(tx, tables, { digest, limit })),
    async removeUnused(before) {
      const needed = queries.selectDistinct({ digest: versions.engineDigest }).from(versions);
      const isUnused = and(
        eq(engines.language, "wasm"),
        lt(engines.addedAt, before),
        notInArray(engines.digest, needed),
      );
      return changedRows(await queries.delete(engines).where(isUnused));
    },
    async versionsOf(digest) {
      const [row] = await queries
        .select({ count: sql<number>`count(*)` })
        .from(versions)
        .where(eq(versions.engineDigest, digest));
      return row?.count ?? 0;
    },
    async artifacts() {
      const found = await queries.select({ artifactDigest: engines.artifactDigest }).from(engines);
      return new Set(found.map(({ artifactDigest }) => artifactDigest));
    },
    async hasArtifact(digest) {
      const isFile = eq(engines.artifactDigest, digest);
      const found = await queries.select({ digest: engines.digest }).from(engines).where(isFile).limit(1);
      return found.length > 0;
    },
  };
}

function* record(tx: Queries, { engines }: Tables, engine: AddedEngine): Steps<void> {
  const { addedAt, digest, isCurrent, language } = engine;
  if (isCurrent)
    yield* rows(tx.update(engines).set({ isCurrent: false }).where(eq(engines.language, language)));
  const [recorded] = yield* rows(tx.select().from(engines).where(eq(engines.digest, digest)));
  if (recorded === undefined) yield* rows(tx.insert(engines).values(engine));
  else {
    const changed = isCurrent ? { isCurrent } : { addedAt };
    yield* rows(tx.update(engines).set(changed).where(eq(engines.digest, digest)));
  }
}

function* remove(
  tx: Queries,
  tables: Tables,
  { digest, limit }: { readonly digest: Digest; readonly limit: number },
): Steps<readonly Pick<Version, "workflowId" | "version">[]> {
  const { engines, versions } = tables;
  const { workflowId, version, engineDigest, deployedAt } = versions;
  const using = yield* rows(
    tx
      .select({ workflowId, version })
      .from(versions)
      .where(eq(engineDigest, digest))
      .orderBy(desc(deployedAt))
      .limit(limit),
  );
  if (using.length > 0) return using;
  const [removed] = yield* rows(tx.delete(engines).where(eq(engines.digest, digest)).returning());
  if (removed?.isCurrent === true) yield* makeNewestCurrent(tx, tables, removed.language);
  return [];
}

function* makeNewestCurrent(tx: Queries, { engines }: Tables, language: Language): Steps<void> {
  const newest = tx
    .select({ digest: engines.digest })
    .from(engines)
    .where(eq(engines.language, language))
    .orderBy(desc(engines.addedAt))
    .limit(1);
  yield* rows(tx.update(engines).set({ isCurrent: true }).where(inArray(engines.digest, newest)));
}
