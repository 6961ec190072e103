import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { unzipSync } from "fflate";
import { maxWheelBytes } from "./limits.ts";

/** A folder in which modules are looked for, or a wheel. Paths in it have slashes and no leading one. */
export interface FileTree {
  /** For messages: the absolute path of the folder or wheel. */
  readonly place: string;
  readonly isFile: (path: string) => boolean;
  /** Names in a folder, sorted. Empty if there is no such folder. */
  readonly list: (folder: string) => readonly string[];
  readonly read: (path: string) => Uint8Array;
}

/** A folder of the disk. Its contents are assumed not to change meanwhile. */
export function diskTree(place: string): FileTree {
  const listed = new Map<string, ReadonlyMap<string, boolean>>();

  /** The names in a folder, and whether each is a file. */
  function entriesOf(folder: string): ReadonlyMap<string, boolean> {
    const known = listed.get(folder);
    if (known !== undefined) return known;
    const entries = readEntries(join(place, folder));
    listed.set(folder, entries);
    return entries;
  }

  return {
    place,
    isFile: (path) => entriesOf(folderOf(path)).get(path.slice(path.lastIndexOf("/") + 1)) === true,
    list: (folder) => [...entriesOf(folder).keys()],
    read: (path) => readFileSync(join(place, path)),
  };
}

function readEntries(folder: string): ReadonlyMap<string, boolean> {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    const named = entries.map(
      (entry) =>
        [
          entry.name,
          entry.isSymbolicLink() ? isFileThere(join(folder, entry.name)) : entry.isFile(),
        ] as const,
    );
    return new Map(named.toSorted(([a], [b]) => (a < b ? -1 : 1)));
  } catch {
    return new Map();
  }
}

function isFileThere(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

/**
 * A wheel: a zip file of what an installation would copy into `site-packages`.
 *
 * @throws {Error} where it is no zip file
 */
export function wheelTree(place: string): FileTree {
  const content = readFileSync(place);
  const names: string[] = [];
  unzipSync(content, { filter: ({ name }) => (names.push(name), false) });
  const archived = new Map(
    names.filter((name) => !name.endsWith("/")).map((name) => [installedPath(name), name]),
  );
  let unpacked: Readonly<Record<string, Uint8Array>> | undefined;

  return {
    place,
    isFile: (path) => archived.has(path),
    list(folder) {
      const prefix = folder === "" ? "" : `${folder}/`;
      const inside = [...archived.keys()].filter((path) => path.startsWith(prefix));
      return [...new Set(inside.map((path) => path.slice(prefix.length).split("/", 1)[0] ?? ""))].toSorted();
    },
    read(path) {
      unpacked ??= unpack(content, place);
      return unpacked[archived.get(path) ?? ""] ?? new Uint8Array();
    },
  };
}

function unpack(content: Uint8Array, place: string): Readonly<Record<string, Uint8Array>> {
  let bytes = 0;
  return unzipSync(content, {
    filter({ name, originalSize }) {
      if (/\.(?:so|pyd|dll|dylib)$/.test(name)) return false;
      bytes += originalSize;
      if (bytes > maxWheelBytes)
        throw new Error(`The files of ${place} are larger than ${maxWheelBytes} bytes`);
      return true;
    },
  });
}

/** Modules may also be in `<name>-<version>.data/purelib/` of a wheel. */
function installedPath(name: string): string {
  return name.replace(/^[^/]+\.data\/(?:purelib|platlib)\//, "");
}

/** The folder of a path, `""` for the root. */
export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}
