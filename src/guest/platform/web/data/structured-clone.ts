import { QuotaExceededError } from "../../../core/quota-exceeded-error.ts";
import { dictionary, isInterface, assertArguments } from "../../../core/interface.ts";

/**
 * `structuredClone` of the HTML standard. The engine's version clones the runtime's own classes to empty objects,
 * loses the class of files and the type of blobs, and throws errors of other classes.
 */
const nativeClone = globalThis.structuredClone;

export function structuredClone(value: unknown, ...[options]: [StructuredSerializeOptions?]): unknown {
  assertArguments(arguments.length, 1, "structuredClone");
  dictionary(options, "The options of structuredClone");
  if (typeof value !== "object" || value === null) return cloneByEngine(value, options);
  const special = copySpecial(value);
  if (special !== undefined) return special;
  const found = findSpecial(value, new Set());
  const clone = cloneByEngine(value, options);
  if (found) restoreSpecial(value, clone as object, new Set());
  return clone;
}

function cloneByEngine(value: unknown, options: StructuredSerializeOptions | undefined): unknown {
  try {
    return options === undefined ? nativeClone(value) : nativeClone(value, options);
  } catch (error) {
    // The engine reports values that it cannot clone or transfer as a TypeError. Errors of getters are passed on
    // unchanged.
    if (error instanceof TypeError && /structured|detached ArrayBuffer/.test(error.message))
      throw notCloneable(error.message);
    throw error;
  }
}

function notCloneable(why: string): DOMException {
  return new DOMException(`The object could not be cloned: ${why}`, "DataCloneError");
}

/**
 * A copy of a value that the engine does not clone correctly. @throws {DOMException} if it cannot be cloned at all
 */
function copySpecial(value: object): object | undefined {
  if (value instanceof File) {
    return new File([value], value.name, { type: value.type, lastModified: value.lastModified });
  }
  if (value instanceof Blob) return value.slice(0, value.size, value.type);
  if (value instanceof QuotaExceededError) return cloneOfQuota(value);
  if (value instanceof DOMException) return new DOMException(value.message, value.name);
  if (isInterface(value)) throw notCloneable("it is an object of the platform");
  return undefined;
}

function cloneOfQuota({ message, quota, requested }: QuotaExceededError): QuotaExceededError {
  const options = { ...(quota !== null && { quota }), ...(requested !== null && { requested }) };
  return new QuotaExceededError(message, options);
}

/**
 * True if the value contains a blob or a file. @throws {DOMException} if it contains a value that cannot be cloned
 */
function findSpecial(value: object, seen: Set<object>): boolean {
  let isFound = false;
  for (const inner of innerObjects(value)) {
    if (seen.has(inner)) continue;
    seen.add(inner);
    if (copySpecial(inner) !== undefined) isFound = true;
    else if (findSpecial(inner, seen)) isFound = true;
  }
  return isFound;
}

/**
 * The values of lists, maps, sets and plain objects. The engine handles all other objects, and calls getters
 * itself.
 */
function innerObjects(value: object): readonly object[] {
  if (value instanceof Map) return [...value.keys(), ...value.values()].filter(isObject);
  if (value instanceof Set) return [...value].filter(isObject);
  if (ArrayBuffer.isView(value)) return [];
  return Object.keys(value).flatMap((key) => {
    const inner: unknown = Object.getOwnPropertyDescriptor(value, key)?.value;
    return isObject(inner) ? [inner] : [];
  });
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

/** Replaces the values in the engine's clone that it did not clone correctly. */
function restoreSpecial(source: object, clone: object, seen: Set<object>): void {
  if (seen.has(source)) return;
  seen.add(source);
  const restored = (from: unknown, to: unknown): unknown => {
    if (typeof from !== "object" || from === null) return to;
    const copy = copySpecial(from);
    if (copy === undefined) restoreSpecial(from, to as object, seen);
    return copy ?? to;
  };
  if (source instanceof Map && clone instanceof Map) {
    const entries = [...clone];
    clone.clear();
    for (const [index, [key, value]] of [...source].entries()) {
      clone.set(restored(key, entries[index]?.[0]), restored(value, entries[index]?.[1]));
    }
  } else if (source instanceof Set && clone instanceof Set) {
    const values = [...clone];
    clone.clear();
    for (const [index, value] of [...source].entries()) clone.add(restored(value, values[index]));
  } else if (!ArrayBuffer.isView(source)) {
    for (const key of Object.keys(source)) {
      const from: unknown = Object.getOwnPropertyDescriptor(source, key)?.value;
      const to: unknown = Reflect.get(clone, key);
      const value = restored(from, to);
      if (value !== to) Reflect.set(clone, key, value);
    }
  }
}
