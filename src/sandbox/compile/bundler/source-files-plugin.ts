import type { Loader, OnLoadResult, OnResolveArgs, OnResolveResult, Plugin, PluginBuild } from "esbuild";
import { authorNamespace, helpersNamespace } from "../diagnostics/diagnostics.ts";
import type { MessageDetail } from "../diagnostics/diagnostics.ts";
import { delegatedToEsbuild, askOnce, resolveImport } from "../resolution/module-resolution.ts";
import type { AskEsbuild } from "../resolution/module-resolution.ts";
import { fileNameOf, modulePathsOf } from "../resolution/module-type.ts";
import type { ModulePaths } from "../resolution/module-type.ts";
import { extensionOf } from "../resolution/paths.ts";
import type { SourceTree } from "../resolution/source-tree.ts";
import {
  requireOfFile,
  requireOfFileModule,
  requireOfFileNamespace,
  withRequireOfFile,
} from "../shims/create-require.ts";
import type { ReadPolyfill } from "../shims/polyfills.ts";
import { resolveBuiltin } from "../shims/resolve-builtin.ts";
import type { ReadShims } from "../shims/shim-files.ts";

/** The input of a bundle. */
export interface BundleInput {
  /** The name of the file that exports `run`. */
  readonly entry: string;
  readonly tree: SourceTree;
  /**
   * The values that "duranium" exports, as TypeScript. Imports of its types are removed before esbuild
   * resolves them.
   */
  readonly helpers: string;
  readonly readPolyfill: ReadPolyfill;
  readonly readShims: ReadShims;
}

/** The path of the generated entry in esbuild's messages. */
export const entryName = "duranium:entry";

/**
 * Provides esbuild with the texts of a workflow's files and of no others. esbuild resolves imports itself, in
 * the folder of the source tree, and files outside of the workflow are rejected.
 *
 * Two more ways to the disk are closed. Source maps that a comment names, also by `file:` URLs, are not read.
 * And esbuild looks for computed imports relative to its own working directory, because files in a plugin's
 * namespace have no folder: that directory is empty and too deep to be left (`limited-program.ts`).
 */
export function sourceFilesPlugin({ entry, tree, helpers }: Omit<BundleInput, "readShims">): Plugin {
  const pathOf = modulePathsOf(tree);
  // A bundle may be built twice; the resolved imports are the same.
  let current: PluginBuild | undefined;
  const ask = askOnce(async (...question) => {
    if (current === undefined) throw new Error("No build has started");
    return await current.resolve(...question);
  });
  return {
    name: "source files",
    setup(build) {
      current = build;
      build.onResolve({ filter: /.*/ }, async (request) =>
        isOurs(request)
          ? await resolve(
              { ...request, importer: fileNameOf(request.importer) },
              { entry, tree, ask, pathOf },
            )
          : undefined,
      );
      build.onLoad({ filter: /.*/, namespace: "duranium" }, () => ({ contents: entryScript, loader: "js" }));
      build.onLoad({ filter: /.*/, namespace: helpersNamespace }, () => ({
        contents: helpers,
        loader: "ts",
      }));
      build.onLoad({ filter: /.*/, namespace: authorNamespace }, ({ path }) => load(fileNameOf(path), tree));
      build.onLoad({ filter: /.*/, namespace: requireOfFileNamespace }, ({ path }) => ({
        contents: requireOfFileModule(tree.read(path) ?? ""),
        loader: "js",
      }));
      build.onLoad({ filter: /.*/, namespace: missingNamespace }, ({ path }) => ({
        contents: missingModule(path),
        loader: "js",
      }));
      build.onLoad({ filter: /.*/, namespace: "file" }, () => ({
        errors: [{ text: "Could not resolve import(…)" }],
      }));
    },
  };
}

function isOurs({ namespace, pluginData, kind }: OnResolveArgs): boolean {
  if (pluginData === delegatedToEsbuild) return false;
  return kind === "entry-point" || ["duranium", authorNamespace, requireOfFileNamespace].includes(namespace);
}

const entryScript = `import * as workflow from "workflow";
workflow.run;
workflow.default;
globalThis.__duranium_define(workflow);
`;

const missingNamespace = "missing";

const loaders: ReadonlyMap<string, Loader> = new Map([
  [".ts", "ts"],
  [".mts", "ts"],
  [".cts", "ts"],
  [".tsx", "tsx"],
  [".js", "js"],
  [".mjs", "js"],
  [".cjs", "js"],
  [".jsx", "jsx"],
  [".json", "json"],
  [".txt", "text"],
]);

/** The names by which a workflow imports its types and helpers. Neither needs to be installed. */
const guestPackages: readonly string[] = ["duranium", "@duranium/workflow"];

interface Resolver {
  readonly entry: string;
  readonly tree: SourceTree;
  readonly ask: AskEsbuild;
  readonly pathOf: ModulePaths;
}

async function resolve(
  request: OnResolveArgs,
  { entry, tree, ask, pathOf }: Resolver,
): Promise<OnResolveResult> {
  if (request.kind === "entry-point") return { path: "entry", namespace: "duranium" };
  if (request.namespace === "duranium") return { path: pathOf(entry), namespace: authorNamespace };
  if (request.path === requireOfFile) return { path: request.importer, namespace: requireOfFileNamespace };
  if (guestPackages.includes(request.path))
    return { path: "duranium", namespace: helpersNamespace, sideEffects: false };
  const resolution = await resolveImport(request, tree, ask);
  if (request.path.endsWith(".node") && mayBeMissing(request)) return missing(request);
  if ("name" in resolution)
    return {
      path: pathOf(resolution.name),
      namespace: authorNamespace,
      sideEffects: resolution.sideEffects,
    };
  const isRequire = request.kind === "require-call" || request.kind === "require-resolve";
  const standIn = "builtin" in resolution ? resolveBuiltin(resolution.builtin, isRequire) : undefined;
  if (standIn !== undefined) return standIn;
  if (mayBeMissing(request)) return missing(request);
  return {
    errors: [{ text: resolution.message, detail: { hint: resolution.hint } satisfies MessageDetail }],
  };
}

/**
 * Packages test for Node, for another package, or for their native code, and catch the error if it is
 * missing. A missing module must therefore fail only when its code runs.
 */
function mayBeMissing({ kind, importer, path, namespace }: OnResolveArgs): boolean {
  const isConditional = kind === "require-call" || kind === "dynamic-import";
  const isOptional = !path.startsWith(".") || path.endsWith(".node") || namespace === requireOfFileNamespace;
  return isConditional && importer.includes("node_modules/") && isOptional;
}

function missing({ path }: OnResolveArgs): OnResolveResult {
  return { path, namespace: missingNamespace };
}

function missingModule(path: string): string {
  const message = JSON.stringify(`Cannot find module '${path}': it is not in the bundle of this workflow`);
  return `throw Object.assign(new Error(${message}), { code: "MODULE_NOT_FOUND" });`;
}

function load(path: string, tree: SourceTree): OnLoadResult {
  const contents = tree.read(path);
  const loader = loaders.get(extensionOf(path));
  if (contents === undefined)
    return failed(`The request contains no file "${path}"`, "Name one of its files as the entry");
  if (loader === undefined) {
    const known = [...loaders.keys()].join(" ");
    return failed(`Cannot import "${path}": files of this type are not supported`, `Use one of ${known}`);
  }
  // Data has no comments and stays unchanged.
  if (loader === "json" || loader === "text") return { contents, loader };
  return { contents: withRequireOfFile(withoutSourceMap(contents)), loader };
}

/** Replaced by text of the same length, so that columns do not change. */
function withoutSourceMap(contents: string): string {
  return contents.replaceAll(/([#@]\s*sourceMappingURL)=/g, "$1:");
}

function failed(text: string, hint: string): OnLoadResult {
  return { errors: [{ text, detail: { hint } satisfies MessageDetail }] };
}
