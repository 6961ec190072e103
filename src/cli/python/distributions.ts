import type { FileTree } from "./file-tree.ts";

/** An installed distribution, such as `python-dateutil`, which may contain several packages. */
export interface Distribution {
  readonly name: string;
  readonly version: string;
  readonly tree: FileTree;
  /** All files by its `RECORD`, also those that are not sent. */
  readonly paths: readonly string[];
}

/** Finds the distribution that installed a file of a tree. Reads the records of a tree at its first question. */
export function createDistributionIndex(): (tree: FileTree, path: string) => Distribution | undefined {
  const byTree = new Map<FileTree, ReadonlyMap<string, Distribution>>();
  return (tree, path) => {
    const known = byTree.get(tree) ?? readDistributions(tree);
    byTree.set(tree, known);
    return known.get(path);
  };
}

function readDistributions(tree: FileTree): ReadonlyMap<string, Distribution> {
  const byPath = new Map<string, Distribution>();
  for (const folder of tree.list("")) {
    const [, name, version] = /^(.+)-([^-]+)\.dist-info$/.exec(folder) ?? [];
    if (name === undefined || version === undefined || !tree.isFile(`${folder}/RECORD`)) continue;
    const paths = recordedPaths(new TextDecoder().decode(tree.read(`${folder}/RECORD`)));
    const distribution = { name, version, tree, paths };
    for (const path of paths) byPath.set(path, distribution);
  }
  return byPath;
}

/** The paths of a `RECORD`: CSV of path, digest and length. Scripts are outside of the folder. */
function recordedPaths(record: string): readonly string[] {
  const paths = record.split(/\r?\n/).map((line) => {
    const quoted = /^"((?:[^"]|"")*)"/.exec(line)?.[1];
    return (quoted?.replaceAll('""', '"') ?? line.split(",", 1)[0] ?? "").replaceAll("\\", "/");
  });
  return paths.filter((path) => path !== "" && !path.startsWith("/") && !path.split("/").includes(".."));
}
