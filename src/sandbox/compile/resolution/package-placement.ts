import { sep } from "node:path";
import { DuraniumError } from "../../../domain/errors.ts";

/** An import of one package by files of another, by real folders. */
export interface PackageImport {
  readonly from: string;
  readonly to: string;
  /** The name of the imported package. */
  readonly name: string;
}

interface Project {
  /** The real folder of the project. */
  readonly project: string;
  /** Texts by real paths. */
  readonly texts: ReadonlyMap<string, string>;
  readonly imports: readonly PackageImport[];
  /** Returns the real folder of the package that a file belongs to. */
  readonly packageFolder: (path: string) => string;
}

/**
 * Lays packages out as npm does, wherever they are on the machine and whatever links lead there: each in the
 * topmost `node_modules` in which its name is free, so that every file resolves its imports to the same
 * packages as on the author's machine. A package may be placed several times if others of its name are
 * nearer.
 *
 * @returns texts by their names in a deploy, in order
 */
export function assignPackagePaths({
  project,
  texts,
  imports,
  packageFolder,
}: Project): Record<string, string> {
  const places = findPlaces(project, imports);
  const files = [...texts].flatMap(([path, text]) => {
    const folder = packageFolder(path);
    const own = path
      .slice(folder.length + 1)
      .split(sep)
      .join("/");
    // A file that no import led to, such as a configuration, keeps its place in the project.
    const read = folder.startsWith(project + sep) ? [folder.slice(project.length + 1)] : [];
    return (places.get(folder) ?? read).map(
      (place) => [place === "" ? own : `${place}/${own}`, text] as const,
    );
  });
  return Object.fromEntries(files.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/**
 * Returns the folders in the deploy by the real folders of packages, or by what else identifies them.
 *
 * @param project what identifies the importer of the outermost packages
 * @param refuse the error for too many folders, of which one is passed. Packages that need different versions of one another in a
 *   circle would have folders without end, because each version hides the one around it.
 */
export function findPlaces(
  project: string,
  imports: readonly PackageImport[],
  refuse: (place: string) => Error = withoutEnd,
): ReadonlyMap<string, readonly string[]> {
  const byImporter = Map.groupBy(imports, ({ from }) => from);
  const taken = new Map<string, string>([["", project]]);
  const waiting: (readonly [folder: string, place: string])[] = [[project, ""]];
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const [folder, place] = next;
    for (const { to, name } of inOrder(byImporter.get(folder) ?? [])) {
      const found = placesUpwards(place)
        .map((each) => moduleIn(each, name))
        .find((each) => taken.has(each));
      if (found !== undefined && taken.get(found) === to) continue;
      const chosen = moduleIn(found === undefined ? "" : place, name);
      taken.set(chosen, to);
      if (taken.size > maxPlaces || chosen.length > maxPlaceLength) throw refuse(chosen);
      waiting.push([to, chosen]);
    }
  }
  const places = new Map<string, string[]>();
  for (const [place, folder] of taken) places.set(folder, [...(places.get(folder) ?? []), place]);
  return places;
}

/** More folders than any project has, and a longer path than a deploy may name. */
const maxPlaces = 5_000;
const maxPlaceLength = 1_000;

function withoutEnd(place: string): Error {
  const message =
    `Cannot lay out packages: some need different versions of one another in a circle, ` +
    `which has folders without end: ${place.slice(0, 200)}…`;
  return new DuraniumError("compile-failed", message);
}

/** Each import once, and always in the same order. */
function inOrder(imports: readonly PackageImport[]): readonly PackageImport[] {
  const own = imports.map((each) => [`${each.name}\n${each.to}`, each] as const);
  return [...new Map(own)].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, each]) => each);
}

function moduleIn(place: string, name: string): string {
  return `${place === "" ? "" : `${place}/`}node_modules/${name}`;
}

/** `node_modules/a/node_modules/b` → itself, `node_modules/a`, the project. */
function placesUpwards(place: string): readonly string[] {
  if (place === "") return [""];
  const above = place.slice(0, Math.max(0, place.lastIndexOf("/node_modules/")));
  return [place, ...placesUpwards(above)];
}
