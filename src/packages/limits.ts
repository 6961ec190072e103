import { KiB, MiB } from "../base/binary-units.ts";

/** Limits on packages that are resolved and unpacked for sources. What they contain was written by strangers. */

/** A tarball, compressed. */
export const maxTarballBytes = 24 * MiB;

/** A tarball, unpacked. The AWS SDK's largest client has 11 MB. */
export const maxUnpackedBytes = 64 * MiB;

/** Entries of a tarball. */
export const maxTarballEntries = 20_000;

/** Files of one package that are stored: source code and data that can be imported. */
export const maxPackageFiles = 8_000;

/** Packages of one source with all their dependencies. */
export const maxLockedPackages = 500;

/** Files and bytes of all packages of one source, a package once for each of its folders. Bundling writes an empty file for each. */
export const maxLockedFiles = 20_000;
export const maxLockedBytes = 64 * MiB;

/** What a registry says about one package: all of its versions. Some have thousands. */
export const maxPackumentBytes = 24 * MiB;

/** A page of search results. */
export const maxSearchBytes = MiB;

/** Results of one search. */
export const maxSearchItems = 20;

/** One request to a registry, from its start to the last byte. */
export const registryTimeoutMs = 30_000;

/** Concurrent requests of one resolution to a registry. */
export const maxRegistryRequests = 8;

/** Redirects that one request follows, within the registry. */
export const maxRegistryRedirects = 3;

/** Wall-clock time of one resolution with its downloads. */
export const resolutionTimeoutMs = 90_000;

/** Resolutions and uploads in progress. Each has a thread, and further ones wait. */
export const maxPackageThreads = 2;

/** Of those that wait, an upload has its tarball in memory. Further ones are rejected. */
export const maxWaitingPackageTasks = 16;

/** Heap of such a thread. */
export const packageThreadHeapMb = 512;

/** The path of a file in a package, in characters. */
export const maxPackagePathLength = 400;

/** A `package.json`, which is parsed for each package that is resolved. */
export const maxManifestBytes = 512 * KiB;
