import type { Diagnostic } from "../domain/errors.ts";
import type { PackageOrigin } from "../domain/workflow.ts";
import { findPlaces } from "../sandbox/compile/resolution/package-placement.ts";
import type { PackageImport } from "../sandbox/compile/resolution/package-placement.ts";
import { maxLockedPackages } from "./limits.ts";
import type { Manifest } from "./manifest.ts";
import { packageRefused, packagesRefused } from "./package-refused.ts";
import { isSatisfied, readSpec, shownSpec } from "./spec.ts";
import type { Spec } from "./spec.ts";

/** A package that a request can be answered with. */
export interface Candidate extends Manifest {
  /** Two candidates with the same key are the same files. */
  readonly key: string;
  readonly from: PackageOrigin;
}

/** Where candidates come from. */
export interface CandidateSource<Found extends Candidate> {
  /**
   * What an importing package itself brings along, whatever its version; its operator installed it for it.
   *
   * @param name as it is imported, which may be an alias
   */
  beside(importer: Found, name: string): Found | undefined;
  /** The candidate to use, or undefined if there is none. Is asked only if no candidate in use satisfies the request. */
  find(spec: Spec): Promise<Found | undefined>;
  /** Called with the requests that `find` is about to receive, so that their data can be loaded concurrently. */
  prepare(specs: readonly Spec[]): void;
  /** Why `find` has none, for the hint of a diagnostic. */
  readonly hint: string;
}

/** Packages by folder. */
export type Placed<Found> = ReadonlyMap<string, Found>;

/** Packages that cannot be found and are reported at once. A hostile package can need thousands of them. */
const maxProblems = 50;

interface Request<Found> {
  /** The name by which it is imported. */
  readonly name: string;
  readonly spec: Spec;
  /** Absent for the workflow. */
  readonly importer: Found | undefined;
  readonly isOptional: boolean;
}

/**
 * Resolves packages with all that they need, level by level, so that what the workflow requests is decided first and shared by the
 * rest. The result depends only on the requests and on what the source finds.
 *
 * @throws {DuraniumError} `package-refused`, with a diagnostic for each package that cannot be found
 */
export async function resolveGraph<Found extends Candidate>(
  packages: Readonly<Record<string, string>>,
  source: CandidateSource<Found>,
): Promise<Placed<Found>> {
  const used = new Map<string, Found>();
  const imports: PackageImport[] = [];
  const problems: Diagnostic[] = [];
  let level: readonly Request<Found>[] = requestsOf<Found>(packages, undefined, false);
  while (level.length > 0) {
    source.prepare(level.map(({ spec }) => spec));
    const next: Request<Found>[] = [];
    for (const request of level) {
      const found = await answer(request, used, source);
      if (found === undefined) {
        if (!request.isOptional) problems.push(missing(request, source.hint));
        if (problems.length === maxProblems) throw packagesRefused(problems);
        continue;
      }
      imports.push({ from: request.importer?.key ?? "", to: found.key, name: request.name });
      if (used.has(found.key)) continue;
      used.set(found.key, found);
      if (used.size > maxLockedPackages) throw tooMany(packages);
      next.push(...needsOf(found));
    }
    level = next;
  }
  if (problems.length > 0) throw packagesRefused(problems);
  return place(imports, used, packages);
}

async function answer<Found extends Candidate>(
  { name, spec, importer, isOptional }: Request<Found>,
  used: ReadonlyMap<string, Found>,
  source: CandidateSource<Found>,
): Promise<Found | undefined> {
  const beside = importer === undefined ? undefined : source.beside(importer, name);
  if (beside !== undefined) return beside;
  const shared = [...used.values()].find(
    (each) => each.name === spec.name && spec.kind === "range" && isSatisfied(spec, each.version),
  );
  const found = shared ?? (spec.kind === "unsupported" ? undefined : await source.find(spec));
  // Optional packages for one operating system contain native code, which no workflow can load.
  return isOptional && found?.isNative === true ? undefined : found;
}

function needsOf<Found extends Candidate>(importer: Found): readonly Request<Found>[] {
  const { required, optional } = importer.needs;
  return [...requestsOf(required, importer, false), ...requestsOf(optional, importer, true)];
}

function requestsOf<Found>(
  ranges: Readonly<Record<string, string>>,
  importer: Found | undefined,
  isOptional: boolean,
): readonly Request<Found>[] {
  const sorted = Object.entries(ranges).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return sorted.map(([name, text]) => ({ name, spec: readSpec(name, text), importer, isOptional }));
}

function missing<Found extends Candidate>({ spec, importer }: Request<Found>, hint: string): Diagnostic {
  const by = importer === undefined ? "" : `, which ${importer.name}@${importer.version} needs`;
  const message = `Cannot add package "${shownSpec(spec)}"${by}: `;
  if (spec.kind === "unsupported") {
    const reason = `only versions, ranges and tags are resolved, and packages from URLs, Git and folders are not`;
    return { message: `${message}${reason}`, hint: "Pack it with `npm pack` and upload the file" };
  }
  if (spec.kind === "upload") {
    const reason = `no uploaded package with this name has the digest ${spec.digest}`;
    return {
      message: `${message}${reason}`,
      hint: "Upload it again, and request it by the name in its manifest",
    };
  }
  return { message: `${message}there is no such package or version`, hint };
}

function tooMany(packages: Readonly<Record<string, string>>): Error {
  const reason = `with all dependencies there are more than ${maxLockedPackages} packages`;
  return packageRefused(Object.keys(packages).join(", "), reason);
}

function withoutEnd(packages: Readonly<Record<string, string>>) {
  return (place: string) => {
    const reason = "among its dependencies, some need different versions of one another in a circle";
    const hint = `They would have folders without end: ${place.slice(0, 200)}…`;
    return packageRefused(Object.keys(packages).join(", "), reason, { hint });
  };
}

function place<Found extends Candidate>(
  imports: readonly PackageImport[],
  used: ReadonlyMap<string, Found>,
  packages: Readonly<Record<string, string>>,
): Placed<Found> {
  const placed = new Map<string, Found>();
  for (const [key, folders] of findPlaces("", imports, withoutEnd(packages))) {
    const found = used.get(key);
    if (found !== undefined) for (const folder of folders) placed.set(folder, found);
  }
  if (placed.size > maxLockedPackages) throw tooMany(packages);
  return new Map([...placed].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
