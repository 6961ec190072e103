import type { ImportKind, OnResolveArgs, PluginBuild, ResolveResult } from "esbuild";
import { createSemaphore } from "../../../base/semaphore.ts";
import type { Diagnostic } from "../../../domain/errors.ts";
import { isNodeModule } from "./node-modules.ts";
import { extensionOf, folderOf, joinPath } from "./paths.ts";
import type { SourceTree } from "./source-tree.ts";

/** A file of the workflow, or why there is none. */
export type Resolution =
  | { readonly name: string; readonly sideEffects: boolean }
  /** One of Node's own modules, without `node:`, and what to say where nothing stands in for it. */
  | ({ readonly builtin: string } & Pick<Diagnostic, "message" | "hint">)
  | Pick<Diagnostic, "message" | "hint">;

/** Marks what is asked of esbuild itself, so that it does not come back here. */
export const delegatedToEsbuild = Symbol("asked of esbuild");

/**
 * Resolves an import by esbuild's own resolution in the workflow's folder, and accepts only what is a file of the
 * workflow. Whether a file outside of it exists makes no difference to the answer.
 */
export async function resolveImport(
  request: Pick<OnResolveArgs, "path" | "importer" | "kind">,
  tree: SourceTree,
  ask: AskEsbuild,
): Promise<Resolution> {
  const { path: specifier, importer, kind } = request;
  // Node's own modules come before packages of their names, such as npm's buffer, unless there is a slash behind.
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

/** Asks esbuild's own resolution. */
export type AskEsbuild = (question: PendingRequest) => Promise<ResolveResult>;

interface PendingRequest {
  readonly specifier: string;
  readonly kind: ImportKind;
  /** The path of the file that imports. */
  readonly from: string;
}

/**
 * esbuild makes a new resolver for each question, which reads the folders and manifests on its way anew. So each is asked
 * once, and few at a time: a package of some thousand files took 2 GiB of memory otherwise.
 *
 * @param resolve of the build that is under way
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
    hint:
      "In a project, run `npm install` with its name and deploy from there: the command line sends its files along. " +
      'Otherwise name it in "dependencies" where this installation has packages',
  };
}
