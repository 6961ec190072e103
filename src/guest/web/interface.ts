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
