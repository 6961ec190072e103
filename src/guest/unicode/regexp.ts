import { expandPropertyEscapes } from "./property-escapes.ts";

/** What `new` was called on: a subclass, too. */
type Constructor = NonNullable<Parameters<typeof Reflect.construct>[2]>;

/**
 * `RegExp` that knows Unicode property escapes, in patterns that are put together at run time and in literals
 * alike: bundling turns literals that have some into calls of it. Its `source` is the pattern as written.
 */
export function guestRegExp(NativeRegExp: RegExpConstructor): RegExpConstructor {
  const create = (args: readonly unknown[], newTarget: Constructor): object => {
    const [pattern, flags] = args;
    const source = typeof pattern === "string" ? pattern : ownSource(pattern);
    const kinds = flags === undefined && source !== pattern ? (pattern as RegExp).flags : flags;
    if (source === undefined || typeof kinds !== "string" || !needsExpansion(source, kinds)) {
      return Reflect.construct(NativeRegExp, args, newTarget) as object;
    }
    const expanded = expandPropertyEscapes(source, kinds.includes("v"));
    const made = Reflect.construct(NativeRegExp, [expanded, kinds], newTarget) as object;
    return Object.defineProperty(made, "source", { value: source, configurable: true });
  };
  const guest = new Proxy(NativeRegExp, {
    // `RegExp(regexp)` without flags is the regexp itself.
    apply: (_target, _self, args: readonly unknown[]) =>
      args[0] instanceof NativeRegExp && args[1] === undefined ? args[0] : create(args, guest),
    construct: (_target, args: readonly unknown[], newTarget) => create(args, newTarget),
  });
  Object.defineProperty(NativeRegExp.prototype, "constructor", {
    value: guest,
    writable: true,
    enumerable: false,
    configurable: true,
  });
  return guest;
}

function needsExpansion(source: string, flags: string): boolean {
  return /[uv]/.test(flags) && /\\[pP]\{/.test(source);
}

/** The pattern as written, of one that was made here. */
function ownSource(pattern: unknown): string | undefined {
  if (typeof pattern !== "object" || pattern === null || !Object.hasOwn(pattern, "source")) return undefined;
  return (pattern as RegExp).source;
}
