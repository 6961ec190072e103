import type { WorkflowSource } from "../../../domain/workflow.ts";

/**
 * The folder in which esbuild resolves imports, and which of its files belong to the workflow. esbuild uses
 * absolute paths of its file system; a workflow has names, such as `lib/tax.ts` and
 * `node_modules/zod/index.js`.
 */
export interface SourceTree {
  /** An absolute path. Computed imports, `imports` and `paths` are relative to it. */
  readonly directory: string;
  /** A `node_modules` folder that packages are taken from if the workflow does not bring them. */
  readonly packagesDir?: string;
  /** The path from which esbuild resolves the imports of the file with this name. */
  pathOf(name: string): string;
  /** `undefined` for a path outside of the workflow, whether or not a file exists there. */
  nameOf(path: string): string | undefined;
  /** The text of a file; `undefined` if the workflow has none of this name. */
  read(name: string): string | undefined;
  /** Called for every import that was resolved to a file, with the names of both. */
  noteImport?(specifier: string, importer: string, name: string): void;
  /**
   * Called with the `tsconfig.json` that applies, all configurations that were read for it, and the options that a bundle
   * depends on.
   */
  noteTsconfig?(name: string, read: readonly string[], options: Readonly<Record<string, unknown>>): void;
}

/**
 * The names of a source that are valid paths below a folder: relative, without steps upwards and empty parts.
 */
export function safeNames({ files }: Pick<WorkflowSource, "files">): readonly string[] {
  return Object.keys(files).filter((name) => !/(?:^|\/)(?:\.{0,2})(?:\/|$)|[\\\0]/.test(name));
}

/** Parses a `package.json`; an empty object if it is invalid. */
export function parseManifest(text: string | undefined): Readonly<Record<string, unknown>> {
  try {
    const manifest: unknown = JSON.parse(text ?? "{}");
    return typeof manifest === "object" && manifest !== null && !Array.isArray(manifest)
      ? (manifest as Record<string, unknown>)
      : {};
  } catch {
    return {};
  }
}
