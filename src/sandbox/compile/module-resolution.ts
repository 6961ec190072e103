import { isNodeModule } from "./node-modules.ts";
import type { Diagnostic } from "../../domain/errors.ts";
import {
  browserSubstitute,
  browserSubstituteOfFile,
  hasSideEffects,
  packageRootOf,
} from "./package-manifest.ts";
import { findPackageFile } from "./package-resolution.ts";
import { findFile } from "./source-files.ts";
import type { SourceFiles } from "./source-files.ts";
import { folderOf, joinPath } from "./paths.ts";

/** One import, as it stands in a file. */
export interface ImportRequest {
  readonly specifier: string;
  /** Path of the file that imports. */
  readonly importer: string;
  readonly isRequire: boolean;
}

/** A file of the request, or why there is none. */
export type Resolution =
  | { readonly path: string; readonly sideEffects?: boolean }
  /** A package says of it that there is nothing in browsers. */
  | { readonly isEmpty: true }
  /** One of Node's own modules, without `node:`, and what to say where nothing stands in for it. */
  | ({ readonly builtin: string } & Pick<Diagnostic, "message" | "hint">)
  | Pick<Diagnostic, "message" | "hint">;

/**
 * Resolves an import to a file of the request, and to nothing else: no disk, no network and no registry
 * is asked. Paths work as TypeScript, Node and bundlers take them (with and without an extension, `.js`
 * for what is a `.ts`, folders by their index); names mean packages in the request's `node_modules/`.
 */
export function resolveImport(request: ImportRequest, files: SourceFiles): Resolution {
  const resolution = resolveByName(request, files);
  if (!("path" in resolution)) return resolution;
  const path = resolution.path;
  const substitute = browserSubstituteOfFile(path, files);
  if (substitute === false) return { isEmpty: true };
  return withSideEffects(substitute === undefined ? path : (ownFile(path, substitute, files) ?? path), files);
}

/** What the importing package puts in the place of a name comes before what the name means. */
function resolveByName(request: ImportRequest, files: SourceFiles): Resolution {
  const { specifier, importer } = request;
  const isPath = specifier.startsWith(".");
  const substitute = isPath ? undefined : browserSubstitute(specifier, importer, files);
  if (substitute === undefined) return resolveSpecifier(request, files);
  if (substitute === false) return { isEmpty: true };
  const path = ownFile(importer, substitute, files);
  return path === undefined ? resolveSpecifier({ ...request, specifier: substitute }, files) : { path };
}

/** A file of the package that `path` is in, where `own` is a path and no name. */
function ownFile(path: string, own: string, files: SourceFiles): string | undefined {
  return own.startsWith(".") ? findFile(joinPath(packageRootOf(path) ?? "", own), files) : undefined;
}

function withSideEffects(path: string, files: SourceFiles): Resolution {
  return { path, sideEffects: hasSideEffects(path, files) };
}

function resolveSpecifier(request: ImportRequest, files: SourceFiles): Resolution {
  const { specifier } = request;
  if (/^\.\.?(?:\/|$)/.test(specifier)) return resolveRelative(request, files);
  if (specifier.startsWith("node:") && isNodeModule(specifier)) return builtin(specifier);
  if (/^(?:[A-Za-z][A-Za-z0-9+.-]*:|[/\\])/.test(specifier)) return elsewhere(specifier);
  const path = findPackageFile(request, files);
  if (path !== undefined) return { path };
  // A package that has the name of one of Node's modules is preferred to it: npm has its own buffer, events and util.
  return isNodeModule(specifier) ? builtin(specifier) : missingPackage(specifier);
}

function resolveRelative({ specifier, importer }: ImportRequest, files: SourceFiles): Resolution {
  const path = joinPath(folderOf(importer), specifier);
  const found = findFile(path, files);
  if (found !== undefined) return { path: found };
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
