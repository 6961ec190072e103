/** Helpers for the properties of `Intl`: names, lengths and tags as ECMA-402 requires them. */
type Constructor = new (...args: never[]) => object;

/** Gives the class its name. @param length of the constructor */
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

/** Removes the name that a function has inferred from its assignment. */
export function anonymous<T>(method: T): T {
  return method;
}

/** A constructor that can be called without `new`. */
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
