/**
 * The globals that the runtime needs while a workflow runs, read before any workflow is loaded. A workflow that
 * patches them, as polyfills and test helpers do, cannot break the protocol by accident.
 *
 * For the same reason the runtime awaits promises and does not call their `then`.
 */
export const NativePromise = Promise;

/** A map with its methods as own properties. */
export function ownMap<K, V>(): Map<K, V> {
  return withOwnMethods(new Map<K, V>(), Map.prototype);
}

/**
 * A weak map with its methods as own properties, for the runtime's data about objects that it passes to a workflow.
 */
export function ownWeakMap<K extends WeakKey, V>(): WeakMap<K, V> {
  return withOwnMethods(new WeakMap<K, V>(), WeakMap.prototype);
}

function withOwnMethods<T extends object>(object: T, prototype: object): T {
  for (const name of ["get", "set", "has", "delete", "forEach", "clear"]) {
    Object.defineProperty(object, name, { value: Reflect.get(prototype, name) as unknown });
  }
  return object;
}
