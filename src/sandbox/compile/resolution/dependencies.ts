import { readFileSync, realpathSync } from "node:fs";
import { join, sep } from "node:path";
import type { Diagnostic } from "../../../domain/errors.ts";
import type { WorkflowSource } from "../../../domain/workflow.ts";
import { parseManifest } from "./source-tree.ts";

/**
 * Returns why the packages that a source names cannot be supplied; empty if they all can. The versions of the
 * named packages are checked; the versions of their dependencies are those that the operator installed.
 *
 * @param packagesDir the `node_modules` folder of the installation, if it has one
 */
export function dependencyProblems(
  { dependencies = {} }: WorkflowSource,
  packagesDir: string | undefined,
): readonly Diagnostic[] {
  const wanted = Object.entries(dependencies);
  if (packagesDir === undefined) return wanted.map(([name]) => noPackages(name));
  return wanted.flatMap((dependency) => problemOf(dependency, packagesDir));
}

function noPackages(name: string): Diagnostic {
  return {
    message: `Cannot supply "${name}": this installation provides no packages`,
    hint: "Send the package's files along in node_modules/, bundle before the deploy, or ask the operator for DURANIUM_PACKAGES_DIR",
  };
}

function problemOf([name, version]: readonly [string, string], packagesDir: string): readonly Diagnostic[] {
  const installed = installedVersion(name, packagesDir);
  if (installed === version) return [];
  if (installed === undefined) {
    const hint = "Send its files along in node_modules/, or ask the operator to install it";
    return [{ message: `Cannot supply "${name}": this installation does not provide it`, hint }];
  }
  const message = `Cannot supply "${name}" ${version}: this installation has ${installed}`;
  return [{ message, hint: `Change the version to "${installed}" if the workflow works with it` }];
}

/** A link that leads out of the folder is treated as missing. */
function installedVersion(name: string, packagesDir: string): string | undefined {
  try {
    const manifest = realpathSync(join(packagesDir, name, "package.json"));
    if (!manifest.startsWith(realpathSync(packagesDir) + sep)) return undefined;
    const { version } = parseManifest(readFileSync(manifest, "utf8"));
    return typeof version === "string" ? version : undefined;
  } catch {
    return undefined;
  }
}
