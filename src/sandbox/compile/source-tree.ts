import type { WorkflowSource } from "../../domain/workflow.ts";

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

/**
 * Folders that a package's `browser` map speaks of. They are looked up before what the map says counts, but a deploy
 * may have none of the files in them.
 *
 * @param folder of the `package.json`; `""` for the topmost
 */
export function mappedFolders(folder: string, manifest: string): readonly string[] {
  const { browser } = parseManifest(manifest);
  if (typeof browser !== "object" || browser === null) return [];
  return Object.keys(browser)
    .slice(0, maxMappedFiles)
    .filter((key) => key.startsWith("./") && key.includes("/", 2) && !key.split("/").includes(".."))
    .map((key) => `${folder === "" ? "" : `${folder}/`}${key.slice(2, key.lastIndexOf("/"))}`);
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

const maxMappedFiles = 1_000;
