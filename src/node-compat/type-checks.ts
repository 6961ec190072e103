/** Checks the internal type of a value, independent of its tags and prototype. */
import { Buffer } from "node:buffer";

type Predicate = (value: unknown) => boolean;

/** True if a getter or method that requires a real instance accepts the value. */
function accepts(owner: object, key: PropertyKey, ...args: readonly unknown[]): Predicate {
  const { get, value } = Object.getOwnPropertyDescriptor(owner, key) ?? {};
  const method = (get ?? value) as (...args: unknown[]) => unknown;
  return (candidate) => {
    if (candidate === null || (typeof candidate !== "object" && typeof candidate !== "function"))
      return false;
    try {
      Reflect.apply(method, candidate, args);
      return true;
    } catch {
      return false;
    }
  };
}

const tagOf = Object.getOwnPropertyDescriptor(
  Object.getPrototypeOf(Uint8Array.prototype),
  Symbol.toStringTag,
)?.get;

function typedArrayNamed(name: string): Predicate {
  return (value) => typeof value === "object" && tagOf?.call(value) === name;
}

function tagged(tag: string): Predicate {
  return (value) => Object.prototype.toString.call(value) === `[object ${tag}]`;
}

/** The engine's own prototype, even if such functions are compiled to something else in this bundle. */
function prototypeOf(source: string): object {
  // oxlint-disable-next-line no-implied-eval, typescript/no-implied-eval -- a constant
  return Object.getPrototypeOf(new Function(`return ${source}`)()) as object;
}

const AsyncFunction = prototypeOf("async () => undefined");
const Generator = Object.getPrototypeOf(function* empty() {}) as object;
const AsyncGenerator = prototypeOf("async function* () {}");

function inherits(...prototypes: readonly object[]): Predicate {
  return (value) =>
    typeof value === "function" &&
    prototypes.some((each) => Object.prototype.isPrototypeOf.call(each, value));
}

export const isDate = accepts(Date.prototype, "getTime");
export const isMap = accepts(Map.prototype, "size");
export const isSet = accepts(Set.prototype, "size");
export const isWeakMap = accepts(WeakMap.prototype, "has", {});
export const isWeakSet = accepts(WeakSet.prototype, "has", {});
export const isArrayBuffer = accepts(ArrayBuffer.prototype, "byteLength");
export const isSharedArrayBuffer: Predicate = () => false;
export const isAnyArrayBuffer = isArrayBuffer;
export const isDataView = accepts(DataView.prototype, "byteLength");
export const isNumberObject = accepts(Number.prototype, "valueOf");
export const isStringObject = accepts(String.prototype, "valueOf");
export const isBooleanObject = accepts(Boolean.prototype, "valueOf");
export const isBigIntObject = accepts(BigInt.prototype, "valueOf");
export const isSymbolObject = accepts(Symbol.prototype, "valueOf");
export const isBoxedPrimitive: Predicate = (value) =>
  [isNumberObject, isStringObject, isBooleanObject, isBigIntObject, isSymbolObject].some((is) => is(value));
export const isRegExp: Predicate = (value) => value instanceof RegExp;
export const isPromise: Predicate = (value) => value instanceof Promise;
export const isNativeError: Predicate = (value) => Error.isError?.(value) ?? value instanceof Error;
export const isArrayBufferView: Predicate = (value) => ArrayBuffer.isView(value);
export const isTypedArray: Predicate = (value) =>
  typeof value === "object" && tagOf?.call(value) !== undefined;
export const isUint8Array = typedArrayNamed("Uint8Array");
export const isUint8ClampedArray = typedArrayNamed("Uint8ClampedArray");
export const isUint16Array = typedArrayNamed("Uint16Array");
export const isUint32Array = typedArrayNamed("Uint32Array");
export const isInt8Array = typedArrayNamed("Int8Array");
export const isInt16Array = typedArrayNamed("Int16Array");
export const isInt32Array = typedArrayNamed("Int32Array");
export const isFloat16Array = typedArrayNamed("Float16Array");
export const isFloat32Array = typedArrayNamed("Float32Array");
export const isFloat64Array = typedArrayNamed("Float64Array");
export const isBigInt64Array = typedArrayNamed("BigInt64Array");
export const isBigUint64Array = typedArrayNamed("BigUint64Array");
export const isAsyncFunction = inherits(AsyncFunction, AsyncGenerator);
export const isGeneratorFunction = inherits(Generator, AsyncGenerator);
export const isGeneratorObject: Predicate = (value) =>
  tagged("Generator")(value) || tagged("AsyncGenerator")(value);
export const isMapIterator = tagged("Map Iterator");
export const isSetIterator = tagged("Set Iterator");
export const isArgumentsObject = tagged("Arguments");
export const isModuleNamespaceObject = tagged("Module");
export const isCryptoKey: Predicate = (value) => value instanceof CryptoKey;
export const isKeyObject: Predicate = (value) => tagged("KeyObject")(value);
/** Inside of the sandbox, a proxy cannot be distinguished from its target. */
export const isProxy: Predicate = () => false;
export const isExternal: Predicate = () => false;
export const isBuffer: Predicate = (value) => Buffer.isBuffer(value);
