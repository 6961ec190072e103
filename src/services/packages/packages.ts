import type { FoundPackagesView, PackageService, StoredPackageView } from "../../api/contract/package.ts";
import type { Digest } from "../../base/digest.ts";
import { DuraniumError, messageOf } from "../../domain/errors.ts";
import { languageOf } from "../../domain/engines/language.ts";
import type { LockedPackage, PackageLock, PackageOrigin, WorkflowSource } from "../../domain/workflow.ts";
import { openInstalledFolder } from "../../packages/installed-folder.ts";
import { maxSearchItems } from "../../packages/limits.ts";
import type { PackageSources } from "../../packages/messages.ts";
import { LockedSize } from "../../packages/locked-size.ts";
import { packageRefused, shownPackage } from "../../packages/package-refused.ts";
import { createPackageThreads } from "../../packages/packages-thread.ts";
import { openRegistry } from "../../packages/registry.ts";
import { isSatisfied, readSpec } from "../../packages/spec.ts";
import type { NewPackage, StoredPackage } from "../../packages/stored-package.ts";
import type { ArtifactStore } from "../../stores/artifacts/artifacts.ts";
import type { PackageRecord, PackageStore } from "../../stores/artifact-records/packages.ts";

export interface PackageServiceOptions extends PackageSources {
  readonly store: PackageStore;
  readonly artifacts: ArtifactStore;
}

/** Packages of sources: resolved and unpacked in threads, stored as artifacts. */
export function createPackageService({
  store,
  artifacts,
  ...sources
}: PackageServiceOptions): PackageService {
  const threads = createPackageThreads(sources, {
    byIntegrity: async (integrities) => (await store.listByIntegrity(integrities)).map(storedOf),
  });

  async function keep(added: StoredPackage | NewPackage): Promise<StoredPackage> {
    if (!("archive" in added)) {
      if (added.from === "registry") await store.confirm(added.digest);
      return added;
    }
    const { archive } = added;
    const digest = await artifacts.put(archive);
    const stored = { ...added, digest, bytes: archive.length };
    const { integrity } = await store.add(recordOf(stored), Date.now());
    // A registry that publishes the same files again may pack them differently. Locks state the first tarball.
    return added.from === "registry" && integrity !== null ? { ...stored, integrity } : stored;
  }

  const resolve: PackageService["resolve"] = async (packages, previous = {}) => {
    const known = [...(await uploadsIn(packages, store)), ...(await packagesIn(previous, store))];
    const resolved = await threads.resolve(packages, known);
    const stored = await Promise.all(resolved.packages.map(keep));
    await store.renew(
      stored.map(({ digest }) => digest),
      Date.now(),
    );
    return { packageLock: lockOf(resolved.places, stored), packages: stored.map(viewOf) };
  };

  return {
    search: async (text) => await search(sources, text),
    add: async (tarball) => viewOf(await keep(await threads.unpack(tarball))),
    resolve,
    async withLock(source) {
      const { packages, packageLock, ...rest } = source;
      if (packages === undefined || Object.keys(packages).length === 0) return rest;
      assertJavaScript(source, packages);
      if (packageLock === undefined || !isLocked(packages, packageLock)) {
        return { ...rest, packages, packageLock: (await resolve(packages, packageLock)).packageLock };
      }
      await assertStored(packageLock, store);
      await store.renew(digestsOf(packageLock), Date.now());
      return source;
    },
    async files(digest) {
      if (await store.hasArtifact(digest)) return await artifacts.get(digest);
      throw new DuraniumError("package-not-found", `There is no package with the digest ${digest}`);
    },
  };
}

function assertJavaScript(source: WorkflowSource, packages: Readonly<Record<string, string>>): void {
  if (languageOf(source) === "javascript") return;
  const [name = ""] = Object.keys(packages);
  throw packageRefused(name, "npm packages are for workflows in TypeScript and JavaScript");
}

async function uploadsIn(
  packages: Readonly<Record<string, string>>,
  store: PackageStore,
): Promise<readonly StoredPackage[]> {
  const specs = Object.entries(packages).map(([name, text]) => readSpec(name, text));
  const digests = specs.flatMap((spec) => (spec.kind === "upload" ? [spec.digest] : []));
  const found = await store.list(digests);
  return found.map((record) => ({ ...storedOf(record), from: "upload" }));
}

/** The packages of a lock that are stored. */
async function packagesIn(lock: PackageLock, store: PackageStore): Promise<readonly StoredPackage[]> {
  const records = new Map((await store.list(digestsOf(lock))).map((record) => [record.digest, record]));
  return Object.values(lock).flatMap(({ digest, from }) => {
    const record = records.get(digest);
    if (record === undefined) return [];
    return [{ ...storedOf(record), from: isFrom(record, from) ? from : record.origin }];
  });
}

function lockOf(places: Readonly<Record<string, number>>, stored: readonly StoredPackage[]): PackageLock {
  const locked = Object.entries(places).flatMap(([place, number]) => {
    const found = stored[number];
    return found === undefined ? [] : [[place, lockedOf(found)] as const];
  });
  return Object.fromEntries(locked);
}

/** True if the lock has, for each requested package, one that satisfies the request. */
function isLocked(packages: Readonly<Record<string, string>>, lock: PackageLock): boolean {
  return Object.entries(packages).every(([name, text]) => {
    const locked = Object.hasOwn(lock, `node_modules/${name}`) ? lock[`node_modules/${name}`] : undefined;
    const spec = readSpec(name, text);
    if (locked === undefined) return false;
    if (spec.kind === "upload") return spec.digest === locked.digest;
    return spec.name === locked.name && isSatisfied(spec, locked.version);
  });
}

/** A lock comes from a client, so it may name what does not exist, or say something else about it. */
async function assertStored(lock: PackageLock, store: PackageStore): Promise<void> {
  const records = new Map((await store.list(digestsOf(lock))).map((record) => [record.digest, record]));
  const size = new LockedSize();
  for (const [folder, locked] of Object.entries(lock)) {
    const record = records.get(locked.digest);
    const reason = whyNotStored(locked, record);
    if (record !== undefined && reason === undefined) size.add(record, 1);
    else throw packageRefused(shownPackage(locked), `${folder} ${reason}`, { hint: resolveAgain });
  }
}

const resolveAgain = "Send `packages` without `packageLock`, so that they are resolved again";

function whyNotStored(locked: LockedPackage, record: PackageRecord | undefined): string | undefined {
  if (record === undefined) return "has a digest that is not stored";
  if (record.name !== locked.name || record.version !== locked.version) {
    return `has the digest of ${shownPackage(record)}`;
  }
  const isOther = locked.from === "registry" && locked.integrity !== (record.integrity ?? undefined);
  if (isFrom(record, locked.from) && !isOther) return undefined;
  return "states an origin or integrity that these files do not have";
}

/** Whether the files are known to come from there. Any client can upload what the registry has, but not the reverse. */
function isFrom({ origin }: PackageRecord, claimed: PackageOrigin): boolean {
  return trust.indexOf(claimed) >= trust.indexOf(origin);
}

/** Most first. */
const trust: readonly PackageOrigin[] = ["registry", "folder", "upload"];

function digestsOf(lock: PackageLock): readonly Digest[] {
  return [...new Set(Object.values(lock).map(({ digest }) => digest))];
}

async function search({ packagesDir, registry }: PackageSources, text: string): Promise<FoundPackagesView> {
  const installed = packagesDir === undefined ? [] : searchFolder(packagesDir, text);
  const facts = {
    folder: packagesDir !== undefined,
    ...(registry === undefined ? {} : { registry: registry.url }),
  };
  if (registry === undefined || text === "") return { items: installed, ...facts };
  await using client = openRegistry(registry);
  try {
    const published = await client.search(text);
    return {
      items: [...installed, ...published.map((each) => ({ ...each, from: "registry" as const }))],
      ...facts,
    };
  } catch (error) {
    return { items: installed, ...facts, registryProblem: messageOf(error) };
  }
}

function searchFolder(packagesDir: string, text: string): FoundPackagesView["items"] {
  const folder = openInstalledFolder(packagesDir);
  const wanted = text.toLowerCase();
  const names = folder.names().filter((name) => name.toLowerCase().includes(wanted));
  const nearest = names.toSorted((a, b) => Number(b === wanted) - Number(a === wanted));
  return nearest.slice(0, maxSearchItems).flatMap((name) => {
    const found = folder.find(name, "");
    return found === undefined ? [] : [{ name, version: found.version, from: "folder" as const }];
  });
}

function storedOf({ origin, integrity, manifest, ...facts }: PackageRecord): StoredPackage {
  const { required, optional, isNative } = manifest;
  return {
    ...facts,
    from: origin,
    needs: { required, optional },
    isNative,
    ...(integrity === null ? {} : { integrity }),
  };
}

function recordOf({ needs, isNative, from: origin, integrity, ...facts }: StoredPackage): PackageRecord {
  const { digest, name, version, files, bytes } = facts;
  const manifest = { ...needs, isNative };
  return { digest, name, version, origin, integrity: integrity ?? null, manifest, files, bytes };
}

function lockedOf({ name, version, digest, from, integrity }: StoredPackage): PackageLock[string] {
  return { name, version, digest, from, ...(integrity === undefined ? {} : { integrity }) };
}

function viewOf({ name, version, digest, integrity, files, bytes }: StoredPackage): StoredPackageView {
  return { name, version, digest, files, bytes, ...(integrity === undefined ? {} : { integrity }) };
}
