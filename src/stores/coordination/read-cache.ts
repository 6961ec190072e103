import type { Coordination, Topic } from "./coordination.ts";

/**
 * Remembers what was read from PostgreSQL for every request, execution or fetch. SQLite answers in microseconds, so nothing is
 * remembered there.
 *
 * 1. A value is used for at most `maxAgeMs` after its reading began, so a change takes effect in all processes within this time,
 *    even if its notice is lost.
 * 2. A change is effective at once in the process that made it, and in the others when its notice arrives.
 * 3. A value that was being read while something changed is read again.
 * 4. Reads of the same key at the same time share one query.
 */
export interface ReadCache<Value> {
  /** @param load reads the value from the database */
  read(key: string, load: () => Promise<Value>): Promise<Value>;
  /** To be called after a change was committed: all processes forget all values. */
  changed(): void;
  /** Forgets all values in this process. */
  forget(): void;
}

export interface CachedDatabase extends Pick<Coordination, "publish" | "subscribe"> {
  readonly dialect: "sqlite" | "postgres";
}

export interface ReadCacheOptions {
  readonly maxAgeMs?: number;
  readonly maxEntries?: number;
  /** A monotonic clock in milliseconds. */
  readonly now?: () => number;
}

/** A revoked key and a changed rule must not be used for longer than two seconds, reading included. */
const usualMaxAgeMs = 1_500;

const usualMaxEntries = 10_000;

interface Entry<Value> {
  readonly value: Promise<Value>;
  /** When its reading began. */
  readonly readAt: number;
  readonly generation: number;
}

export function createReadCache<Value>(
  database: CachedDatabase,
  topic: Topic,
  options: ReadCacheOptions = {},
): ReadCache<Value> {
  if (database.dialect === "sqlite")
    return { read: async (_key, load) => await load(), changed: () => {}, forget: () => {} };
  const { maxAgeMs = usualMaxAgeMs, maxEntries = usualMaxEntries, now = () => performance.now() } = options;
  const entries = new Map<string, Entry<Value>>();
  let generation = 0;

  function forget(): void {
    generation += 1;
    entries.clear();
  }

  function enter(key: string, load: () => Promise<Value>): Entry<Value> {
    const readAt = now();
    const entry = { value: load(), readAt, generation };
    // The oldest entry is the first.
    entries.delete(key);
    entries.set(key, entry);
    const [oldest] = entries.keys();
    if (entries.size > maxEntries && oldest !== undefined) entries.delete(oldest);
    return entry;
  }

  database.subscribe(topic, forget);
  return {
    async read(key, load) {
      for (;;) {
        const known = entries.get(key);
        const isFresh = known !== undefined && now() - known.readAt < maxAgeMs;
        const entry = isFresh ? known : enter(key, load);
        try {
          const value = await entry.value;
          if (entry.generation === generation) return value;
        } catch (error) {
          if (entries.get(key) === entry) entries.delete(key);
          throw error;
        }
      }
    },
    changed: () => database.publish(topic, ""),
    forget,
  };
}
