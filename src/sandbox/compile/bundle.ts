import type { BuildFailure, BuildOptions, Message, Metafile, OutputFile, Plugin } from "esbuild";
import { DuraniumError, messageOf } from "../../domain/errors.ts";
import type { Diagnostic, ErrorCode } from "../../domain/errors.ts";
import { bundleTimeoutMs, maxBundleBytes } from "../../domain/limits.ts";
import type { WorkflowSource } from "../../domain/workflow.ts";
import { createSlots } from "../../host/slots.ts";
import { authorName, authorPath, summarize, toDiagnostic } from "./diagnostics.ts";
import { entryName, sourceFilesPlugin } from "./source-files-plugin.ts";
import type { BundleInput } from "./source-files-plugin.ts";
import type { CollectedFiles } from "./source-files.ts";

/** A workflow as one script, which calls `globalThis.__duranium_define` with its exports. */
export interface Bundle {
  /** UTF-8. */
  readonly code: Uint8Array;
  /** JSON. Its sources are the author's paths; what bundling added has none. */
  readonly sourceMap: string;
}

/** Bundles TypeScript or JavaScript out of memory: no file of the machine gets into a bundle. */
export interface Bundler extends AsyncDisposable {
  /** @throws {DuraniumError} `compile-failed`, `missing-run`, `bundle-too-large`, with diagnostics */
  bundle(source: WorkflowSource): Promise<Bundle>;
}

/** esbuild: its native program, or its WebAssembly in a browser. Both make the same bytes. */
export interface BundlingProgram {
  build(options: BuildOptions & typeof buildOptions & { readonly plugins: Plugin[] }): Promise<BuiltInMemory>;
  /** Ends it. It begins anew with the next build. */
  stop(): Promise<void>;
}

interface BuiltInMemory {
  readonly warnings: readonly Message[];
  readonly outputFiles: readonly OutputFile[];
  readonly metafile: Metafile;
}

export interface BundlerOptions {
  readonly program: BundlingProgram;
  /** All that a source may be bundled from. */
  readonly collectFiles: (source: WorkflowSource) => CollectedFiles;
  /** `src/guest/helpers.ts`, as text. */
  readonly readHelpers: () => Promise<string>;
  readonly timeoutMs?: number;
}

/**
 * A source that is nested a million levels deep ends esbuild's process, and with it all that runs in it.
 * So it has one source at a time, and is started anew after every failure that is not the source's.
 */
export function createBundler(options: BundlerOptions): Bundler {
  const slots = createSlots(1);
  return {
    async bundle(source) {
      using _slot = await slots.take();
      const { files, problems } = options.collectFiles(source);
      if (problems.length > 0) throw refused("compile-failed", problems);
      const helpers = await options.readHelpers();
      return await bundleWorkflow({ entry: source.entry, files, helpers }, options);
    },
    async [Symbol.asyncDispose]() {
      slots.close(new DuraniumError("worker-lost", "Cannot bundle a workflow: the compiler is closed"));
      await options.program.stop();
    },
  };
}

/** More than an author reads, and a file that is no source at all can have thousands. */
const maxErrors = 50;

const buildOptions = {
  entryPoints: [entryName],
  outfile: "/workflow.js",
  bundle: true,
  write: false,
  format: "iife",
  target: "es2024",
  platform: "browser",
  charset: "utf8",
  legalComments: "none",
  sourcemap: "external",
  sourcesContent: false,
  metafile: true,
  // Packages read settings that they do without, and call the global object as Node does.
  define: { "process.env.NODE_ENV": '"production"', "process.env": "{}", global: "globalThis" },
  // The engine traps on literals with \p{…}, and the guest's RegExp knows them: so literals with the flags u, v
  // and y become calls of it. Those with \p{…} alone would not do, as esbuild misses [^\p{…}].
  // It also traps on import(…), which thus becomes a rejected promise where nothing was found to bundle.
  supported: {
    "regexp-sticky-and-unicode-flags": false,
    "regexp-set-notation": false,
    "regexp-unicode-property-escapes": false,
    "dynamic-import": false,
  },
  // A tsconfig.json of the machine must not count.
  tsconfigRaw: {},
  logLevel: "silent",
} as const satisfies BuildOptions;

async function bundleWorkflow(source: BundleInput, options: BundlerOptions): Promise<Bundle> {
  const { warnings, outputFiles, metafile } = await buildInMemory(source, options);
  requireRun(source.entry, warnings, metafile);
  const [sourceMap, code] = outputFiles;
  if (sourceMap === undefined || code === undefined)
    throw new DuraniumError("internal", "esbuild wrote nothing");
  requireFitting(code.contents.length);
  return { code: code.contents, sourceMap: withAuthorPaths(sourceMap.text) };
}

async function buildInMemory(
  source: BundleInput,
  { program, timeoutMs = bundleTimeoutMs }: BundlerOptions,
): Promise<BuiltInMemory> {
  const { promise: overdue, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`it took longer than ${timeoutMs} ms`)), timeoutMs);
  try {
    const plugins = [sourceFilesPlugin(source)];
    return await Promise.race([program.build({ ...buildOptions, plugins }), overdue]);
  } catch (error) {
    if (isBuildFailure(error)) throw refused("compile-failed", diagnosticsOf(error), error);
    await program.stop();
    throw refused("compile-failed", [gaveUp(error)], error);
  } finally {
    clearTimeout(timer);
  }
}

function isBuildFailure(error: unknown): error is BuildFailure {
  return error instanceof Error && "errors" in error;
}

function diagnosticsOf({ errors }: BuildFailure): readonly Diagnostic[] {
  // Where there are no folders to look into, esbuild says that as well, before what comes of it.
  const told = errors.filter(({ text }) => !text.startsWith("Cannot read directory "));
  const diagnostics = (told.length === 0 ? errors : told).slice(0, maxErrors).map(toDiagnostic);
  // A computed path has an error for each file that it could mean: how many there are is the machine's affair.
  return [...new Map(diagnostics.map((diagnostic) => [JSON.stringify(diagnostic), diagnostic])).values()];
}

function gaveUp(error: unknown): Diagnostic {
  return {
    message: `esbuild gave up on this source: ${messageOf(error)}`,
    hint: "Look for expressions that are nested very deeply, as generators write them, and flatten them",
  };
}

/** Our entry reads `run` and `default` off the workflow: esbuild says which of them cannot be there. */
function requireRun(entry: string, warnings: readonly Message[], { inputs }: Metafile): void {
  const missing = warnings
    .filter(({ id }) => id === "import-is-undefined")
    .flatMap(({ location }) => (location?.file === entryName ? [location.lineText] : []));
  if (!missing.includes("workflow.run;")) return;
  const hasDefault = inputs[authorName(entry)]?.format === "esm" && !missing.includes("workflow.default;");
  const hint = hasDefault
    ? "The file has a default export: write `export async function run(…)` instead of `export default`"
    : "Write `export async function run(ctx, payload) { … }`";
  throw refused("missing-run", [{ message: "The workflow does not export run", file: entry, hint }]);
}

function requireFitting(bytes: number): void {
  if (bytes <= maxBundleBytes) return;
  const message = `The bundle has ${bytes} bytes, and the limit is ${maxBundleBytes}`;
  const hint = "Import less: large packages often have parts that can be imported alone";
  throw refused("bundle-too-large", [{ message, hint }]);
}

function refused(code: ErrorCode, diagnostics: readonly Diagnostic[], cause?: unknown): DuraniumError {
  return new DuraniumError(code, `Cannot compile the workflow: ${summarize(diagnostics)}`, {
    cause,
    diagnostics,
  });
}

function withAuthorPaths(sourceMap: string): string {
  const map = JSON.parse(sourceMap) as { sources: string[] };
  return JSON.stringify({ ...map, sources: map.sources.map((path) => authorPath(path) ?? null) });
}
