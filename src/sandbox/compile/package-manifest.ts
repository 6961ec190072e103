import type { JsonValue } from "../../domain/json.ts";
import type { SourceFiles } from "./source-files.ts";
import { joinPath } from "./paths.ts";

/** A `package.json`, of which nothing is known. */
export type Manifest = { readonly [key: string]: JsonValue };

/** That of the folder; without entries where there is none, or none that can be read. */
export function readManifest(root: string, files: SourceFiles): Manifest {
  const manifests = known.get(files) ?? new Map<string, Manifest>();
  known.set(files, manifests);
  const manifest = manifests.get(root) ?? parseManifest(root, files);
  manifests.set(root, manifest);
  return manifest;
}

/** Asked for again with each import of a package that may have a thousand files. */
const known = new WeakMap<SourceFiles, Map<string, Manifest>>();

function parseManifest(root: string, files: SourceFiles): Manifest {
  try {
    const manifest = JSON.parse(files.get(joinPath(root, "package.json")) ?? "{}") as JsonValue;
    return isObject(manifest) ? manifest : {};
  } catch {
    return {};
  }
}

/** The folder of the package that a file belongs to: `node_modules/@scope/name`. */
export function packageRootOf(path: string): string | undefined {
  return /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(path)?.[0];
}

/**
 * What a package puts in the place of an import by name when it is bundled for browsers: `false` for nothing at
 * all, a path within the package (`./shims/fs.js`), or another name
 * (https://github.com/defunctzombie/package-browser-field-spec).
 */
export function browserSubstitute(
  specifier: string,
  importer: string,
  files: SourceFiles,
): string | false | undefined {
  const root = packageRootOf(importer);
  return root === undefined ? undefined : substituteIn(readManifest(root, files), [specifier]);
}

/** The same for one of the package's own files, by its path from the package. */
export function browserSubstituteOfFile(path: string, files: SourceFiles): string | false | undefined {
  const root = packageRootOf(path);
  if (root === undefined) return undefined;
  const own = path.slice(root.length + 1);
  const names = [own, own.replace(/\.[cm]?js(?:on)?$/, ""), own.replace(/\/index\.[cm]?js$/, "")];
  return substituteIn(
    readManifest(root, files),
    names.flatMap((name) => [`./${name}`, name]),
  );
}

/** A package may say that what nobody uses of it can be left out. */
export function hasSideEffects(path: string, files: SourceFiles): boolean {
  const root = packageRootOf(path);
  return root === undefined || readManifest(root, files)["sideEffects"] !== false;
}

function substituteIn({ browser }: Manifest, names: readonly string[]): string | false | undefined {
  if (!isObject(browser)) return undefined;
  const name = names.find((candidate) => Object.hasOwn(browser, candidate));
  const substitute = name === undefined ? undefined : browser[name];
  return typeof substitute === "string" || substitute === false ? substitute : undefined;
}

export function isObject(value: JsonValue | undefined): value is Manifest {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
