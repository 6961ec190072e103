import type { Diagnostic } from "../../domain/errors.ts";
import { joinPath } from "./paths.ts";

/** The files of a deploy, by their path: `lib/tax.ts`, `node_modules/zod/index.js`. */
export type SourceFiles = Pick<ReadonlyMap<string, string>, "has" | "get">;

/** All that a workflow may be bundled from, or why its dependencies cannot be supplied. */
export interface CollectedFiles {
  readonly files: SourceFiles;
  readonly problems: readonly Diagnostic[];
}

/** The file that an import's path means: itself, with an extension, or a folder's index. */
export function findFile(path: string, files: SourceFiles): string | undefined {
  const candidates = [
    path,
    ...extensions.map((extension) => path + extension),
    ...sourcesOf(path),
    ...extensions.map((extension) => joinPath(path, `index${extension}`)),
  ];
  return candidates.find((candidate) => files.has(candidate));
}

const extensions = [".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs", ".json"];

/** TypeScript is imported under the extension that its output would have. */
function sourcesOf(path: string): readonly string[] {
  const [, stem, kind = ""] = /^(.*)\.([mc]?)jsx?$/.exec(path) ?? [];
  return stem === undefined ? [] : [`${stem}.${kind}ts`, `${stem}.tsx`];
}
