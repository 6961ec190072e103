/**
 * Gives a class the form of a Web IDL interface: its own name, a tag for `Object.prototype.toString`, and
 * enumerable members. Bundling renames classes that have the name of a global, and packages check the names.
 */
export function asInterface(made: object, name: string): void {
  Object.defineProperty(made, "name", { value: name, configurable: true });
  const { prototype } = made as { readonly prototype: object };
  Object.defineProperty(prototype, Symbol.toStringTag, { value: name, configurable: true });
  makeEnumerable(prototype);
  makeEnumerable(made);
  prototypes.add(prototype);
}

const prototypes = new Set<object>();

/** True if a value is an instance of one of those classes, or of a subclass. */
export function isInterface(value: object): boolean {
  for (let owner = Object.getPrototypeOf(value) as object | null; owner !== null;) {
    if (prototypes.has(owner)) return true;
    owner = Object.getPrototypeOf(owner) as object | null;
  }
  return false;
}

/** Properties that every class has by the language itself. */
const ofLanguage: ReadonlySet<string> = new Set([
  "constructor",
  "prototype",
  "length",
  "name",
  "arguments",
  "caller",
]);

function makeEnumerable(owner: object): void {
  for (const key of Object.getOwnPropertyNames(owner)) {
    if (!ofLanguage.has(key)) Object.defineProperty(owner, key, { enumerable: true });
  }
}
/** @throws {TypeError} if an operation received fewer arguments than it requires */
export function assertArguments(given: number, needed: number, what: string): void {
  if (given >= needed) return;
  throw new TypeError(`${what} needs ${needed} argument${needed === 1 ? "" : "s"}, and got ${given}`);
}

/** @throws {TypeError} if a value is present and not an object */
export function dictionary<T extends object>(value: T | null | undefined, what: string): Partial<T> {
  if (value === null || value === undefined) return {};
  if (typeof value === "object" || typeof value === "function") return value;
  throw new TypeError(`${what} are an object`);
}

/** Web IDL's conversion to a string, which throws on symbols. */
export function domString(value: unknown): string {
  return typeof value === "string" ? value : "".concat(value as string);
}

/** Web IDL's conversion to a number, which throws on symbols and BigInts. */
export function domNumber(value: unknown): number {
  // oxlint-disable-next-line typescript/no-unnecessary-type-conversion -- it need not be a number
  return +(value as number);
}
