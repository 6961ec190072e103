import { isNodeModule } from "../../sandbox/compile/resolution/node-modules.ts";

/**
 * The names of packages that files import, sorted: a glance at their text, for lists. Comments and strings that look like imports
 * count, and computed imports do not. Modules of Node, which the sandbox has, and types of Duranium need no package.
 */
export function importedPackages(files: Readonly<Record<string, string>>): readonly string[] {
  const names = Object.entries(files)
    .filter(([path]) => /\.[cm]?[jt]sx?$/.test(path) && !path.includes("node_modules/"))
    .flatMap(([, text]) => [...text.matchAll(importPattern)].flatMap(([, name = ""]) => packageOf(name)));
  return [...new Set(names)].toSorted();
}

/** A name in quotes after `from`, `import` or `require`. */
const importPattern = /(?:\bfrom|\bimport|\bimport\s*\(|\brequire\s*\()\s*["']([^"'\n]+)["']/g;

function packageOf(specifier: string): readonly string[] {
  const [name] = /^(?:@[a-z0-9~-][\w.~-]*\/)?[A-Za-z0-9][\w.~-]*/.exec(specifier) ?? [];
  if (name === undefined || specifier.includes(":") || isNodeModule(specifier)) return [];
  return ["duranium", "@duranium/workflow"].includes(name) ? [] : [name];
}
