import { folderOf } from "./paths.ts";
import { parseManifest } from "./source-tree.ts";
import type { SourceTree } from "./source-tree.ts";

/**
 * Finds out whether a file is an ECMAScript module by the `"type"` of its nearest `package.json`, as in Node.
 * In such a file a default import of CommonJS is `module.exports`; elsewhere it is its `default` if it is
 * marked `__esModule`.
 *
 * esbuild reads that type only for files that it loads itself. For files of a plugin it uses the extension,
 * so files that are modules by their type get a path that ends in `.mjs` inside esbuild. The path starts with
 * a slash, which no name of a file does.
 */
export type ModulePaths = (name: string) => string;

/** @returns esbuild's paths for names of files in the tree */
export function modulePathsOf(tree: Pick<SourceTree, "read">): ModulePaths {
  const types = new Map<string, boolean>();
  const isModuleFolder = (folder: string): boolean => {
    const known = types.get(folder);
    if (known !== undefined) return known;
    const isModule = readType();
    types.set(folder, isModule);
    return isModule;

    function readType(): boolean {
      // As in Node, a package does not inherit the type of what surrounds `node_modules`.
      if (/(?:^|\/)node_modules$/.test(folder)) return false;
      const manifest = tree.read(folder === "." ? "package.json" : `${folder}/package.json`);
      if (manifest !== undefined) return parseManifest(manifest)["type"] === "module";
      return folder !== "." && isModuleFolder(folderOf(folder));
    }
  };
  return (name) => (/\.[jt]sx?$/.test(name) && isModuleFolder(folderOf(name)) ? `/${name}.mjs` : name);
}

/** Returns the name of a file from its path in esbuild. */
export function fileNameOf(modulePath: string): string {
  return isMarked(modulePath) ? modulePath.slice(1, -".mjs".length) : modulePath;
}

/** True if esbuild treats the file as `.mjs` because of a `package.json`. */
export function isMarked(modulePath: string): boolean {
  return modulePath.startsWith("/");
}
