import type { ImportKind, OnResolveArgs, PluginBuild, ResolveResult } from "esbuild";
import type { Diagnostic } from "../../domain/errors.ts";
import { isNodeModule } from "./node-modules.ts";
import { packageRootOf } from "./package-root.ts";
import { folderOf, joinPath } from "./paths.ts";
import { parseManifest } from "./source-tree.ts";
import type { SourceTree } from "./source-tree.ts";

/** A file of the workflow, or why there is none. */
export type Resolution =
  | { readonly name: string; readonly sideEffects: boolean }
  /** A package's `browser` map replaces it by nothing. */
  | { readonly isEmpty: true }
  /** One of Node's own modules, without `node:`, and what to say where nothing stands in for it. */
  | ({ readonly builtin: string } & Pick<Diagnostic, "message" | "hint">)
  | Pick<Diagnostic, "message" | "hint">;

/** Marks what is asked of esbuild itself, so that it does not come back here. */
export const askedOfEsbuild = Symbol("asked of esbuild");

/**
 * Resolves an import by esbuild's own resolution in the workflow's folder, and accepts only what is a file of the
 * workflow. Whether a file outside of it exists makes no difference to the answer.
 */
export async function resolveImport(
  request: Pick<OnResolveArgs, "path" | "importer" | "kind">,
  tree: SourceTree,
  build: Pick<PluginBuild, "resolve">,
): Promise<Resolution> {
  const { path: specifier, importer, kind } = request;
  if (specifier.startsWith("node:") && isNodeModule(specifier)) return builtin(specifier);
  if (isElsewhere(specifier)) return elsewhere(specifier);
  const isRelative = /^\.\.?(?:\/|$)/.test(specifier);
  const target = joinPath(folderOf(importer), specifier);
  if (isRelative && /^\.\.(?:\/|$)/.test(target)) return missingFile(specifier, target);
  if (isReplacedByNothing(specifier, importer, tree)) return { isEmpty: true };
  const found = await ask(build, { specifier, kind, from: tree.pathOf(importer) });
  if (isEmpty(found)) return { isEmpty: true };
  const name = found.errors.length > 0 ? undefined : tree.nameOf(found.path);
  if (name !== undefined) return accept(request, { name, sideEffects: found.sideEffects }, tree);
  // A file that is replaced need not be there.
  if (isRelative && isFileReplacedByNothing(target, tree)) return { isEmpty: true };
  if (isRelative) return missingFile(specifier, target);
  // A package that has the name of one of Node's modules is preferred to it: npm has its own buffer, events and util.
  return isNodeModule(specifier) ? builtin(specifier) : missingPackage(specifier);
}

async function ask(
  build: Pick<PluginBuild, "resolve">,
  { specifier, kind, from }: { specifier: string; kind: ImportKind; from: string },
): Promise<ResolveResult> {
  return await build.resolve(specifier, {
    kind,
    importer: from,
    namespace: "file",
    resolveDir: folderOf(from),
    pluginData: askedOfEsbuild,
  });
}

function isElsewhere(specifier: string): boolean {
  return /^(?:[A-Za-z][A-Za-z0-9+.-]*:|[/\\])/.test(specifier) && !specifier.startsWith("node:");
}

function accept(
  { path, importer }: Pick<OnResolveArgs, "path" | "importer">,
  found: { readonly name: string; readonly sideEffects: boolean },
  tree: SourceTree,
): Resolution {
  tree.noteImport?.(path, importer, found.name);
  return isFileReplacedByNothing(found.name, tree) ? { isEmpty: true } : found;
}

/** A name that a `browser` map replaces by nothing, and that no package has. */
function isEmpty({ errors, path, namespace }: ResolveResult): boolean {
  return errors.length === 0 && path !== "" && namespace !== "file" && namespace !== "dataurl";
}

/**
 * esbuild tells a plugin which file it found, and not that a `browser` map replaces the file by nothing
 * (https://github.com/defunctzombie/package-browser-field-spec).
 */
function isReplacedByNothing(specifier: string, importer: string, tree: SourceTree): boolean {
  return !specifier.startsWith(".") && browserMap(importer, tree)?.[specifier] === false;
}

function isFileReplacedByNothing(name: string, tree: SourceTree): boolean {
  const map = browserMap(name, tree);
  const root = packageRootOf(name);
  if (map === undefined || root === undefined) return false;
  const own = name.slice(root.length + 1);
  const shorter = [own.replace(/\.[cm]?js(?:on)?$/, ""), own.replace(/\/index\.[cm]?js$/, "")];
  const longer = [".js", ".mjs", ".cjs", ".json", "/index.js"].map((end) => own + end);
  const names = [own, ...shorter, ...longer];
  return names.some((each) => map[`./${each}`] === false || map[each] === false);
}

function browserMap(name: string, tree: SourceTree): Readonly<Record<string, unknown>> | undefined {
  const root = packageRootOf(name);
  if (root === undefined) return undefined;
  const maps = known.get(tree) ?? new Map<string, Readonly<Record<string, unknown>> | undefined>();
  known.set(tree, maps);
  if (!maps.has(root)) maps.set(root, readBrowserMap(root, tree));
  return maps.get(root);
}

/** Asked for with each import of a package that may have a thousand files. */
const known = new WeakMap<SourceTree, Map<string, Readonly<Record<string, unknown>> | undefined>>();

function readBrowserMap(root: string, tree: SourceTree): Readonly<Record<string, unknown>> | undefined {
  const { browser } = parseManifest(tree.read(`${root}/package.json`));
  return typeof browser === "object" && browser !== null ? (browser as Record<string, unknown>) : undefined;
}

function missingFile(specifier: string, path: string): Resolution {
  return {
    message: `Cannot find "${specifier}": the request has no file "${path}"`,
    hint: "Send the file along, under its path from the folder that all of the files share",
  };
}

function builtin(specifier: string): Resolution {
  return {
    builtin: specifier.replace(/^node:/, ""),
    message: `Cannot import "${specifier}": a workflow does not run in Node`,
    hint: "Use the web platform (fetch, URL, TextEncoder, crypto), or a package that is made for browsers",
  };
}

function elsewhere(specifier: string): Resolution {
  return {
    message: `Cannot import "${specifier}": only files of the request can be imported`,
    hint: "Send the file along and import it by a relative path",
  };
}

function missingPackage(specifier: string): Resolution {
  return {
    message: `Cannot find the package of "${specifier}": nothing is installed from npm at a deploy`,
    hint: 'Name it in "dependencies" where this installation has packages, bundle before the deploy, or send its files along in node_modules/',
  };
}
