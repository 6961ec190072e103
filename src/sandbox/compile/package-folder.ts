import { readFileSync, realpathSync, statSync } from "node:fs";
import { join, sep } from "node:path";
import type { SourceFiles } from "./source-files.ts";

/**
 * The packages that an operator installed, as files beneath `node_modules/`: what resolves imports among the
 * files of a request resolves them here, and nothing beside the folder can be named. A link that leads out
 * of the folder leads nowhere, and what npm and others keep for themselves beside the packages is not there.
 *
 * @param directory a `node_modules` folder as npm lays it out
 */
export function openPackageFolder(directory: string): SourceFiles {
  const root = realPath(directory);
  const found = new Map<string, string | undefined>();
  const locate = (path: string): string | undefined => {
    if (!found.has(path)) found.set(path, locateFile(path, root));
    return found.get(path);
  };
  return {
    has: (path) => locate(path) !== undefined,
    get(path) {
      const file = locate(path);
      return file === undefined ? undefined : readFileSync(file, "utf8");
    },
  };
}

const prefix = "node_modules/";

function locateFile(path: string, root: string | undefined): string | undefined {
  if (root === undefined || !path.startsWith(prefix)) return undefined;
  const file = realPath(join(root, path.slice(prefix.length)));
  if (file === undefined || !file.startsWith(root + sep)) return undefined;
  if (file.startsWith(`${root}${sep}.`)) return undefined;
  return statSync(file).isFile() ? file : undefined;
}

function realPath(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}
