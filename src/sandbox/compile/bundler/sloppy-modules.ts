import { decode, encode } from "@jridgewell/sourcemap-codec";
import { polyfillNamespace } from "../shims/polyfills.ts";
import { shimNamespace } from "../shims/resolve-builtin.ts";

/** A script, and the `mappings` of its source map. */
export interface MappedScript {
  readonly code: string;
  readonly mappings: string;
}

export interface IncludedModules {
  /** Names of all modules with code in the script, as in esbuild's metafile. */
  readonly included: readonly string[];
  readonly sloppy: ReadonlySet<string>;
}

/**
 * Moves modules that need sloppy mode out of a bundle's function into a function around it, and makes the
 * inner one strict.
 *
 * esbuild prints a comment with its name before each module, and a CommonJS module as one statement, `var
 * require_x = __commonJS({…})`, whose position does not matter because it only creates a function. Other code
 * without exports or imports becomes a function that is called in its place. Sloppy code refers to four kinds
 * of names of the inner function: esbuild's helpers, `require_x`, `init_x` and `x_exports` of other modules,
 * and values injected for free identifiers such as `Buffer`. Those are also variables of the outer function,
 * set at the end of the module that declares them.
 *
 * Lines are moved as a whole and no line is changed before its last mapping, so the source map is reordered
 * with them.
 *
 * @returns `undefined` if the script does not have this form
 */
export function extractSloppyModules(
  { code, mappings }: MappedScript,
  { included, sloppy }: IncludedModules,
): MappedScript | undefined {
  if (code.includes(scope)) return undefined;
  const lines = code.trimEnd().split("\n");
  const modules = findModules(lines, included);
  const found = modules.filter(({ name }) => sloppy.has(name));
  const moved = found.flatMap((each) => toMoved(each, lines) ?? []);
  // Each module was found exactly once, in the expected form.
  const isComplete = moved.length === sloppy.size && found.length === sloppy.size;
  return isComplete ? assemble({ lines, modules, moved }, decode(mappings)) : undefined;
}

/** A variable of the outer function that holds the functions of this file. */
const scope = "__duranium_sloppy";

/** The lines of a module in the script: from its comment to the next one's. */
interface ModuleLines {
  /** `""` for esbuild's helpers, which come first. */
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

function findModules(lines: readonly string[], included: readonly string[]): readonly ModuleLines[] {
  const comments = new Set(included.map((name) => `  // ${name}`));
  const starts = lines.flatMap((line, at) => (comments.has(line) ? [at] : []));
  if (lines[0] !== "(() => {" || lines.at(-1) !== "})();") return [];
  return [1, ...starts].map((start, at) => ({
    name: at === 0 ? "" : (lines[start]?.slice("  // ".length) ?? ""),
    start,
    end: starts[at] ?? lines.length - 1,
  }));
}

type Moved = ModuleLines & {
  /** The variable of a CommonJS module; `undefined` for code that runs in its place. */
  readonly variable: string | undefined;
};

function toMoved(module: ModuleLines, lines: readonly string[]): Moved | undefined {
  const [, variable] =
    /^ {2}var (require_[\w$]+) = __commonJS\(\{$/.exec(lines[module.start + 1] ?? "") ?? [];
  const isWhole = lines[lastLine(module, lines)] === "  });";
  if (variable !== undefined) return isWhole ? { ...module, variable } : undefined;
  const text = lines.slice(module.start, module.end).join("\n");
  return text.includes("__commonJS(") ? undefined : { ...module, variable };
}

/** The last line that is not empty. */
function lastLine({ start, end }: ModuleLines, lines: readonly string[]): number {
  return lines.slice(0, end).findLastIndex((line, at) => at >= start && line.trim() !== "");
}

interface Plan {
  readonly lines: readonly string[];
  readonly modules: readonly ModuleLines[];
  readonly moved: readonly Moved[];
}

/** A line of the new script, and its index in the old one. */
type Line = readonly [text: string, from?: number];

function assemble(plan: Plan, mappings: ReturnType<typeof decode>): MappedScript {
  const { moved, lines } = plan;
  const { names, inner } = strictLines(plan);
  const variables = [...new Set([...moved.flatMap(({ variable }) => variable ?? []), ...names])];
  const setters = names.map((name) => `${name}: (value) => { ${name} = value; },`).join(" ");
  const required = moved.filter(({ variable }) => variable !== undefined);
  const run = moved.filter(({ variable }) => variable === undefined);
  const all: readonly Line[] = [
    [`(() => { var ${[...variables, scope].join(", ")}; ${scope} = { ${setters} define() {`],
    ...required.flatMap((each) => sloppyLines(each, lines)),
    ...run.flatMap((each) => [[`  }, run${each.start}() {`] satisfies Line, ...sloppyLines(each, lines)]),
    ['  } }; (() => { "use strict";'],
    ...inner,
    ["})(); })();"],
  ];
  return {
    code: `${all.map(([text]) => text).join("\n")}\n`,
    mappings: encode(all.map(([, from]) => (from === undefined ? [] : (mappings[from] ?? [])))),
  };
}

/** Removes `var`, so that the assignment sets the outer function's variable. Columns do not change. */
function sloppyLines({ start, end, variable }: Moved, lines: readonly string[]): readonly Line[] {
  return lines
    .slice(start, end)
    .map((text, at) => [
      variable !== undefined && at === 1 ? text.replace("  var ", "      ") : text,
      start + at,
    ]);
}

/** All modules that stay. Each sets the names that moved modules refer to. */
function strictLines({ lines, modules, moved }: Plan): {
  readonly names: readonly string[];
  readonly inner: readonly Line[];
} {
  const words = new Set(moved.flatMap(({ start, end }) => wordsOf(lines.slice(start, end))));
  words.add("__commonJS").add("__getOwnPropNames");
  const movedAt = new Map(moved.map((each) => [each.start, each]));
  const staying = modules.filter(({ start }) => !movedAt.has(start));
  const declared = new Map(
    staying.map((module) => [module, declaredNames(module, lines).filter((name) => words.has(name))]),
  );
  const injected = staying.filter(isInjected).flatMap((module) => declared.get(module) ?? []);
  const inner = modules.flatMap((module): readonly Line[] => {
    const away = movedAt.get(module.start);
    if (away !== undefined) return away.variable === undefined ? [[`  ${scope}.run${away.start}();`]] : [];
    const set = (declared.get(module) ?? []).map((name) => setterCall(name, { module, injected }));
    const calls = module.name === "" ? [...set, `${scope}.define();`] : set;
    const last = lastLine(module, lines);
    return lines
      .slice(module.start, module.end)
      .map((text, at) => [module.start + at === last ? [text, ...calls].join(" ") : text, module.start + at]);
  });
  return { names: [...declared.values()].flat(), inner };
}

function wordsOf(lines: readonly string[]): readonly string[] {
  return lines.flatMap((line) => line.match(/[\w$]+/g) ?? []);
}

/** Injected values are referred to by their own names. */
function isInjected({ name }: ModuleLines): boolean {
  return name.startsWith(`${shimNamespace}:`) || name.startsWith(`${polyfillNamespace}:`);
}

/** Names at the top level of a module that sloppy code of any module may refer to. */
function declaredNames(module: ModuleLines, lines: readonly string[]): readonly string[] {
  const declared = lines.slice(module.start, module.end).flatMap((line) => {
    const [, list, value, fn] =
      /^ {2}(?:var ([\w$]+(?:, [\w$]+)*);|var ([\w$]+) = |(?:async )?function\*? ([\w$]+)\()/.exec(line) ??
      [];
    return list?.split(", ") ?? value ?? fn ?? [];
  });
  const names = [...new Set(declared)];
  return isInjected(module) ? names : names.filter((name) => referable.test(name));
}

const referable = /^(?:__\w+|(?:require|init|globRequire)_[\w$]+|[\w$]+_exports\d*)$/;

/** An injected value is set once `init_x` was called, which each module that refers to it does first. */
function setterCall(
  name: string,
  { module, injected }: { readonly module: ModuleLines; readonly injected: readonly string[] },
): string {
  if (!isInjected(module) || !name.startsWith("init_")) return `${scope}.${name}(${name});`;
  const values = injected.filter((each) => !referable.test(each));
  const sets = values.map((each) => `${scope}.${each}(${each});`).join(" ");
  return `${scope}.${name}(() => { ${name}(); ${sets} });`;
}
