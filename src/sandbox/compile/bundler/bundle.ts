import type { BuildFailure, BuildOptions, Message, Metafile, OutputFile, Plugin } from "esbuild";
import { inMiB } from "../../../base/binary-units.ts";
import { DuraniumError } from "../../../domain/errors.ts";
import type { Diagnostic, ErrorCode } from "../../../domain/errors.ts";
import type { WorkflowSource } from "../../../domain/workflow.ts";
import { authorPath, summarize, toDiagnostic } from "../diagnostics/diagnostics.ts";
import { packageRootOf } from "../resolution/package-root.ts";
import { folderOf } from "../resolution/paths.ts";
import { readTsconfig } from "../resolution/tsconfig.ts";
import type { Tsconfig } from "../resolution/tsconfig.ts";
import { withRequired } from "../shims/dynamic-require.ts";
import { findNeeds, isNeeded, optionsFor } from "../shims/node-needs.ts";
import { nodeCompatPlugin } from "../shims/plugin.ts";
import { polyfillPlugin } from "../shims/polyfills.ts";
import { processEnv } from "../shims/resolve-builtin.ts";
import { maxBundleBytes } from "./limits.ts";
import { entryName, sourceFilesPlugin } from "./source-files-plugin.ts";
import type { BundleInput } from "./source-files-plugin.ts";
import { withStrictness } from "./strictness.ts";

/** A workflow as one script, which calls `globalThis.__duranium_define` with its exports. */
export interface Bundle {
  /** UTF-8. */
  readonly code: Uint8Array;
  /** JSON. Its sources are the author's paths; code that bundling added has no source. */
  readonly sourceMap: string;
  /** Settings of the author that have no effect. */
  readonly warnings: readonly Diagnostic[];
}

/** Bundles TypeScript or JavaScript. Only files of the workflow get into a bundle. */
export interface Bundler extends AsyncDisposable {
  /**
   * @throws {DuraniumError} `compile-failed`, `missing-run`, `bundle-too-large`, with diagnostics
   * @throws {DuraniumError} `overloaded`, `worker-lost`
   */
  bundle(source: WorkflowSource): Promise<Bundle>;
}

/** esbuild: its native program, or its WebAssembly in a browser. Both return the same bytes. */
export type Build = (options: InMemoryBuildOptions) => Promise<BuiltInMemory>;

type InMemoryBuildOptions = BuildOptions & {
  readonly write: false;
  readonly metafile: true;
  readonly plugins: Plugin[];
};

interface BuiltInMemory {
  readonly warnings: readonly Message[];
  readonly outputFiles: readonly OutputFile[];
  readonly metafile: Metafile;
}

/** More than an author reads. A file that is not source code can have thousands of errors. */
const maxErrors = 50;

/**
 * Syntax that esbuild must not leave in a script. The engine traps on literals with \p{…} but the guest's
 * RegExp supports them, so literals with the flags u, v and y become calls of it (not only those with \p{…},
 * because esbuild misses [^\p{…}]). The engine also traps on import(…), which becomes a rejected promise
 * where the bundler found no module.
 */
export const engineSupport = {
  "regexp-sticky-and-unicode-flags": false,
  "regexp-set-notation": false,
  "regexp-unicode-property-escapes": false,
  "dynamic-import": false,
};

const buildOptions = {
  entryPoints: [entryName],
  outfile: "/workflow.js",
  bundle: true,
  write: false as const,
  format: "iife",
  target: "es2024",
  // Packages are resolved as in Node, except that builds for workers, which use fetch, are preferred. Builds
  // for browsers expect a document, or lack what Node's have.
  platform: "neutral",
  mainFields: ["main", "module"],
  conditions: ["worker", "node", "module"],
  resolveExtensions: [".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs", ".json"],
  // Errors and tests that use the name of a class or function must find the name that its author wrote.
  keepNames: true,
  charset: "utf8",
  legalComments: "none",
  sourcemap: "external",
  sourcesContent: false,
  metafile: true as const,
  // Packages use these as in Node.
  define: {
    "process.env.NODE_ENV": '"production"',
    "process.env": "__duranium_process_env",
    global: "globalThis",
    __filename: '"/workflow.js"',
    __dirname: '"/"',
    "import.meta.url": '"file:///workflow.js"',
  },
  supported: engineSupport,
  inject: [processEnv],
  logLevel: "silent",
} satisfies BuildOptions;

/**
 * Bundles a source tree.
 *
 * @throws {DuraniumError} `compile-failed`, `missing-run`, `bundle-too-large`, with diagnostics
 * @throws what `build` throws if esbuild itself has exited
 */
export async function bundleWorkflow(input: BundleInput, build: Build): Promise<Bundle> {
  const tsconfig = readTsconfig(input.entry, input.tree);
  if (tsconfig.problems.length > 0) throw refused("compile-failed", tsconfig.problems);
  const { warnings, outputFiles, metafile } = await buildInMemory(input, tsconfig, build);
  assertNoComputedImport(warnings);
  assertRun(input.entry, warnings, metafile);
  const [sourceMap, code] = outputFiles;
  if (sourceMap === undefined || code === undefined)
    throw new DuraniumError("internal", "Cannot bundle the workflow: esbuild returned no output");
  assertFitting(code.contents.length, metafile);
  const map = JSON.parse(sourceMap.text) as SourceMap;
  const built = { code: withRequired(code.text), mappings: map.mappings };
  const script = withStrictness(built, metafile, (path) => input.tree.read(path));
  return {
    code: new TextEncoder().encode(script.code),
    sourceMap: JSON.stringify({ ...withAuthorPaths(map), mappings: script.mappings }),
    warnings: tsconfig.warnings,
  };
}

async function buildInMemory(input: BundleInput, { raw }: Tsconfig, build: Build): Promise<BuiltInMemory> {
  const { directory, packagesDir } = input.tree;
  try {
    const options = {
      ...buildOptions,
      absWorkingDir: directory,
      tsconfigRaw: raw,
      ...(packagesDir === undefined ? {} : { nodePaths: [packagesDir] }),
      plugins: [
        nodeCompatPlugin(input.readShims),
        polyfillPlugin(input.readPolyfill),
        sourceFilesPlugin(input),
      ],
    };
    return await buildWithGlobals(options, build);
  } catch (error) {
    if (isBuildFailure(error)) throw refused("compile-failed", diagnosticsOf(error), error);
    throw error;
  }
}

/**
 * The globals that a bundle needs are known only after it was built: if it needs any, it is built again with
 * them.
 */
async function buildWithGlobals(options: InMemoryBuildOptions, build: Build): Promise<BuiltInMemory> {
  const built = await build(options);
  const needs = findNeeds(built.outputFiles, built.metafile);
  return isNeeded(needs) ? await build(optionsFor(options, needs)) : built;
}

function isBuildFailure(error: unknown): error is BuildFailure {
  return error instanceof Error && "errors" in error;
}

function diagnosticsOf({ errors }: BuildFailure): readonly Diagnostic[] {
  // If esbuild has no folders to search, it reports that as well, before the errors that follow from it.
  const told = errors.filter(({ text }) => !text.startsWith("Cannot read directory "));
  const diagnostics = (told.length === 0 ? errors : told).slice(0, maxErrors).map(toDiagnostic);
  // A computed path has an error for each file that it could mean. Their number depends on the machine, so
  // duplicates are removed.
  return [...new Map(diagnostics.map((diagnostic) => [JSON.stringify(diagnostic), diagnostic])).values()];
}

/** esbuild only warns when a computed import matches no file. Packages may not need what they compute. */
function assertNoComputedImport(warnings: readonly Message[]): void {
  const computed = warnings.filter(
    ({ id, location }) => id === "empty-glob" && !(location?.file ?? "").includes("node_modules/"),
  );
  if (computed.length > 0) throw refused("compile-failed", computed.slice(0, maxErrors).map(toDiagnostic));
}

/**
 * The generated entry reads `run` and `default` from the workflow: esbuild reports which of them do not
 * exist.
 */
function assertRun(entry: string, warnings: readonly Message[], { inputs }: Metafile): void {
  const missing = warnings
    .filter(({ id }) => id === "import-is-undefined")
    .flatMap(({ location }) => (location?.file === entryName ? [location.lineText] : []));
  if (!missing.includes("workflow.run;")) return;
  const [, input] = Object.entries(inputs).find(([name]) => authorPath(name) === entry) ?? [];
  const hasDefault = input?.format === "esm" && !missing.includes("workflow.default;");
  const hint = hasDefault
    ? "The file has a default export. Write `export async function run(…)` instead of `export default`"
    : "Write `export async function run(ctx, payload) { … }`";
  throw refused("missing-run", [{ message: "The workflow does not export run", file: entry, hint }]);
}

function assertFitting(bytes: number, metafile: Metafile): void {
  if (bytes <= maxBundleBytes) return;
  const message = `The bundle is ${inMiB(bytes)} and the limit is ${inMiB(maxBundleBytes)}`;
  throw refused("bundle-too-large", [{ message, hint: hintOfSizes(metafile) }]);
}

/**
 * Names the largest packages, and the largest folders of the largest one: either may be unnecessary, or be
 * all that is needed.
 */
function hintOfSizes(metafile: Metafile): string {
  const packages = largest(metafile, (path) => packageNameOf(path) ?? path);
  const [first] = packages[0] ?? [""];
  const folders = largest(metafile, (path) =>
    packageNameOf(path) === first ? folderInPackage(path) : undefined,
  );
  const advice =
    folders.length < 2
      ? "Import smaller packages"
      : `Import only the parts of ${first} that you need, by their paths if it offers them (its largest folders: ${shown(folders)}), import a smaller package`;
  return `The largest parts are ${shown(packages)}. ${advice}, or call the service with fetch`;
}

function shown(sizes: readonly (readonly [string, number])[]): string {
  return sizes.map(([name, size]) => `${name} (${inMiB(size)})`).join(", ");
}

function packageNameOf(path: string): string | undefined {
  return packageRootOf(path)?.replace(/^.*node_modules\//, "");
}

/** Two levels: `lib/codegen`. */
function folderInPackage(path: string): string {
  const below = path.slice((packageRootOf(path)?.length ?? -1) + 1);
  return folderOf(below).split("/").slice(0, 2).join("/");
}

/** The three largest groups of the author's files, by their bytes in the bundle. */
function largest(
  { outputs }: Metafile,
  groupOf: (path: string) => string | undefined,
): readonly (readonly [string, number])[] {
  const sizes = new Map<string, number>();
  for (const [name, { bytesInOutput }] of Object.values(outputs).flatMap(({ inputs }) =>
    Object.entries(inputs),
  )) {
    const group = groupOf(authorPath(name) ?? name);
    if (group !== undefined) sizes.set(group, (sizes.get(group) ?? 0) + bytesInOutput);
  }
  return [...sizes].toSorted(([, a], [, b]) => b - a).slice(0, 3);
}

/** A refused compilation, with diagnostics for the author. */
export function refused(code: ErrorCode, diagnostics: readonly Diagnostic[], cause?: unknown): DuraniumError {
  return new DuraniumError(code, `Cannot compile the workflow: ${summarize(diagnostics)}`, {
    cause,
    diagnostics,
  });
}

interface SourceMap {
  readonly sources: readonly (string | null)[];
  readonly mappings: string;
}

function withAuthorPaths({ sources, ...map }: SourceMap): SourceMap {
  return { ...map, sources: sources.map((path) => authorPath(path ?? "") ?? null) };
}
