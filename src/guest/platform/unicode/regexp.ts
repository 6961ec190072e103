import { ownMap, ownWeakMap } from "../../core/primordials.ts";
import { domString } from "../../core/interface.ts";
import { rewritePattern } from "./rewrite-pattern.ts";

/** What `new` was called on: a subclass, too. */
type Constructor = NonNullable<Parameters<typeof Reflect.construct>[2]>;

/** The patterns as written, of regular expressions whose property escapes were expanded. */
const sources = ownWeakMap<object, string>();

/**
 * `RegExp` that knows Unicode property escapes, and the letters that are the same where case is ignored, in patterns that are put together at run time and in literals
 * alike: bundling turns literals that have some into calls of it. Its `source` is the pattern as written.
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
      // `RegExp(regexp)` without flags is the regexp itself.
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

/** What a constructor is called with. */
interface Parts {
  readonly pattern: unknown;
  readonly flags: unknown;
}

/** ECMA-262, section 22.2.4.1, as far as the pattern must be known here; the rest the engine does itself. */
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

/** Annex B of ECMA-262, B.2.4.1: another pattern in the same object, which has no other source then. */
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

/** Patterns are made again and again from the same literal, as bundling leaves them. */
const expansions = ownMap<string, string>();
const maxExpansions = 500;

const needsRewriting = /\\[pP]\{|\(\?[msx]*i/;

/** What the engine is given in place of a pattern; `undefined` where it knows the pattern itself. */
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
