/** What the properties of `Intl` have in common: names, lengths and tags as ECMA-402 has them. */
type Constructor = new (...args: never[]) => object;

/** The class under its name. @param length of the constructor */
export function defineConstructor<T extends Constructor>(name: string, constructor: T, length: number): T {
  const { prototype } = constructor as { readonly prototype: object };
  Object.defineProperty(constructor, "name", { value: name, configurable: true });
  Object.defineProperty(constructor, "length", { value: length, configurable: true });
  Object.defineProperty(prototype, Symbol.toStringTag, { value: `Intl.${name}`, configurable: true });
  for (const key of Object.getOwnPropertyNames(constructor)) {
    const method: unknown = Reflect.get(constructor, key);
    if (typeof method === "function" && key === "supportedLocalesOf")
      Object.defineProperty(method, "length", { value: 1, configurable: true });
  }
  return constructor;
}

/** A function without a name, as it would have one from what it is assigned to. */
export function anonymous<T>(method: T): T {
  return method;
}

/** One that may be called without `new`. */
export function callable<T extends Constructor>(constructor: T): T {
  const proxy = new Proxy(constructor, {
    apply: (target, _self, args) => Reflect.construct(target, args) as object,
  });
  Object.defineProperty(constructor.prototype, "constructor", {
    value: proxy,
    writable: true,
    enumerable: false,
    configurable: true,
  });
  return proxy;
}
