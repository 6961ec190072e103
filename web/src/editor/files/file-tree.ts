/** One row of the list: a file or a folder. */
export interface TreeLine {
  /** The full path; folders have no trailing slash. */
  readonly path: string;
  /** The last part of the path. */
  readonly name: string;
  /** Depth in the tree. */
  readonly depth: number;
  readonly kind: "file" | "folder";
}

/** The files in the order of a file manager: folders first, each by name. */
export function treeOf(paths: Iterable<string>): readonly TreeLine[] {
  return linesOf([...paths].toSorted(compareNames), "", 0);
}

/** `sorted` are paths that start with `folder`. */
function linesOf(sorted: readonly string[], folder: string, depth: number): readonly TreeLine[] {
  const below = Map.groupBy(sorted, (path) => firstPart(path.slice(folder.length)));
  const folders = [...below].filter(([part]) => isFolder(part));
  const files = [...below].filter(([part]) => !isFolder(part));
  return [
    ...folders.flatMap(([part, paths]): readonly TreeLine[] => {
      const line = {
        path: `${folder}${part.slice(0, -1)}`,
        name: part.slice(0, -1),
        depth,
        kind: "folder",
      } as const;
      return [line, ...linesOf(paths, `${folder}${part}`, depth + 1)];
    }),
    ...files.map(([name]) => ({ path: `${folder}${name}`, name, depth, kind: "file" }) as const),
  ];
}

function isFolder(part: string): boolean {
  return part.endsWith("/");
}

/** `lib/` of `lib/tax.ts`, `tax.ts` of `tax.ts`. */
function firstPart(path: string): string {
  const slash = path.indexOf("/");
  return slash === -1 ? path : path.slice(0, slash + 1);
}

function compareNames(a: string, b: string): number {
  return a.localeCompare(b, "en", { numeric: true });
}
