/** Reads the bytes that a workflow passes, even if it has changed the classes of typed arrays. */

export type Bytes = Uint8Array<ArrayBuffer>;

const typedArray = Object.getPrototypeOf(Uint8Array.prototype) as object;
const typeOf = getterOf(typedArray, Symbol.toStringTag);
const typedBuffer = getterOf(typedArray, "buffer");
const typedOffset = getterOf(typedArray, "byteOffset");
const typedLength = getterOf(typedArray, "byteLength");
const viewBuffer = getterOf(DataView.prototype, "buffer");
const viewOffset = getterOf(DataView.prototype, "byteOffset");
const viewLength = getterOf(DataView.prototype, "byteLength");
const bufferLength = getterOf(ArrayBuffer.prototype, "byteLength");
const isView = ArrayBuffer.isView.bind(ArrayBuffer);
const Bytes = Uint8Array;

/**
 * The name of a typed array's class, or `undefined` for other values. It shows whether the elements are integers.
 */
function typedArrayName(value: unknown): string | undefined {
  return Reflect.apply<unknown, [], string | undefined>(typeOf, value, []);
}

/**
 * The bytes themselves, not a copy.
 *
 * @throws {TypeError} if the source is neither an `ArrayBuffer` nor a view of one
 */
export function bytesOf(source: unknown, what = "The data"): Uint8Array<ArrayBuffer> {
  if (isView(source)) return viewOf(source);
  try {
    return new Bytes(source as ArrayBuffer, 0, Reflect.apply<unknown, [], number>(bufferLength, source, []));
  } catch {
    throw new TypeError(`${what} must be an ArrayBuffer, a typed array or a DataView`);
  }
}

function viewOf(view: ArrayBufferView): Uint8Array<ArrayBuffer> {
  const isTyped = typedArrayName(view) !== undefined;
  const read = (typed: Getter, data: Getter): unknown => Reflect.apply(isTyped ? typed : data, view, []);
  const buffer = read(typedBuffer, viewBuffer) as ArrayBuffer;
  const offset = read(typedOffset, viewOffset) as number;
  return new Bytes(buffer, offset, read(typedLength, viewLength) as number);
}

type Getter = () => never;

function getterOf(owner: object, name: PropertyKey): Getter {
  // oxlint-disable-next-line typescript/unbound-method -- applied to values above
  return Object.getOwnPropertyDescriptor(owner, name)?.get as Getter;
}
