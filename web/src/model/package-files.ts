/** Packages that came with a deploy can be imported but not edited: those of npm and of Python. */
export function isLibrary(path: string): boolean {
  return path.startsWith("node_modules/") || path.startsWith("site-packages/");
}
