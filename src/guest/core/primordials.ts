/**
 * What the runtime needs of the globals while a workflow runs, taken before one is there: a workflow that
 * patches them, as polyfills and test helpers do, does not break the protocol by accident.
 *
 * In the same vein the runtime awaits promises and does not call their `then`.
 */
export const NativePromise = Promise;

/** A map whose methods are its own. */
export function ownMap<K, V>(): Map<K, V> {
  return withOwnMethods(new Map<K, V>(), Map.prototype);
}

/** A weak map whose methods are its own: for what the runtime keeps of the objects that it hands out. */
export function ownWeakMap<K extends WeakKey, V>(): WeakMap<K, V> {
  return withOwnMethods(new WeakMap<K, V>(), WeakMap.prototype);
}

function withOwnMethods<T extends object>(object: T, prototype: object): T {
  for (const name of ["get", "set", "has", "delete", "forEach", "clear"]) {
    Object.defineProperty(object, name, { value: Reflect.get(prototype, name) as unknown });
  }
  return object;
}
