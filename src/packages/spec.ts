import semver from "semver";
import { isDigest } from "../base/digest.ts";
import type { Digest } from "../base/digest.ts";
import { isPackageName } from "./manifest.ts";

/** Which versions of a package are requested. */
export type Spec =
  | { readonly kind: "range"; readonly name: string; readonly range: string }
  | { readonly kind: "tag"; readonly name: string; readonly tag: string }
  /** An uploaded package. */
  | { readonly kind: "upload"; readonly name: string; readonly digest: Digest }
  /** Packages from Git, URLs and folders are never fetched. */
  | { readonly kind: "unsupported"; readonly name: string; readonly text: string };

/** @param text as in the `dependencies` of a `package.json`, or `upload:` and a digest */
export function readSpec(name: string, text: string): Spec {
  if (text.length > maxSpecLength) return { kind: "unsupported", name, text: `${text.slice(0, 60)}…` };
  const upload = text.startsWith(uploadPrefix) ? text.slice(uploadPrefix.length) : "";
  if (isDigest(upload)) return { kind: "upload", name, digest: upload };
  const alias = /^npm:((?:@[^/@]+\/)?[^/@]+)(?:@(.*))?$/.exec(text);
  if (alias?.[1] === undefined || !isPackageName(alias[1])) return readVersions(name, text);
  return readVersions(alias[1], alias[2] ?? "*");
}

function readVersions(name: string, text: string): Spec {
  const range = semver.validRange(text, { loose: true });
  if (range !== null) return { kind: "range", name, range };
  return /^[A-Za-z][\w.-]*$/.test(text)
    ? { kind: "tag", name, tag: text }
    : { kind: "unsupported", name, text };
}

const uploadPrefix = "upload:";

/** Longer than any range that people write. */
const maxSpecLength = 256;

/** True if a version may be used for the request. Only a registry knows which version has a tag. */
export function isSatisfied(spec: Spec, version: string): boolean {
  if (spec.kind === "tag") return true;
  if (spec.kind !== "range") return false;
  // As in npm, which offers a package that has only prereleases to those that take any version.
  return spec.range === "*" || semver.satisfies(version, spec.range, { loose: true });
}

export function shownSpec(spec: Spec): string {
  if (spec.kind === "range") return `${spec.name}@${spec.range}`;
  if (spec.kind === "tag") return `${spec.name}@${spec.tag}`;
  return spec.kind === "upload" ? `${spec.name} (upload)` : `${spec.name}@${spec.text}`;
}

/**
 * The version that npm would choose: that of the tag `latest` if it is in the range, else the highest that is not
 * deprecated, else the highest.
 *
 * @param deprecated those of the versions that are deprecated
 */
export function pickVersion(
  spec: Spec,
  versions: readonly string[],
  {
    tags,
    deprecated,
  }: { readonly tags: ReadonlyMap<string, string>; readonly deprecated: ReadonlySet<string> },
): string | undefined {
  if (spec.kind === "tag") return versions.find((version) => version === tags.get(spec.tag));
  if (spec.kind !== "range") return undefined;
  const latest = tags.get("latest");
  if (latest !== undefined && versions.includes(latest) && isSatisfied(spec, latest)) return latest;
  const current = versions.filter((version) => !deprecated.has(version));
  const highest = (among: readonly string[]) => semver.maxSatisfying([...among], spec.range, { loose: true });
  return highest(current) ?? highest(versions) ?? undefined;
}
