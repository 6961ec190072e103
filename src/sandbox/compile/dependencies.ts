import type { Diagnostic } from "../../domain/errors.ts";
import type { JsonValue } from "../../domain/json.ts";
import type { WorkflowSource } from "../../domain/workflow.ts";
import { openPackageFolder } from "./package-folder.ts";
import { packageRootOf } from "./package-manifest.ts";
import type { CollectedFiles, SourceFiles } from "./source-files.ts";

/**
 * The files of a request, and with them the packages of the installation where the request has dependencies.
 * What the request brings itself comes first. The versions of the named packages are checked; those that
 * they depend on are the ones that the operator installed with them.
 *
 * @param packagesDir the `node_modules` folder of the installation, if it has one
 */
export function collectFiles(source: WorkflowSource, packagesDir: string | undefined): CollectedFiles {
  const own: SourceFiles = new Map(Object.entries(source.files));
  const wanted = Object.entries(source.dependencies ?? {});
  if (wanted.length === 0) return { files: own, problems: [] };
  if (packagesDir === undefined) return { files: own, problems: wanted.map(([name]) => noPackages(name)) };
  const packages = openPackageFolder(packagesDir);
  const problems = wanted.flatMap((dependency) => problemOf(dependency, packages));
  return { files: layered(source.files, packages), problems };
}

/** A package that the request brings has none of the installation's files. */
function layered(files: WorkflowSource["files"], packages: SourceFiles): SourceFiles {
  const own = new Map(Object.entries(files));
  const brought = new Set([...own.keys()].map((path) => packageRootOf(path) ?? "none"));
  const layerOf = (path: string) =>
    own.has(path) || brought.has(packageRootOf(path) ?? "") ? own : packages;
  return { has: (path) => layerOf(path).has(path), get: (path) => layerOf(path).get(path) };
}

function noPackages(name: string): Diagnostic {
  return {
    message: `Cannot supply "${name}": this installation has no packages`,
    hint: "Send the package's files along in node_modules/, bundle before the deploy, or ask the operator for DURANIUM_PACKAGES",
  };
}

function problemOf([name, version]: readonly [string, string], packages: SourceFiles): readonly Diagnostic[] {
  const installed = versionOf(packages.get(`node_modules/${name}/package.json`));
  if (installed === version) return [];
  if (installed === undefined) {
    const hint = "Send its files along in node_modules/, or ask the operator to install it";
    return [{ message: `Cannot supply "${name}": it is not among this installation's packages`, hint }];
  }
  const message = `Cannot supply "${name}" ${version}: this installation has ${installed}`;
  return [{ message, hint: `Write "${name}": "${installed}" if the workflow works with it` }];
}

function versionOf(manifest: string | undefined): string | undefined {
  if (manifest === undefined) return undefined;
  const { version } = JSON.parse(manifest) as { readonly version?: JsonValue };
  return typeof version === "string" ? version : undefined;
}
