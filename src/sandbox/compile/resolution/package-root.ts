/** Returns the folder of the package that a file belongs to: `node_modules/@scope/name`. */
export function packageRootOf(name: string): string | undefined {
  return /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(name)?.[0];
}
