import { createSemaphore } from "../base/concurrency/semaphore.ts";
import { maxRegistryRequests } from "./limits.ts";
import { openInstalledFolder } from "./installed-folder.ts";
import type { InstalledFolder, InstalledPackage } from "./installed-folder.ts";
import { assertIntegrity } from "./integrity.ts";
import { LockedSize } from "./locked-size.ts";
import type { PackageSources, PackageTask, ResolvedPackages, StoredByIntegrity } from "./messages.ts";
import { packageRefused, shownPackage } from "./package-refused.ts";
import { openRegistry } from "./registry.ts";
import type { Registry, RegistryVersion } from "./registry.ts";
import { resolveGraph } from "./resolve-graph.ts";
import type { Candidate, CandidateSource } from "./resolve-graph.ts";
import { isSatisfied, pickVersion } from "./spec.ts";
import type { Spec } from "./spec.ts";
import type { NewPackage, StoredPackage } from "./stored-package.ts";
import { packageOf, unpack } from "./unpack.ts";

/** A candidate and where its files are. */
interface Located extends Candidate {
  readonly stored?: StoredPackage;
  readonly installed?: InstalledPackage;
  readonly published?: RegistryVersion;
}

/**
 * Resolves packages among those that are stored, those of the operator's folder, and those of the registry, in this order, and
 * reads the files of those that are not stored.
 *
 * @param askStored which tarballs have been unpacked before
 * @throws {DuraniumError} `package-refused`, `registry-unavailable`
 */
export async function findPackages(
  { packages, known, sources }: Extract<PackageTask, { readonly kind: "resolve" }>,
  askStored: (integrities: readonly string[]) => Promise<StoredByIntegrity>,
): Promise<ResolvedPackages> {
  const folder = sources.packagesDir === undefined ? undefined : openInstalledFolder(sources.packagesDir);
  await using registry = sources.registry === undefined ? undefined : openRegistry(sources.registry);
  const placed = await resolveGraph(packages, sourceOf({ known, folder, registry, sources }));
  const located = [...new Map([...placed.values()].map((each) => [each.key, each])).values()];
  const stored = await askStored(located.flatMap(({ published }) => integritiesOf(published)));
  const folders = Map.groupBy(placed.values(), ({ key }) => key);
  const foldersOf = ({ key }: Located) => folders.get(key)?.length ?? 1;
  const loaded = await load(located, { stored, folder, registry, foldersOf });
  const numbers = new Map(located.map(({ key }, number) => [key, number]));
  const places = [...placed].map(([place, { key }]) => [place, numbers.get(key) ?? 0] as const);
  return { packages: loaded, places: Object.fromEntries(places) };
}

function integritiesOf(published: RegistryVersion | undefined): readonly string[] {
  return published === undefined || published.integrity === "" ? [] : [published.integrity];
}

interface Places {
  readonly known: readonly StoredPackage[];
  readonly folder: InstalledFolder | undefined;
  readonly registry: Registry | undefined;
  readonly sources: PackageSources;
}

function sourceOf({ known, folder, registry, sources }: Places): CandidateSource<Located> {
  const stored = known.map(storedCandidate);
  const locked = (spec: Spec) =>
    stored.find(
      (each) => each.name === spec.name && (isUpload(spec, each) || isSatisfied(spec, each.version)),
    );
  const installed = (name: string, from: string) => {
    const found = folder?.find(name, from);
    return found === undefined ? undefined : installedCandidate(found);
  };
  const local = (spec: Spec) => {
    const found = locked(spec);
    if (found !== undefined || spec.kind === "upload") return found;
    const supplied = installed(spec.name, "");
    return supplied !== undefined && isInstalled(spec, supplied.version) ? supplied : undefined;
  };
  return {
    hint: hintOf(sources),
    beside: (importer, name) =>
      importer.installed === undefined ? undefined : installed(name, importer.installed.path),
    prepare(specs) {
      for (const spec of specs) {
        if (spec.kind === "unsupported" || spec.kind === "upload" || local(spec) !== undefined) continue;
        // A failure is reported by `find`.
        registry?.packument(spec.name).catch(() => undefined);
      }
    },
    async find(spec) {
      const found = local(spec);
      if (found !== undefined || spec.kind === "upload" || registry === undefined) return found;
      return await publishedCandidate(registry, spec);
    },
  };
}

/** What an operator installed is the latest version here. Other tags are the registry's. */
function isInstalled(spec: Spec, version: string): boolean {
  return spec.kind === "tag" ? spec.tag === "latest" : isSatisfied(spec, version);
}

function isUpload(spec: Spec, { stored }: Located): boolean {
  return spec.kind === "upload" && spec.digest === stored?.digest;
}

function storedCandidate(stored: StoredPackage): Located {
  const { name, version, needs, isNative, from } = stored;
  return { key: `stored:${stored.digest}`, name, version, needs, isNative, from, stored };
}

function installedCandidate(installed: InstalledPackage): Located {
  return { ...installed, key: `folder:${installed.path}`, from: "folder", installed };
}

async function publishedCandidate(registry: Registry, spec: Spec): Promise<Located | undefined> {
  const packument = await registry.packument(spec.name);
  const version = packument && pickVersion(spec, packument.versions, packument);
  if (version === undefined) return undefined;
  const published = packument?.version(version);
  if (published === undefined) {
    const what = shownPackage({ name: spec.name, version });
    throw packageRefused(what, "what the registry says about it is not valid");
  }
  return { ...published, key: `registry:${shownPackage(published)}`, from: "registry", published };
}

function hintOf({ packagesDir, registry }: PackageSources): string {
  const folder = packagesDir === undefined ? [] : ["the packages folder of this installation"];
  const origin = registry === undefined ? [] : [new URL(registry.url).origin];
  const among = [...folder, ...origin];
  if (among.length > 0) return `Looked for it in ${among.join(" and ")}`;
  return "Upload it as a .tgz, or ask the operator for DURANIUM_PACKAGES_DIR or DURANIUM_PACKAGES_REGISTRY";
}

interface Loading {
  /** The number of folders in which a package is. */
  readonly foldersOf: (located: Located) => number;
  readonly stored: StoredByIntegrity;
  readonly folder: InstalledFolder | undefined;
  readonly registry: Registry | undefined;
}

async function load(
  located: readonly Located[],
  loading: Loading,
): Promise<readonly (StoredPackage | NewPackage)[]> {
  const semaphore = createSemaphore(maxRegistryRequests);
  const size = new LockedSize();
  return await Promise.all(
    located.map(async (each) => {
      using _permit = await semaphore.take();
      const loaded = await loadOne(each, loading);
      const bytes = "archive" in loaded ? loaded.archive.length : loaded.bytes;
      size.add({ ...loaded, bytes }, loading.foldersOf(each));
      return loaded;
    }),
  );
}

async function loadOne(
  { stored, installed, published, from }: Located,
  loading: Loading,
): Promise<StoredPackage | NewPackage> {
  if (stored !== undefined) return stored;
  if (installed !== undefined) {
    const files = loading.folder?.read(installed.path) ?? {};
    return { ...packageOf(files, shownPackage(installed)), from };
  }
  if (published === undefined || loading.registry === undefined) throw new Error("No source of the package");
  const { integrity } = published;
  const known = loading.stored.get(integrity);
  if (known !== undefined) return { ...known, from };
  const tarball = await loading.registry.tarball(published);
  const what = shownPackage(published);
  assertIntegrity(tarball, integrity, what);
  const unpacked = await unpack(tarball, what);
  if (unpacked.name !== published.name || unpacked.version !== published.version) {
    const reason = `its tarball contains ${shownPackage(unpacked)}`;
    throw packageRefused(what, reason, { file: "package.json" });
  }
  return { ...unpacked, from, integrity };
}
