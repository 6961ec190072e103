// oxlint-disable typescript/unbound-method -- methods are taken from literals, so that none is a constructor
/**
 * Corrects deviations of the engine's classes from Web IDL: they accept their prototypes as instances, and so store
 * data there that all code of a workflow shares; methods without a result return the method itself; methods that
 * return a promise throw instead of rejecting it; iterators have no tag; and `FormData` converts no values.
 */
import { now } from "../../../core/clock.ts";
import { domString, assertArguments } from "../../../core/interface.ts";

type Method = (this: unknown, ...args: unknown[]) => unknown;

/** Methods without a result, by class. */
const givingNothing: ReadonlySet<string> = new Set([
  "Headers.append",
  "Headers.delete",
  "Headers.set",
  "Headers.forEach",
  "FormData.append",
  "FormData.delete",
  "FormData.set",
  "FormData.forEach",
]);
const givingPromises: ReadonlySet<string> = new Set(["Blob.arrayBuffer", "Blob.bytes", "Blob.text"]);
/**
 * The number of arguments that a method requires. The engine does not check it for these methods, or only after
 * converting the arguments.
 */
const needed: Readonly<Record<string, number>> = {
  "FormData.append": 2,
  "FormData.delete": 1,
  "FormData.forEach": 1,
  "FormData.get": 1,
  "FormData.getAll": 1,
  "FormData.has": 1,
  "FormData.set": 2,
  "Headers.append": 2,
  "Headers.delete": 1,
  "Headers.forEach": 1,
  "Headers.get": 1,
  "Headers.has": 1,
  "Headers.set": 2,
};

/** Called once, after all other changes to these classes. */
export function mendNativeClasses(): void {
  for (const made of [Blob, File, FormData, Headers, TextDecoder, TextEncoder]) adaptPrototype(made);
  for (const made of [FormData, Headers, URLSearchParams]) {
    const iterator = Object.getPrototypeOf(new made().entries()) as object;
    Object.defineProperty(iterator, Symbol.toStringTag, {
      value: `${made.name} Iterator`,
      configurable: true,
    });
  }
}

function adaptPrototype({ name, prototype }: { readonly name: string; readonly prototype: object }): void {
  const adapted = new Map<unknown, Method>();
  for (const key of Reflect.ownKeys(prototype)) {
    const property = Object.getOwnPropertyDescriptor(prototype, key) as PropertyDescriptor;
    if (key === "constructor") continue;
    if (property.get !== undefined) property.get = adaptMethod(name, key, property.get, prototype);
    else if (typeof property.value === "function") {
      const native = property.value as Method;
      // Two names of the same method must remain the same function.
      const method = adapted.get(native) ?? adaptMethod(name, key, native, prototype);
      adapted.set(native, method);
      property.value = method;
    }
    Object.defineProperty(prototype, key, property);
  }
}

function adaptMethod(owner: string, key: PropertyKey, native: Method, prototype: object): Method {
  const label = `${owner}.${key.toString()}`;
  const count = needed[label] ?? 0;
  const convert = convertersOf(label);
  const apply = (self: unknown, args: unknown[]): unknown => {
    if (self === prototype) throw new TypeError(`${label} was called on no ${owner}`);
    assertArguments(args.length, count, label);
    return Reflect.apply(native, self, convert(args));
  };
  return Object.defineProperties(methodOf(label, apply), {
    name: { value: native.name },
    length: { value: needed[label] ?? native.length },
  });
}

/** Methods, unlike functions, cannot be called with `new`. */
function methodOf(label: string, apply: (self: unknown, args: unknown[]) => unknown): Method {
  if (givingNothing.has(label)) {
    return {
      method(this: unknown, ...args: unknown[]): void {
        apply(this, args);
      },
    }.method;
  }
  if (givingPromises.has(label)) {
    return {
      // oxlint-disable-next-line typescript/require-await -- an exception must reject the promise
      async method(this: unknown, ...args: unknown[]): Promise<unknown> {
        return apply(this, args);
      },
    }.method;
  }
  return {
    method(this: unknown, ...args: unknown[]): unknown {
      return apply(this, args);
    },
  }.method;
}

type Converter = (args: unknown[]) => unknown[];

function convertersOf(label: string): Converter {
  // The engine's version swallows errors of the conversion.
  if (label === "TextEncoder.encode") return (args) => (args[0] === undefined ? [] : [domString(args[0])]);
  if (label === "FormData.append" || label === "FormData.set") return formEntry;
  return /^FormData\.(?:delete|get|getAll|has)$/.test(label) ? ([name]) => [domString(name)] : (args) => args;
}

/**
 * Converts a blob to a file, because the engine's version would set `lastModified` to the time of its own build.
 * @throws {TypeError} if a text value is given with a file name
 */
function formEntry(args: unknown[]): unknown[] {
  const [name, value, filename] = args;
  if (args.length !== 3 && !(value instanceof Blob)) return [domString(name), domString(value)];
  if (!(value instanceof Blob)) throw new TypeError("FormData: what has the name of a file is a blob");
  if (filename === undefined && value instanceof File) return [domString(name), value];
  const lastModified = value instanceof File ? value.lastModified : now();
  const file = new File([value], filename === undefined ? "blob" : domString(filename), {
    type: value.type,
    lastModified,
  });
  return [domString(name), file];
}
