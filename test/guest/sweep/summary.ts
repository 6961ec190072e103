// oxlint-disable typescript/unbound-method, unicorn/no-instanceof-builtins -- getters are applied to their objects, and all objects are of one realm
/** Texts of values by which two engines are compared: classes and contents, not messages. */

/** Where an attribute is, and what time it is: compared by tests of their own. */
const differing: ReadonlySet<string> = new Set([
  "isTrusted",
  "timeStamp",
  "lastModified",
  "startTime",
  "constructor",
]);
const maxDepth = 3;
const maxItems = 20;
const maxTextLength = 300;

export function summarizeThrown(error: unknown): string {
  if (!(error instanceof Error)) return `the value ${summarize(error)}`;
  return `${error.name}${error instanceof DOMException ? ` ${error.code}` : ""}`;
}

export function summarize(value: unknown, depth = 0): string {
  if (typeof value === "string") return summarizeText(value);
  if (Object.is(value, -0)) return "-0";
  if (typeof value === "bigint") return `${summarizeText(String(value))}n`;
  if (typeof value === "function") return "function";
  if (typeof value !== "object" || value === null) return String(value);
  if (depth > maxDepth) return "…";
  try {
    return summarizeObject(value, depth);
  } catch (error) {
    return `unreadable: ${summarizeThrown(error)}`;
  }
}

/** As `summarize`, but with all items of lists of simple values, up to many thousands. */
export function summarizeWhole(value: unknown): string {
  if (!Array.isArray(value)) return summarize(value);
  return summarizeText(value.map((item) => summarize(item)).join(","));
}

function summarizeText(text: string): string {
  if (text.length <= maxTextLength) return JSON.stringify(text);
  return `text ${text.length} ${hashOf(text.length, (at) => text.charCodeAt(at))}`;
}

/** FNV-1a over at most some tens of thousands of the items, the last among them. */
function hashOf(length: number, itemAt: (index: number) => number): number {
  let hash = 2_166_136_261;
  const step = Math.max(1, Math.floor(length / 20_000));
  for (let at = 0; at < length; at += step) hash = Math.imul(hash ^ itemAt(at), 16_777_619);
  for (let at = Math.max(0, length - 100); at < length; at += 1)
    hash = Math.imul(hash ^ itemAt(at), 16_777_619);
  return hash >>> 0;
}

function summarizeObject(value: object, depth: number): string {
  const tag = Object.prototype.toString.call(value).slice(8, -1);
  if (value instanceof Promise) {
    value.catch(() => {});
    return "promise";
  }
  if (value instanceof Error) return `error ${summarizeThrown(value)}`;
  if (value instanceof ArrayBuffer) return `buffer ${summarizeBytes(new Uint8Array(value))}`;
  if (value instanceof DataView) return `view ${value.byteOffset} ${value.byteLength}`;
  if (ArrayBuffer.isView(value))
    return `${tag} ${summarizeItems(value as unknown as ArrayLike<unknown>, depth)}`;
  if (Array.isArray(value)) return summarizeItems(value, depth);
  if (value instanceof Date) return `date ${value.getTime()}`;
  if (value instanceof RegExp) return `pattern ${String(value)} ${value.lastIndex}`;
  if (isBox(value)) return `${tag} ${summarize(value.valueOf(), depth + 1)}`;
  const parts = [...contentsOf(value, depth), ...ownPropertiesOf(value, depth), ...gettersOf(value, depth)];
  return `${tag} {${parts.join(", ")}}`;
}

function summarizeBytes(bytes: Uint8Array): string {
  return bytes.length <= maxItems
    ? `[${bytes.join()}]`
    : `bytes ${bytes.length} ${hashOf(bytes.length, (at) => bytes[at] ?? 0)}`;
}

function summarizeItems(items: ArrayLike<unknown>, depth: number): string {
  if (items instanceof Uint8Array) return summarizeBytes(items);
  const shown = Array.from({ length: Math.min(items.length, maxItems) }, (_, at) =>
    at in items ? summarize(items[at], depth + 1) : "hole",
  );
  return `[${shown.join()}]${items.length > maxItems ? ` of ${items.length}` : ""}`;
}

function isBox(value: object): boolean {
  return (
    value instanceof Number ||
    value instanceof String ||
    value instanceof Boolean ||
    value instanceof Symbol ||
    value instanceof BigInt
  );
}

/** What iterating gives, of collections. Iterators are asked for a few items, too. */
function contentsOf(value: object, depth: number): readonly string[] {
  const isCollection = [Map, Set, Headers, URLSearchParams, FormData, Iterator].some(
    (made) => value instanceof made,
  );
  if (!isCollection) return [];
  const items: string[] = [];
  for (const item of value as Iterable<unknown>) {
    if (items.length >= maxItems) break;
    items.push(summarize(item, depth + 1));
  }
  return [`contents [${items.join()}]`];
}

function ownPropertiesOf(value: object, depth: number): readonly string[] {
  return (
    Object.keys(value)
      .filter((key) => !differing.has(key))
      // oxlint-disable-next-line unicorn/no-array-sort -- its own list
      .sort()
      .slice(0, maxItems)
      .map((key) => `${key}: ${summarize(Reflect.get(value, key), depth + 1)}`)
  );
}

/** Attributes of the platform's classes are getters of their prototypes. */
function gettersOf(value: object, depth: number): readonly string[] {
  const found: string[] = [];
  for (
    let owner = Object.getPrototypeOf(value) as object | null;
    owner !== null && owner !== Object.prototype;
    owner = Object.getPrototypeOf(owner) as object | null
  ) {
    for (const [key, { get }] of Object.entries(Object.getOwnPropertyDescriptors(owner))) {
      if (get !== undefined && !differing.has(key))
        found.push(
          `${key}: ${summarize(
            attempt(() => Reflect.apply(get, value, []) as unknown),
            depth + 1,
          )}`,
        );
    }
  }
  // oxlint-disable-next-line unicorn/no-array-sort -- its own list
  return found.sort();
}

function attempt(act: () => unknown): unknown {
  try {
    return act();
  } catch (error) {
    return `throws ${summarizeThrown(error)}`;
  }
}
