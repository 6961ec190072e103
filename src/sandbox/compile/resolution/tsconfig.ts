import type { TsconfigRaw } from "esbuild";
import { parse } from "jsonc-parser";
import type { ParseError } from "jsonc-parser";
import type { Diagnostic } from "../../../domain/errors.ts";
import { folderOf, joinPath, relativePath } from "./paths.ts";
import type { SourceTree } from "./source-tree.ts";

/** What a `tsconfig.json` means for a bundle. */
export interface Tsconfig {
  readonly raw: { readonly compilerOptions?: Readonly<Record<string, unknown>> };
  /** Options that have no effect. */
  readonly warnings: readonly Diagnostic[];
  /** Why the configuration cannot be read. */
  readonly problems: readonly Diagnostic[];
}

/**
 * Reads the `tsconfig.json` nearest to the entry and those that it extends, and passes the result to esbuild,
 * which would follow `extends` out of the workflow if it read the file itself.
 */
export function readTsconfig(entry: string, tree: SourceTree): Tsconfig {
  const name = foldersUpwards(folderOf(entry))
    .map((folder) => joinPath(folder, "tsconfig.json"))
    .find((each) => tree.read(each) !== undefined);
  if (name === undefined) return { raw: {}, warnings: [], problems: [] };
  const problems: Diagnostic[] = [];
  const read: string[] = [];
  const options = optionsOf(name, { tree, problems, read, extending: [] });
  tree.noteTsconfig?.(name, read, appliedOptions(name, options));
  const counting = Object.entries(options).filter(([key, value]) => isCounted(key, value));
  return {
    raw: { compilerOptions: Object.fromEntries(counting) },
    warnings: warningsOf(name, options),
    problems,
  };
}

type Options = Readonly<Record<string, unknown>>;

interface Reading {
  readonly tree: SourceTree;
  readonly problems: Diagnostic[];
  /** The configurations that were read. */
  readonly read: string[];
  /** The configurations that extend this one. */
  readonly extending: readonly string[];
}

function optionsOf(name: string, reading: Reading): Options {
  reading.read.push(name);
  const errors: ParseError[] = [];
  const config = asRecord(parse(reading.tree.read(name) ?? "", errors, { allowTrailingComma: true }));
  if (errors.length > 0) {
    const hint = "Correct the file. Comments and trailing commas are allowed";
    reading.problems.push({ message: `Cannot read ${name}: it is not valid JSON`, file: name, hint });
  }
  const extended = [config["extends"] ?? []]
    .flat()
    .map((base) => extendedOptions(asText(base), name, reading));
  return Object.assign({}, ...extended, withPaths(asRecord(config["compilerOptions"]), name));
}

function extendedOptions(base: string, name: string, reading: Reading): Options {
  const found = extendedNames(base, name).find((each) => reading.tree.read(each) !== undefined);
  if (found !== undefined && !reading.extending.includes(found) && reading.extending.length < maxDepth) {
    return optionsOf(found, { ...reading, extending: [...reading.extending, name] });
  }
  const message = `Cannot read ${name}: it extends "${base}", which is not a file of the workflow`;
  const hint = "Keep the configuration in the folder of the workflow, or in an installed package";
  reading.problems.push({ message, file: name, hint });
  return {};
}

const maxDepth = 20;

function extendedNames(base: string, name: string): readonly string[] {
  const folder = folderOf(name);
  if (base.startsWith(".")) return withEnds(joinPath(folder, base));
  if (base.startsWith("/")) return [];
  return foldersUpwards(folder).flatMap((each) => withEnds(joinPath(each, "node_modules", base)));
}

function withEnds(path: string): readonly string[] {
  return [path, `${path}.json`, joinPath(path, "tsconfig.json")];
}

/** `lib/a` → itself, `lib`, the project. */
function foldersUpwards(folder: string): readonly string[] {
  return folder === "." ? [folder] : [folder, ...foldersUpwards(folderOf(folder))];
}

/**
 * Paths in a configuration are relative to its file; esbuild resolves them relative to the workflow's folder.
 */
function withPaths(options: Options, name: string): Options {
  const { baseUrl, paths, ...others } = options;
  const base = typeof baseUrl === "string" ? joinPath(folderOf(name), baseUrl) : undefined;
  const mapped = Object.entries(asRecord(paths)).map(([pattern, targets]) => [
    pattern,
    [targets].flat().map((target) => `./${joinPath(base ?? folderOf(name), asText(target))}`),
  ]);
  return {
    ...others,
    ...(base === undefined ? {} : { baseUrl: `./${base}` }),
    ...(paths === undefined ? {} : { paths: Object.fromEntries(mapped) }),
  };
}

/**
 * The options that a bundle depends on or warns of, with paths relative to the file as its author writes them: alone in
 * the file, they mean the same as with all that it extends.
 */
function appliedOptions(name: string, options: Options): Options {
  const { baseUrl, paths, ...others } = options;
  const applied = Object.entries(others).filter(([key]) => counted.has(key) || key in notCounted);
  const base = baseUrl === undefined ? folderOf(name) : joinPath(asText(baseUrl));
  const mapped = Object.entries(asRecord(paths)).map(([pattern, targets]) => [
    pattern,
    [targets].flat().map((target) => relativePath(base, joinPath(asText(target)))),
  ]);
  return {
    ...Object.fromEntries(applied),
    ...(baseUrl === undefined ? {} : { baseUrl: relativePath(folderOf(name), base) }),
    ...(paths === undefined ? {} : { paths: Object.fromEntries(mapped) }),
  };
}

function isCounted(key: string, value: unknown): boolean {
  if (key === "jsx") return !unusableJsx.includes(asText(value));
  return counted.has(key);
}

const unusableJsx = ["preserve", "react-native"];

/** The options that esbuild uses and that affect a bundle. */
const compilerOptions = {
  alwaysStrict: true,
  baseUrl: true,
  experimentalDecorators: true,
  importsNotUsedAsValues: true,
  jsx: true,
  jsxFactory: true,
  jsxFragmentFactory: true,
  jsxImportSource: true,
  paths: true,
  preserveValueImports: true,
  strict: true,
  target: true,
  useDefineForClassFields: true,
  verbatimModuleSyntax: true,
} as const satisfies Partial<
  Record<keyof NonNullable<Exclude<TsconfigRaw, string>["compilerOptions"]>, true>
>;

const counted: ReadonlySet<string> = new Set(Object.keys(compilerOptions));

function warningsOf(name: string, options: Options): readonly Diagnostic[] {
  const warned = Object.entries(notCounted).filter(([key]) => isAskedFor(options[key]));
  const warnings = warned.map(([key, hint]) => ({
    message: `"${key}" of ${name} has no effect`,
    file: name,
    hint,
  }));
  if (!unusableJsx.includes(asText(options["jsx"]))) return warnings;
  const hint =
    'JSX becomes calls of React.createElement; set "jsx" to "react-jsx", or "jsxFactory", for others';
  return [
    ...warnings,
    { message: `"jsx": "${asText(options["jsx"])}" of ${name} has no effect`, file: name, hint },
  ];
}

function isAskedFor(option: unknown): boolean {
  return option !== undefined && option !== false && option !== null;
}

/** Options that would change how a bundle behaves, and have no effect. */
const notCounted = {
  emitDecoratorMetadata:
    "Types do not exist at run time. Pass decorators what they need as arguments, such as @Type(() => Order), or a token to inject",
  rootDirs: "Import each file by its actual path",
  moduleSuffixes: "Import each file by its full name",
  customConditions:
    'Packages are resolved with the conditions "worker", "node", "module" and "import" or "require"',
};

function asRecord(value: unknown): Options {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Options) : {};
}

function asText(value: unknown): string {
  return typeof value === "string" ? value : "";
}
