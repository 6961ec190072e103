/** Paths with slashes, as in `node:path/posix`, which is not available in browsers. */

/** Joins the parts and removes `.`, `..` and empty parts; `.` if nothing is left. */
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

/** The path from one folder to a path, both relative to the same folder: `./b` from `a` to `a/b`, `../c` to `c`, `.` to `a`. */
export function relativePath(from: string, to: string): string {
  const [start, end] = [from, to].map((path) =>
    path.split("/").filter((part) => part !== "." && part !== ""),
  );
  if (start === undefined || end === undefined) return to;
  const differing = start.findIndex((part, index) => part !== end[index]);
  const shared = differing === -1 ? start.length : differing;
  const path = [...start.slice(shared).map(() => ".."), ...end.slice(shared)].join("/");
  if (path === "") return ".";
  return /^\.\.(?:\/|$)/.test(path) ? path : `./${path}`;
}

/** The folder of a file; `.` if its path has none. */
export function folderOf(path: string): string {
  const slash = path.lastIndexOf("/");
  if (slash === -1) return ".";
  return slash === 0 ? "/" : path.slice(0, slash);
}

/** The name from its last dot on; `""` if it has none, or only as its first character. */
export function extensionOf(path: string): string {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const dot = name.lastIndexOf(".");
  return dot <= 0 || name === ".." ? "" : name.slice(dot);
}
