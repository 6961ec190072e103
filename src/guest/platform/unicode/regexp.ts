import { ownMap, ownWeakMap } from "../../core/primordials.ts";
import { domString } from "../../core/interface.ts";
import { rewritePattern } from "./rewrite-pattern.ts";

/** The constructor that `new` was called on, which may be a subclass. */
type Constructor = NonNullable<Parameters<typeof Reflect.construct>[2]>;

/** The original patterns of regular expressions that were rewritten for the engine. */
const sources = ownWeakMap<object, string>();

/**
 * A `RegExp` with Unicode property escapes and Unicode's rules for ignoring case. It handles patterns that are
 * built at run time as well as literals, because bundling replaces literals that need it with calls of this
 * constructor. Its `source` is the original pattern.
 */
export function guestRegExp(NativeRegExp: RegExpConstructor): RegExpConstructor {
  const create = (given: Parts, newTarget: Constructor): object => {
    const { pattern, flags } = given;
    const kinds = hasPropertyEscape(pattern) && flags !== undefined ? domString(flags) : flags;
    const source = isObject(pattern) ? Reflect.apply(readSource, pattern, []) : pattern;
    const expanded =
      typeof source === "string" && typeof kinds === "string" ? expand(source, kinds) : undefined;
    if (expanded === undefined || expanded === source) {
      return Reflect.construct(NativeRegExp, [pattern, kinds], newTarget) as object;
    }
    const made = Reflect.construct(NativeRegExp, [expanded, kinds], newTarget) as object;
    sources.set(made, source as string);
    return made;
  };
  const guest = new Proxy(NativeRegExp, {
    apply(_target, _self, [pattern, flags]: readonly unknown[]) {
      const isLike = isRegExp(pattern);
      // `RegExp(regexp)` without flags returns the same object.
      if (isLike && flags === undefined && (pattern as RegExp).constructor === guest) return pattern;
      return create(partsOf(pattern, flags, isLike), guest);
    },
    construct: (_target, [pattern, flags]: readonly unknown[], newTarget) =>
      create(partsOf(pattern, flags, isRegExp(pattern)), newTarget),
  });
  replaceSource(NativeRegExp.prototype);
  replaceCompile(NativeRegExp.prototype);
  Object.defineProperty(NativeRegExp.prototype, "constructor", {
    value: guest,
    writable: true,
    enumerable: false,
    configurable: true,
  });
  return guest;
}

/** The arguments of the native constructor. */
interface Parts {
  readonly pattern: unknown;
  readonly flags: unknown;
}

/** ECMA-262, section 22.2.4.1, up to the point where the pattern is known. The engine does the rest. */
function partsOf(pattern: unknown, flags: unknown, isLike: boolean): Parts {
  if (!isObject(pattern)) return { pattern, flags };
  const source = sources.get(pattern);
  if (source !== undefined)
    return { pattern: source, flags: flags === undefined ? (pattern as RegExp).flags : flags };
  if (isNative(pattern)) return { pattern, flags };
  if (!isLike) return { pattern: domString(pattern), flags };
  const { source: likeSource } = pattern as RegExp;
  const parts = {
    pattern: likeSource as unknown,
    flags: flags === undefined ? (pattern as RegExp).flags : flags,
  };
  return isObject(likeSource) ? { ...parts, pattern: domString(likeSource) } : parts;
}

function isObject(value: unknown): value is object {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}

/** ECMA-262, section 7.2.6. */
function isRegExp(value: unknown): boolean {
  if (!isObject(value)) return false;
  const matcher: unknown = Reflect.get(value, Symbol.match);
  return matcher === undefined ? isNative(value) : Boolean(matcher);
}

// oxlint-disable-next-line typescript/unbound-method -- applied below
const readSource = Object.getOwnPropertyDescriptor(RegExp.prototype, "source")?.get as () => string;

function isNative(value: object): boolean {
  try {
    Reflect.apply(readSource, value, []);
    return true;
  } catch {
    return false;
  }
}

function replaceSource(prototype: object): void {
  const accessor = {
    get source(): string {
      return sources.get(this) ?? Reflect.apply(readSource, this, []);
    },
  };
  // oxlint-disable-next-line typescript/unbound-method -- it becomes the getter of another object
  const get = Object.getOwnPropertyDescriptor(accessor, "source")?.get as () => string;
  Object.defineProperty(prototype, "source", { get, enumerable: false, configurable: true });
}

/**
 * Annex B of ECMA-262, B.2.4.1: `compile` gives the object another pattern, so its stored source no longer applies.
 */
function replaceCompile(prototype: object): void {
  const { compile } = prototype as { compile: (...args: unknown[]) => RegExp };
  const method = {
    compile(this: object, pattern: unknown, flags: unknown): RegExp {
      const compiled = Reflect.apply(compile, this, [pattern, flags]);
      sources.delete(this);
      return compiled;
    },
  };
  Object.defineProperty(prototype, "compile", {
    // oxlint-disable-next-line typescript/unbound-method -- it becomes a method of the prototype
    value: method.compile,
    writable: true,
    enumerable: false,
    configurable: true,
  });
}

function hasPropertyEscape(pattern: unknown): boolean {
  return typeof pattern === "string" && /\\[pP]\{/.test(pattern);
}

/** Caches expansions, because bundled code evaluates the same literal repeatedly. */
const expansions = ownMap<string, string>();
const maxExpansions = 500;

const needsRewriting = /\\[pP]\{|\(\?[msx]*i/;

/** The pattern to pass to the engine, or `undefined` if the engine supports the original one. */
function expand(source: string, flags: string): string | undefined {
  const hasSets = flags.includes("v");
  if (!hasSets && !flags.includes("u")) return undefined;
  const ignoresCase = flags.includes("i");
  if (!ignoresCase && !needsRewriting.test(source)) return undefined;
  const key = `${hasSets ? "v" : "u"}${ignoresCase ? "i" : " "}${source}`;
  const known = expansions.get(key);
  if (known !== undefined) return known;
  const expanded = rewritePattern(source, { hasSets, ignoresCase }) ?? source;
  if (expansions.size >= maxExpansions) expansions.clear();
  expansions.set(key, expanded);
  return expanded;
}
