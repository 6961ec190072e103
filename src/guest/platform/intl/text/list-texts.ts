import { asText } from "../locale/options.ts";

/** An array or a typed array. */
interface Elements {
  readonly length?: unknown;
  readonly [index: number]: unknown;
}

/** Lists that are being written, because a list may contain itself. */
const open = new Set<object>();

/** `Array.prototype.toLocaleString` of ECMA-402: each element's localized text, separated by commas. */
export function joinLocalized(list: unknown, locales: unknown, options: unknown): string {
  if (list === undefined || list === null) throw new TypeError("toLocaleString was called on nothing");
  const elements = Object(list) as Elements;
  if (open.has(elements)) return "";
  open.add(elements);
  try {
    const length = Math.min(Math.max(Math.trunc(Number(elements.length)) || 0, 0), Number.MAX_SAFE_INTEGER);
    return joinElements(elements, length, [locales, options]);
  } finally {
    open.delete(elements);
  }
}

// oxlint-disable-next-line typescript/unbound-method -- applied to what may be a typed array
const { values } = Uint8Array.prototype;
// oxlint-disable-next-line typescript/unbound-method -- applied below
const lengthOf = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype), "length")
  ?.get as () => number;

/** The same for typed arrays. @throws {TypeError} if it is not one, or its buffer was transferred */
export function joinLocalizedElements(list: unknown, locales: unknown, options: unknown): string {
  Reflect.apply(values, list as Uint8Array, []);
  return joinElements(list as Elements, Reflect.apply(lengthOf, list, []), [locales, options]);
}

function joinElements(elements: Elements, length: number, args: readonly unknown[]): string {
  let text = "";
  for (let index = 0; index < length; index += 1) {
    if (index > 0) text += ",";
    const element = elements[index] as
      | { toLocaleString(...given: readonly unknown[]): unknown }
      | null
      | undefined;
    if (element !== undefined && element !== null) text += asText(element.toLocaleString(...args));
  }
  return text;
}
