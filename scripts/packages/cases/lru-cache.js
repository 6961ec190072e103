import { LRUCache } from "lru-cache";
export function run() {
  const cache = new LRUCache({ max: 2, ttl: 1000 });
  for (const key of ["a", "b", "c"]) cache.set(key, key);
  return [...cache.keys()];
}
