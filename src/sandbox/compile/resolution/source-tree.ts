import type { WorkflowSource } from "../../../domain/workflow.ts";

/**
 * The folder in which esbuild looks up what imports mean, and which of its files belong to the workflow. esbuild knows
 * absolute paths of its file system; a workflow has names, such as `lib/tax.ts` and `node_modules/zod/index.js`.
 */
export interface SourceTree {
  /** Absolute. Computed imports, `imports` and `paths` begin here. */
  readonly directory: string;
  /** A `node_modules` folder that packages are taken from after those of the workflow. */
  readonly packagesDir?: string;
  /** Where esbuild looks for what a file of this name imports. */
  pathOf(name: string): string;
  /** `undefined` for a path outside of the workflow, whether or not a file is there. */
  nameOf(path: string): string | undefined;
  /** The text of a file; `undefined` where the workflow has none of this name. */
  read(name: string): string | undefined;
  /** Is called for every import that led to a file, with the names of both. */
  noteImport?(specifier: string, importer: string, name: string): void;
}

/** The names of a source that can be paths below a folder: nothing absolute, no step upwards, no empty part. */
export function safeNames({ files }: Pick<WorkflowSource, "files">): readonly string[] {
  return Object.keys(files).filter((name) => !/(?:^|\/)(?:\.{0,2})(?:\/|$)|[\\\0]/.test(name));
}

/** A `package.json`, or an empty object where it cannot be read as one. */
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
