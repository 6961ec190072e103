import type { JsonValue } from "../../domain/json.ts";
import { isObject, readManifest } from "./package-manifest.ts";
import type { Manifest } from "./package-manifest.ts";
import { findFile } from "./source-files.ts";
import type { SourceFiles } from "./source-files.ts";
import { joinPath } from "./paths.ts";

/** An import by name: `zod`, `@scope/name/part`, or `#internal` of the importing package itself. */
export interface PackageImport {
  readonly specifier: string;
  readonly importer: string;
  readonly isRequire: boolean;
}

/**
 * The file that a package import means, as Node finds it (https://nodejs.org/api/packages.html): the
 * nearest `node_modules` upwards, `exports` and `imports` with their conditions, else `module`, `browser`
 * and `main`, else the index. `undefined` where the request does not bring it.
 */
export function findPackageFile(request: PackageImport, files: SourceFiles): string | undefined {
  if (request.specifier.startsWith("#")) return findInternal(request, files);
  const [, name, subpath = ""] = /^((?:@[^/]+\/)?[^/]+)(\/.*)?$/.exec(request.specifier) ?? [];
  if (name === undefined) return undefined;
  const root = ancestors(request.importer)
    .map((folder) => joinPath(folder, "node_modules", name))
    .find((folder) => files.has(`${folder}/package.json`) || files.has(`${folder}/index.js`));
  return root === undefined
    ? undefined
    : findInPackage({ root, subpath, files, isRequire: request.isRequire });
}

interface PackageLookup {
  readonly root: string;
  /** `""` or `/part`. */
  readonly subpath: string;
  readonly files: SourceFiles;
  readonly isRequire: boolean;
}

/** `lib/a.ts` → `lib`, then the root. */
function ancestors(path: string): readonly string[] {
  const parts = path.split("/").slice(0, -1);
  return [...parts.map((_, index) => parts.slice(0, parts.length - index).join("/")), ""];
}

function findInPackage({ root, subpath, files, isRequire }: PackageLookup): string | undefined {
  const manifest = readManifest(root, files);
  if (manifest["exports"] !== undefined && manifest["exports"] !== null) {
    const target = findTarget(asSubpaths(manifest["exports"]), `.${subpath}`, isRequire);
    return target === undefined ? undefined : findFile(joinPath(root, target), files);
  }
  if (subpath !== "") return findFile(joinPath(root, subpath), files);
  return mainFields(manifest, isRequire)
    .map((main) => findFile(joinPath(root, main), files))
    .find((path) => path !== undefined);
}

function findInternal(
  { specifier, importer, isRequire }: PackageImport,
  files: SourceFiles,
): string | undefined {
  const root = ancestors(importer).find((folder) => files.has(joinPath(folder, "package.json")));
  if (root === undefined) return undefined;
  const target = findTarget(readManifest(root, files)["imports"], specifier, isRequire);
  if (target === undefined || target.startsWith("#")) return undefined;
  if (target.startsWith("./")) return findFile(joinPath(root, target), files);
  return findPackageFile({ specifier: target, importer, isRequire }, files);
}

function mainFields(manifest: Manifest, isRequire: boolean): readonly string[] {
  const names = isRequire ? ["browser", "main"] : ["module", "browser", "main"];
  const values = names.map((name) => manifest[name]).filter((value) => typeof value === "string");
  return [...values, "index"];
}

/** `exports` may be one target, or conditions: then it is that of the package itself. */
function asSubpaths(exports: JsonValue): JsonValue {
  const hasSubpaths = isObject(exports) && Object.keys(exports).every((key) => key.startsWith("."));
  return hasSubpaths ? exports : { ".": exports };
}

function findTarget(targets: JsonValue | undefined, key: string, isRequire: boolean): string | undefined {
  if (!isObject(targets)) return undefined;
  const kind = isRequire ? "require" : "import";
  const conditions = new Set(["worker", "browser", "module", kind, "default"]);
  if (Object.hasOwn(targets, key)) return pickTarget(targets[key], conditions, "");
  const [pattern] = Object.keys(targets)
    .filter((candidate) => matches(candidate, key))
    .toSorted((a, b) => b.indexOf("*") - a.indexOf("*"));
  if (pattern === undefined) return undefined;
  const [before = "", after = ""] = pattern.split("*");
  return pickTarget(targets[pattern], conditions, key.slice(before.length, key.length - after.length));
}

function matches(pattern: string, key: string): boolean {
  const [before = "", after, ...rest] = pattern.split("*");
  if (after === undefined || rest.length > 0) return false;
  return key.startsWith(before) && key.endsWith(after) && key.length >= before.length + after.length;
}

/** The first target whose conditions hold, with what `*` stood for put in. */
function pickTarget(
  target: JsonValue | undefined,
  conditions: ReadonlySet<string>,
  star: string,
): string | undefined {
  if (typeof target === "string") return target.replaceAll("*", () => star);
  if (Array.isArray(target)) return firstTarget(target, conditions, star);
  if (!isObject(target)) return undefined;
  const chosen = Object.keys(target).filter((condition) => conditions.has(condition));
  return firstTarget(
    chosen.map((condition) => target[condition]),
    conditions,
    star,
  );
}

function firstTarget(
  targets: readonly (JsonValue | undefined)[],
  conditions: ReadonlySet<string>,
  star: string,
): string | undefined {
  return targets.map((target) => pickTarget(target, conditions, star)).find((target) => target !== undefined);
}
