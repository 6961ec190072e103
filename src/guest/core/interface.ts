/**
 * Gives a class the form that interfaces have by Web IDL: its own name, a tag for `Object.prototype.toString`, and members
 * that are enumerable. Bundling renames classes that are called as something global, and packages look at the names.
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

/** Whether a value is an object of one of those classes, or of a class that extends one. */
export function isInterface(value: object): boolean {
  for (let owner = Object.getPrototypeOf(value) as object | null; owner !== null;) {
    if (prototypes.has(owner)) return true;
    owner = Object.getPrototypeOf(owner) as object | null;
  }
  return false;
}

/** What a class has of the language itself. */
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
/** @throws {TypeError} where fewer arguments came than an operation needs */
export function assertArguments(given: number, needed: number, what: string): void {
  if (given >= needed) return;
  throw new TypeError(`${what} needs ${needed} argument${needed === 1 ? "" : "s"}, and got ${given}`);
}

/** @throws {TypeError} where it is no object, and not missing */
export function dictionary<T extends object>(value: T | null | undefined, what: string): Partial<T> {
  if (value === null || value === undefined) return {};
  if (typeof value === "object" || typeof value === "function") return value;
  throw new TypeError(`${what} are an object`);
}

/** As Web IDL converts a value to a string: symbols throw. */
export function domString(value: unknown): string {
  return typeof value === "string" ? value : "".concat(value as string);
}

/** As Web IDL converts a value to a number: symbols and BigInts throw. */
export function domNumber(value: unknown): number {
  // oxlint-disable-next-line typescript/no-unnecessary-type-conversion -- it need not be a number
  return +(value as number);
}
