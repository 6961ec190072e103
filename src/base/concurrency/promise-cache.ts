/**
 * A cache of values that take time to make. Concurrent requests for a key share one making, and one that failed is repeated
 * on the next request.
 */
export interface PromiseCache<Key, Value> {
  get(key: Key, make: () => Promise<Value>): Promise<Value>;
}

export interface PromiseCacheOptions<Value> {
  /** What all values together may weigh. Those used least recently are dropped first. */
  readonly maxWeight: number;
  /** The weight of a value, which counts once it is made. */
  readonly weightOf: (value: Value) => number;
  /** The number of values that are kept whatever they weigh; 0 by default. */
  readonly minCount?: number;
}

export function createPromiseCache<Key, Value>(
  options: PromiseCacheOptions<Value>,
): PromiseCache<Key, Value> {
  // A map iterates in insertion order, so the first entry is the least recently used one.
  const entries = new Map<Key, Entry<Value>>();
  return {
    get(key, make) {
      const entry = entries.get(key) ?? add(entries, key, { ...options, made: make() });
      entries.delete(key);
      entries.set(key, entry);
      return entry.made;
    },
  };
}

interface Entry<Value> {
  readonly made: Promise<Value>;
  /** 0 until the value is made. */
  weight: number;
}

function add<Key, Value>(
  entries: Map<Key, Entry<Value>>,
  key: Key,
  { made, weightOf, ...limits }: PromiseCacheOptions<Value> & { readonly made: Promise<Value> },
): Entry<Value> {
  const entry: Entry<Value> = { made, weight: 0 };
  made.then(
    (value) => {
      entry.weight = weightOf(value);
      evict(entries, limits);
    },
    () => {
      if (entries.get(key) === entry) entries.delete(key);
    },
  );
  return entry;
}

function evict<Key, Value>(
  entries: Map<Key, Entry<Value>>,
  { maxWeight, minCount = 0 }: Omit<PromiseCacheOptions<Value>, "weightOf">,
): void {
  let weight = [...entries.values()].reduce((sum, entry) => sum + entry.weight, 0);
  for (const [key, entry] of entries) {
    if (weight <= maxWeight || entries.size <= minCount) return;
    weight -= entry.weight;
    entries.delete(key);
  }
}
