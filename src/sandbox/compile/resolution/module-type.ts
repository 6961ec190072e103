import { folderOf } from "./paths.ts";
import { parseManifest } from "./source-tree.ts";
import type { SourceTree } from "./source-tree.ts";

/**
 * Whether a file is an ECMAScript module by the `"type"` of its nearest `package.json`, as in Node. A default import of
 * CommonJS is `module.exports` in such a file, and elsewhere its `default` where it is marked `__esModule`.
 *
 * esbuild reads that type only for files that it loads itself. Of a plugin's files it knows their extension: so those that are
 * modules by their type have a path that ends in `.mjs` while esbuild has them, and begins with a slash, as no file's name does.
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
      // As in Node, a package has no part in what is around `node_modules`.
      if (/(?:^|\/)node_modules$/.test(folder)) return false;
      const manifest = tree.read(folder === "." ? "package.json" : `${folder}/package.json`);
      if (manifest !== undefined) return parseManifest(manifest)["type"] === "module";
      return folder !== "." && isModuleFolder(folderOf(folder));
    }
  };
  return (name) => (/\.[jt]sx?$/.test(name) && isModuleFolder(folderOf(name)) ? `/${name}.mjs` : name);
}

/** The file's name out of its path in esbuild. */
export function fileNameOf(modulePath: string): string {
  return isMarked(modulePath) ? modulePath.slice(1, -".mjs".length) : modulePath;
}

/** Whether esbuild takes it for `.mjs` because of a `package.json`. */
export function isMarked(modulePath: string): boolean {
  return modulePath.startsWith("/");
}
