import type { Loader, OnLoadResult, OnResolveArgs, OnResolveResult, Plugin } from "esbuild";
import { authorNamespace, helpersNamespace } from "./diagnostics.ts";
import type { MessageDetail } from "./diagnostics.ts";
import { resolveBuiltin } from "./node-compat/resolve-builtin.ts";
import { resolveImport } from "./module-resolution.ts";
import type { SourceFiles } from "./source-files.ts";
import { extensionOf } from "./paths.ts";

/** What a bundle is made of. */
export interface BundleInput {
  /** The path of the file that exports `run`. */
  readonly entry: string;
  readonly files: SourceFiles;
  /** TypeScript: what "duranium" has as values. Its types are gone before esbuild asks. */
  readonly helpers: string;
}

/** The path of our own entry, as esbuild shows it in messages. */
export const entryName = "duranium:entry";

/**
 * Answers all that esbuild asks about files from a request's files, so that it has no reason to look at
 * the disk. It has two ways to do so without asking, and both are closed: source maps that a comment
 * names (also by `file:` URLs) are not looked for, and paths computed from `"./"` are searched beneath a
 * folder that is nowhere, and too deep to be left.
 */
export function sourceFilesPlugin({ entry, files, helpers }: BundleInput): Plugin {
  return {
    name: "source files",
    setup(build) {
      build.onResolve({ filter: /.*/ }, (request) => resolve(request, entry, files));
      build.onLoad({ filter: /.*/, namespace: "duranium" }, () => ({ contents: entryScript, loader: "js" }));
      build.onLoad({ filter: /.*/, namespace: helpersNamespace }, () => ({
        contents: helpers,
        loader: "ts",
      }));
      build.onLoad({ filter: /.*/, namespace: authorNamespace }, ({ path }) => load(path, files));
      build.onLoad({ filter: /.*/, namespace: emptyNamespace }, () => ({ contents: "", loader: "js" }));
      build.onLoad({ filter: /.*/, namespace: missingNamespace }, ({ path }) => ({
        contents: missingModule(path),
        loader: "js",
      }));
      build.onLoad({ filter: /.*/ }, () => ({ errors: [{ text: "Could not resolve import(…)" }] }));
    },
  };
}

const entryScript = `import * as workflow from "workflow";
workflow.run;
workflow.default;
globalThis.__duranium_define(workflow);
`;

/**
 * A folder that is nowhere, and so deep that no path in the text leads out of it: every step up has a slash of its
 * own, which may be written as an escape. esbuild would else walk the machine's folders for a computed path, and
 * tell by how it goes on what is there.
 */
function nowhereFor(contents: string): string {
  const steps = contents.match(/[/\\]/g)?.length ?? 0;
  return `/nowhere/${"_/".repeat(steps)}`;
}

const emptyNamespace = "empty";
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

/** By which names a workflow imports its types and helpers: neither needs to be installed. */
const guestPackages: readonly string[] = ["duranium", "@duranium/workflow"];

function resolve(request: OnResolveArgs, entry: string, files: SourceFiles): OnResolveResult {
  if (request.kind === "entry-point") return { path: "entry", namespace: "duranium" };
  if (request.namespace === "duranium") return { path: entry, namespace: authorNamespace };
  if (guestPackages.includes(request.path))
    return { path: "duranium", namespace: helpersNamespace, sideEffects: false };
  const isRequire = request.kind === "require-call" || request.kind === "require-resolve";
  const resolution = resolveImport({ specifier: request.path, importer: request.importer, isRequire }, files);
  if ("path" in resolution) return { ...resolution, namespace: authorNamespace };
  if ("isEmpty" in resolution) return { path: request.path, namespace: emptyNamespace };
  const standIn = "builtin" in resolution ? resolveBuiltin(resolution.builtin, isRequire) : undefined;
  if (standIn !== undefined) return standIn;
  if (mayBeMissing(request)) return { path: request.path, namespace: missingNamespace };
  return {
    errors: [{ text: resolution.message, detail: { hint: resolution.hint } satisfies MessageDetail }],
  };
}

/**
 * Packages look whether they are in Node, or whether another package is there, and catch what comes of it:
 * only code that is run anyway meets the module that is not there.
 */
function mayBeMissing({ kind, importer, path }: OnResolveArgs): boolean {
  const isConditional = kind === "require-call" || kind === "dynamic-import";
  return isConditional && importer.includes("node_modules/") && !path.startsWith(".");
}

function missingModule(path: string): string {
  const message = JSON.stringify(`Cannot find module '${path}': it is not in the bundle of this workflow`);
  return `throw Object.assign(new Error(${message}), { code: "MODULE_NOT_FOUND" });`;
}

function load(path: string, files: SourceFiles): OnLoadResult {
  const contents = files.get(path);
  const loader = loaders.get(extensionOf(path));
  if (contents === undefined)
    return failed(`The request has no file "${path}"`, "Name one of its files as the entry");
  if (loader === undefined) {
    const known = [...loaders.keys()].join(" ");
    return failed(`Cannot import "${path}": files of this kind have no meaning`, `Use one of ${known}`);
  }
  // Data has no comments, and stays as it is.
  if (loader === "json" || loader === "text") return { contents, loader };
  return { contents: withoutSourceMap(contents), loader, resolveDir: nowhereFor(contents) };
}

/** Same length: columns stay what they are. */
function withoutSourceMap(contents: string): string {
  return contents.replaceAll(/([#@]\s*sourceMappingURL)=/g, "$1:");
}

function failed(text: string, hint: string): OnLoadResult {
  return { errors: [{ text, detail: { hint } satisfies MessageDetail }] };
}
