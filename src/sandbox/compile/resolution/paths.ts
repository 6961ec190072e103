/** Paths with slashes, as `node:path/posix` has them, wherever bundling runs. */

/** Joins, and takes out `.`, `..` and empty parts; `.` where nothing is left. */
export function joinPath(...parts: readonly string[]): string {
  const joined = parts.filter((part) => part !== "").join("/");
  const isAbsolute = joined.startsWith("/");
  const kept: string[] = [];
  for (const part of joined.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") kept.push(part);
    else if (kept.length > 0 && kept.at(-1) !== "..") kept.pop();
    else if (!isAbsolute) kept.push("..");
  }
  const path = kept.join("/");
  const end = joined.endsWith("/") && path !== "" ? "/" : "";
  return isAbsolute ? `/${path}${end}` : `${path}${end}` || ".";
}

/** The folder of a file: `.` where its path names none. */
export function folderOf(path: string): string {
  const slash = path.lastIndexOf("/");
  if (slash === -1) return ".";
  return slash === 0 ? "/" : path.slice(0, slash);
}

/** From the last dot of the name on, `""` where there is none, or where it is the first character. */
export function extensionOf(path: string): string {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const dot = name.lastIndexOf(".");
  return dot <= 0 || name === ".." ? "" : name.slice(dot);
}
