import semver from "semver";
import { parseManifest } from "../sandbox/compile/resolution/source-tree.ts";

/** What a package needs, from its manifest: ranges by name. */
export interface Needs {
  readonly required: Readonly<Record<string, string>>;
  /** Left out if they cannot be found. */
  readonly optional: Readonly<Record<string, string>>;
}

export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly needs: Needs;
  /** True if it is made for certain operating systems or processors, so that it contains native code. */
  readonly isNative: boolean;
}

/** @returns undefined if it has no valid name or no valid version */
export function readManifest(text: string): Manifest | undefined {
  return manifestOf(parseManifest(text));
}

/** Reads a manifest, in which any member may have any form. */
export function manifestOf(manifest: Readonly<Record<string, unknown>>): Manifest | undefined {
  const { name, version, os, cpu } = manifest;
  if (typeof name !== "string" || typeof version !== "string") return undefined;
  if (!isPackageName(name) || !isVersion(version)) return undefined;
  return { name, version, needs: needsOf(manifest), isNative: os !== undefined || cpu !== undefined };
}

/** By the rules of semantic versions as old packages understood them, but for spaces around it. */
function isVersion(version: string): boolean {
  return /^[\w.+-]+$/.test(version) && semver.valid(version, { loose: true }) !== null;
}

/** As on npm, where the oldest packages have names with capitals. */
export function isPackageName(name: string): boolean {
  return name.length <= 214 && /^(?:@[\w~-][\w.~-]*\/)?[\w~-][\w.~-]*$/.test(name) && name !== "__proto__";
}

/**
 * Peers are needed like dependencies, as npm installs them. Manifests in a registry repeat optional dependencies among the others.
 */
function needsOf(manifest: Readonly<Record<string, unknown>>): Needs {
  const optional = rangesOf(manifest["optionalDependencies"]);
  const peersMeta = Object(manifest["peerDependenciesMeta"]) as Record<string, unknown>;
  const peers = Object.entries(rangesOf(manifest["peerDependencies"])).filter(
    ([name]) => (Object(peersMeta[name]) as { readonly optional?: unknown }).optional !== true,
  );
  const needed = { ...Object.fromEntries(peers), ...rangesOf(manifest["dependencies"]) };
  const required = Object.entries(needed).filter(([name]) => !Object.hasOwn(optional, name));
  return { required: Object.fromEntries(required), optional };
}

function rangesOf(value: unknown): Record<string, string> {
  const entries = Object.entries(Object(value) as Record<string, unknown>);
  const ranges = entries.flatMap(([name, range]) =>
    isPackageName(name) && typeof range === "string" ? [[name, range.slice(0, maxRangeLength)] as const] : [],
  );
  return Object.fromEntries(ranges.slice(0, maxNeeds));
}

/** What is longer than this is refused when it is resolved, and need not be stored. */
const maxRangeLength = 300;

/** More dependencies than any package has. */
const maxNeeds = 1_000;
