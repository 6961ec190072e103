/**
 * A constructor of `Intl` that finds its locale by lookup. FormatJS's best fit compares with every supported
 * locale, which takes more fuel than a turn has.
 */
export function byLookup<T extends new (...args: never[]) => object>(name: string, made: T): T {
  const found = new Proxy(made, {
    construct: (target, [locales, options]: readonly unknown[], newTarget) =>
      Reflect.construct(target, [locales, withLookup(options)], newTarget) as object,
  });
  // Bundling renames classes.
  Object.defineProperty(made, "name", { value: name, configurable: true });
  const property = { value: found, writable: true, enumerable: false, configurable: true };
  Object.defineProperty(made.prototype, "constructor", property);
  Object.defineProperty(Intl, name, property);
  return found;
}

/** The constructor itself reports invalid options. */
function withLookup(options: unknown): unknown {
  if (options === undefined) return { localeMatcher: "lookup" };
  if (options === null || (typeof options !== "object" && typeof options !== "function")) return options;
  const matcher: unknown = Reflect.get(options, "localeMatcher");
  if (matcher !== undefined && matcher !== "best fit") return options;
  return Object.create(options, { localeMatcher: { value: "lookup" } });
}
