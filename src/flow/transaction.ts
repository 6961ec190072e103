import type { JsonValue } from "../base/json.ts";

/** Where a queue is stored. `src/objects/queues` implements it on the state of a Virtual Object. */
export interface QueueStorage {
  /**
   * Reads records in one round trip, in the order of the keys; null for those that do not exist. It is never called while a
   * read is outstanding: the SDK of Restate ends an attempt that awaits two of its promises at a time.
   */
  read(keys: readonly string[]): Promise<readonly (JsonValue | null)[]>;
  set(key: string, value: JsonValue): void;
  clear(key: string): void;
  /** All keys. It is slow, so only requests of operators use it. */
  keys(): Promise<readonly string[]>;
}

/** One request's view of the storage: it reads each record at most once, and writes what has changed at the end. */
export interface Transaction {
  get<T>(key: string): Promise<T | undefined>;
  /** Reads several records in one round trip. */
  getAll<T>(keys: readonly string[]): Promise<readonly (T | undefined)[]>;
  set(key: string, value: unknown): void;
  /** As `set`, for a key that is known to be absent, which therefore need not be cleared if it is removed again. */
  add(key: string, value: unknown): void;
  remove(key: string): void;
  keys(prefix: string): Promise<readonly string[]>;
  commit(): void;
}

interface CachedRecord {
  /** True if the storage has no such record. */
  readonly isNew: boolean;
  readonly isChanged: boolean;
  readonly value: unknown;
}

export function openTransaction(storage: QueueStorage): Transaction {
  const records = new Map<string, CachedRecord>();

  function put(key: string, value: unknown, isNew = false): void {
    records.set(key, { isNew: records.get(key)?.isNew ?? isNew, isChanged: true, value });
  }

  async function getAll<T>(keys: readonly string[]): Promise<readonly (T | undefined)[]> {
    const missing = keys.filter((key) => !records.has(key));
    const read = missing.length === 0 ? [] : await storage.read(missing);
    for (const [index, key] of missing.entries()) {
      const value = read[index] ?? undefined;
      records.set(key, { isNew: value === undefined, isChanged: false, value });
    }
    return keys.map((key) => records.get(key)?.value as T | undefined);
  }

  return {
    get: async <T>(key: string) => (await getAll<T>([key]))[0],
    getAll,
    set: (key, value) => put(key, value),
    add: (key, value) => put(key, value, true),
    remove: (key) => put(key, undefined),
    async keys(prefix) {
      const stored = (await storage.keys()).filter((key) => !records.has(key));
      const own = [...records].flatMap(([key, { value }]) => (value === undefined ? [] : [key]));
      return [...stored, ...own].filter((key) => key.startsWith(prefix));
    },
    commit() {
      for (const [key, { isNew, isChanged, value }] of records) {
        if (!isChanged) continue;
        if (value !== undefined) storage.set(key, value as JsonValue);
        else if (!isNew) storage.clear(key);
      }
      records.clear();
    },
  };
}
