import type { ImportKind, OnResolveArgs, PluginBuild, ResolveResult } from "esbuild";
import { createSemaphore } from "../../../base/concurrency/semaphore.ts";
import type { Diagnostic } from "../../../domain/errors.ts";
import { isNodeModule } from "./node-modules.ts";
import { extensionOf, folderOf, joinPath } from "./paths.ts";
import type { SourceTree } from "./source-tree.ts";

/** A file of the workflow, or why there is none. */
export type Resolution =
  | { readonly name: string; readonly sideEffects: boolean }
  /** One of Node's built-in modules, without `node:`, and the diagnostic if nothing replaces it. */
  | ({ readonly builtin: string } & Pick<Diagnostic, "message" | "hint">)
  | Pick<Diagnostic, "message" | "hint">;

/** Marks a question to esbuild's own resolver, so that the plugin does not answer it itself. */
export const delegatedToEsbuild = Symbol("asked of esbuild");

/**
 * Resolves an import with esbuild's own resolver in the workflow's folder, and accepts only files of the
 * workflow. The answer does not depend on files outside of it.
 */
export async function resolveImport(
  request: Pick<OnResolveArgs, "path" | "importer" | "kind">,
  tree: SourceTree,
  ask: AskEsbuild,
): Promise<Resolution> {
  const { path: specifier, importer, kind } = request;
  // Node's built-in modules take precedence over packages of the same name, such as npm's buffer, unless the
  // specifier ends with a slash.
  if (isNodeModule(specifier)) return builtin(specifier);
  if (isElsewhere(specifier)) return elsewhere(specifier);
  const isRelative = /^\.\.?(?:\/|$)/.test(specifier);
  const target = joinPath(folderOf(importer), specifier);
  if (isRelative && /^\.\.(?:\/|$)/.test(target)) return missingFile(specifier, target);
  const found = await ask({ specifier, kind, from: tree.pathOf(importer) });
  const name = found.errors.length > 0 ? undefined : tree.nameOf(found.path);
  if (name === undefined) return isRelative ? missingFile(specifier, target) : missingPackage(specifier);
  tree.noteImport?.(specifier, importer, name);
  return { name, sideEffects: found.sideEffects };
}

/** Asks esbuild's own resolver. */
export type AskEsbuild = (question: PendingRequest) => Promise<ResolveResult>;

interface PendingRequest {
  readonly specifier: string;
  readonly kind: ImportKind;
  /** The path of the importing file. */
  readonly from: string;
}

/**
 * esbuild creates a new resolver for each question, which reads the folders and manifests on its way again.
 * Each question is therefore asked once, and few concurrently, which bounds the memory that large packages
 * take.
 *
 * @param resolve of the current build
 */
export function askOnce(resolve: PluginBuild["resolve"]): AskEsbuild {
  const answers = new Map<string, Promise<ResolveResult>>();
  const semaphore = createSemaphore(maxConcurrentResolutions);
  async function ask({ specifier, kind, from }: PendingRequest): Promise<ResolveResult> {
    using _permit = await semaphore.take();
    return await resolve(specifier, {
      kind,
      importer: from,
      namespace: "file",
      resolveDir: folderOf(from),
      pluginData: delegatedToEsbuild,
    });
  }
  return async (question) => {
    const { specifier, kind, from } = question;
    const key = JSON.stringify([specifier, kind, folderOf(from), extensionOf(from)]);
    const known = answers.get(key) ?? ask(question);
    answers.set(key, known);
    return await known;
  };
}

const maxConcurrentResolutions = 8;

function isElsewhere(specifier: string): boolean {
  return /^(?:[A-Za-z][A-Za-z0-9+.-]*:|[/\\])/.test(specifier) && !specifier.startsWith("node:");
}

function missingFile(specifier: string, path: string): Resolution {
  return {
    message: `Cannot find "${specifier}": the request contains no file "${path}"`,
    hint: "Send the file along, under its path relative to the common folder of all files",
  };
}

function builtin(specifier: string): Resolution {
  return {
    builtin: specifier.replace(/^node:/, ""),
    message: `Cannot import "${specifier}": workflows do not run in Node`,
    hint: "Use the web platform (fetch, URL, TextEncoder, crypto), or a package made for browsers",
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
    message: `Cannot find the package of "${specifier}": a deploy installs nothing from npm`,
    hint:
      "In a project, run `npm install` with its name and deploy from there: the command line sends its files. " +
      'Otherwise name it in "dependencies" where this installation has packages',
  };
}
