/**
 * `JSON.stringify` for texts of any size that fits into memory.
 *
 * The engine's own version reserves six times the length of each string that it quotes, in a buffer that grows by
 * powers of two, so even a string far below the memory limit can be too long for it. When it runs out of memory,
 * the value is serialized again here, by section 25.5.2 of ECMA-262, with long strings quoted in chunks. In that
 * case a `toJSON`, replacer or getter is called a second time. Values that the engine can serialize cost nothing
 * extra.
 */
const native = JSON.stringify;
const { isArray } = Array;
const { keys, getPrototypeOf } = Object;
const objectPrototype = Object.prototype;
// oxlint-disable-next-line typescript/unbound-method -- applied to a pattern below
const { test } = RegExp.prototype;
const boxed = [Number, String, Boolean, BigInt].map(({ prototype }) => prototype.valueOf);
// oxlint-disable-next-line typescript/unbound-method -- a function without a receiver; not every engine has it
const isRawJson = (JSON as { isRawJSON?: (value: unknown) => boolean }).isRawJSON ?? (() => false);

/** The engine throws this string, not an error, when it runs out of memory. */
export const outOfMemoryMessage = "out of memory";

/** UTF-16 code units that are quoted, or joined, in one call. */
const pieceLength = 32_768;

type Replacer = (this: unknown, key: string, value: unknown) => unknown;

/** `JSON.stringify`. It is defined as a method because the language's functions are not constructors. */
export const { stringify } = {
  stringify(this: void, value: unknown, replacer?: unknown, space?: unknown): string | undefined {
    try {
      return native(value, replacer as Replacer, space as string);
    } catch (error) {
      if (error !== outOfMemoryMessage) throw error;
    }
    return stringifyInChunks(value, replacer, space);
  },
};

/**
 * The same result from this module's own serializer, which is far slower for small values.
 *
 * @param engine serializes the values inside of `value` for which it has enough memory
 */
export function stringifyInChunks(
  value: unknown,
  replacer?: unknown,
  space?: unknown,
  engine: typeof JSON.stringify = native,
): string | undefined {
  const state: State = {
    engine,
    text: new ChunkedText(),
    replace: typeof replacer === "function" ? (replacer as Replacer) : undefined,
    allowedKeys: isArray(replacer) ? readAllowedKeys(replacer) : undefined,
    gap: readGap(space),
    above: new Set(),
  };
  return serialize(state, { holder: { "": value }, key: "", value, prefix: "" }, "")
    ? state.text.finish()
    : undefined;
}

interface State {
  readonly engine: typeof JSON.stringify;
  readonly text: ChunkedText;
  readonly replace: Replacer | undefined;
  readonly allowedKeys: readonly string[] | undefined;
  readonly gap: string;
  /** The objects that contain the current one. */
  readonly above: Set<object>;
}

interface Property {
  readonly holder: object;
  readonly key: string;
  readonly value: unknown;
  /** Text that precedes the value if the value has a JSON representation. */
  readonly prefix: string;
}

/** Concatenates without a growing buffer: the result is a rope until it is read, and long parts are not copied. */
class ChunkedText {
  #whole = "";
  #parts: string[] = [];
  #length = 0;

  add(part: string): void {
    this.#parts.push(part);
    this.#length += part.length;
    if (this.#length >= pieceLength) this.#flush();
  }

  addLong(part: string): void {
    this.#flush();
    this.#whole += part;
  }

  finish(): string {
    this.#flush();
    return this.#whole;
  }

  #flush(): void {
    if (this.#length === 0) return;
    this.#whole += this.#parts.join("");
    this.#parts = [];
    this.#length = 0;
  }
}

function readAllowedKeys(list: readonly unknown[]): string[] {
  const allowed = new Set<string>();
  for (let index = 0; index < list.length; index += 1) {
    const item = list[index];
    const primitive = unbox(item);
    if (typeof primitive === "string" || typeof primitive === "number") allowed.add(String(item));
  }
  return [...allowed];
}

function readGap(space: unknown): string {
  const given = unbox(space);
  if (typeof given === "number") return " ".repeat(Math.max(0, Math.min(10, Math.trunc(given) || 0)));
  return typeof given === "string" ? given.slice(0, 10) : "";
}

/** SerializeJSONProperty. @returns `false` if the value has no JSON representation */
function serialize(state: State, property: Property, indent: string): boolean {
  const value = formOf(state, property);
  if (value === undefined || typeof value === "symbol" || typeof value === "function") return false;
  if (property.prefix !== "") state.text.add(property.prefix);
  if (typeof value === "string") writeText(state.text, value);
  else if (typeof value !== "object" || value === null || isRawJson(value)) state.text.add(native(value));
  else serializeInside(state, value, indent);
  return true;
}

/** The value to serialize: after `toJSON` and the replacer, with boxed primitives unwrapped. */
function formOf({ replace }: State, { holder, key, value: read }: Property): unknown {
  let value = read;
  if (isObject(value) || typeof value === "bigint") {
    const { toJSON } = value as { readonly toJSON?: unknown };
    if (typeof toJSON === "function") value = Reflect.apply(toJSON, value, [key]);
  }
  if (replace !== undefined) value = Reflect.apply(replace, holder, [key, value]);
  return unbox(value);
}

function isObject(value: unknown): value is object {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}

/**
 * A boxed `Number` or `String` is converted by its own methods. A boxed `Boolean` or `BigInt` is its internal
 * value.
 */
function unbox(value: unknown): unknown {
  if (typeof value !== "object" || value === null || isArray(value)) return value;
  if (getPrototypeOf(value) === objectPrototype) return value;
  const primitive = primitiveIn(value);
  if (typeof primitive === "number") return Number(value);
  // oxlint-disable-next-line typescript/no-base-to-string -- it is a String
  return typeof primitive === "string" ? String(value) : (primitive ?? value);
}

function primitiveIn(value: object): unknown {
  for (const valueOf of boxed) {
    try {
      return Reflect.apply(valueOf, value, []);
    } catch {
      // The object is not a box of this type.
    }
  }
  return undefined;
}

function serializeInside(state: State, value: object, indent: string): void {
  if (state.above.has(value)) throwCyclic();
  const whole = serializeNatively(state, value, indent);
  if (whole !== undefined) return state.text.add(whole);
  state.above.add(value);
  if (isArray(value)) serializeItems(state, value, indent);
  else serializeProperties(state, value, indent);
  state.above.delete(value);
}

/**
 * Serializes with the engine, which is many times as fast for small values. Returns `undefined` if the engine has
 * too little memory, or would call a replacer or `toJSON` with another holder or a second time.
 */
function serializeNatively(state: State, value: object, indent: string): string | undefined {
  const { engine, above, replace, allowedKeys, gap } = state;
  const isRoot = above.size === 0;
  if (isRoot || replace !== undefined || gap.includes("\n") || hasToJson(value)) return undefined;
  try {
    const text = engine(value, allowedKeys as string[], gap);
    // Line breaks inside of strings are escaped, so each remaining one separates two lines of the indented text.
    return gap === "" ? text : text.replaceAll("\n", `\n${indent}`);
  } catch (error) {
    if (error !== outOfMemoryMessage) throw error;
    return undefined;
  }
}

function hasToJson(value: object): boolean {
  return typeof (value as { readonly toJSON?: unknown }).toJSON === "function";
}

function serializeItems(state: State, list: readonly unknown[], indent: string): void {
  const inner = indent + state.gap;
  const lineBreak = state.gap === "" ? "" : `\n${inner}`;
  const { length } = list;
  state.text.add("[");
  for (let index = 0; index < length; index += 1) {
    const prefix = index === 0 ? lineBreak : `,${lineBreak}`;
    const item = { holder: list, key: String(index), value: list[index], prefix };
    if (!serialize(state, item, inner)) state.text.add(`${prefix}null`);
  }
  state.text.add(state.gap === "" || length === 0 ? "]" : `\n${indent}]`);
}

function serializeProperties(state: State, holder: object, indent: string): void {
  const inner = indent + state.gap;
  const lineBreak = state.gap === "" ? "" : `\n${inner}`;
  const colon = state.gap === "" ? ":" : ": ";
  let isEmpty = true;
  state.text.add("{");
  for (const key of state.allowedKeys ?? keys(holder)) {
    const value: unknown = Reflect.get(holder, key);
    const prefix = `${isEmpty ? "" : ","}${lineBreak}${quoteKey(key)}${colon}`;
    if (serialize(state, { holder, key, value, prefix }, inner)) isEmpty = false;
  }
  state.text.add(state.gap === "" || isEmpty ? "}" : `\n${indent}}`);
}

function quoteKey(key: string): string {
  return stringify(key) ?? "";
}

/** The characters that `JSON.stringify` escapes. */
// oxlint-disable-next-line no-control-regex -- they are among it
const escapable = /["\\\u0000-\u001f\ud800-\udfff]/;

function writeText(text: ChunkedText, value: string): void {
  if (value.length <= pieceLength) return text.add(native(value));
  text.add('"');
  for (let start = 0; start < value.length;) {
    const end = endOfPiece(value, start);
    const piece = value.slice(start, end);
    // If nothing is escaped, the chunk stays a slice of the original string and takes no memory.
    text.addLong(Reflect.apply(test, escapable, [piece]) ? native(piece).slice(1, -1) : piece);
    start = end;
  }
  text.add('"');
}

/** Never splits a surrogate pair, because each half alone would be escaped. */
function endOfPiece(value: string, start: number): number {
  const end = start + pieceLength;
  const isInsidePair = end < value.length && (value.codePointAt(end - 1) ?? 0) > 0xff_ff;
  return isInsidePair ? end + 1 : Math.min(end, value.length);
}

/** Throws the same error as the engine. */
function throwCyclic(): never {
  const cyclic: { self?: unknown } = {};
  cyclic.self = cyclic;
  native(cyclic);
  throw new TypeError("cyclic object value");
}
