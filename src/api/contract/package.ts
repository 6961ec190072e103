import { z } from "zod";
import { packageOrigins } from "../../domain/workflow.ts";
import type { PackageLock, WorkflowSource } from "../../domain/workflow.ts";
import { isDigest } from "../../base/digest.ts";
import type { Digest } from "../../base/digest.ts";
import { digest } from "./fields.ts";
import type { View } from "./wire.ts";

/** Packages: the schemas of responses and of sources that name packages, and the types that services return. */

const name = z.string().meta({ description: "The name in its manifest", examples: ["zod"] });
const version = z.string().meta({ examples: ["4.6.7"] });

const from = z.enum(packageOrigins).meta({
  id: "PackageOrigin",
  description:
    "Where its files come from: `folder` is `DURANIUM_PACKAGES_DIR`, `registry` is `DURANIUM_PACKAGES_REGISTRY`",
});

const integrity = z
  .string()
  .max(1_000)
  .regex(/^[A-Za-z0-9+/=?\- ]+$/, "this is no subresource integrity")
  .meta({ description: "The digest of the tarball, as in `package-lock.json`" });

/** As on npm, where the oldest packages have names with capitals. */
const npmName = String.raw`(?:@[\w~-][\w.~-]*\/)?[\w~-][\w.~-]*`;

const folder = z
  .string()
  .max(1_000, "a folder has 1,000 characters at most")
  .regex(
    new RegExp(`^node_modules/${npmName}(?:/node_modules/${npmName})*$`),
    "use node_modules/ and the name of the package, and the same below it for a package within it",
  );

const lockedPackage = z
  .strictObject({
    name: name.max(214),
    version: version.max(256),
    digest: digest.refine(isDigest, "a digest has 64 lower-case hexadecimal digits").meta({
      description: "The digest of its files, for `GET /packages/{digest}`",
    }),
    from,
    integrity: integrity.exactOptional(),
  })
  .meta({ id: "LockedPackage" });

/** Packages of one source with all their dependencies. */
const maxLockedPackages = 500;

export const packageLock = z
  .record(folder, lockedPackage)
  .refine(
    (lock) => Object.keys(lock).length <= maxLockedPackages,
    `a lock has ${maxLockedPackages} packages at most`,
  )
  .meta({
    description:
      "What `packages` was resolved to, by the folder of each package, as a response contained it. With it, the same files are used again",
  });

export const storedPackage = z
  .strictObject({
    name,
    version,
    digest: digest.meta({ description: "The digest of its files" }),
    integrity: integrity.exactOptional(),
    files: z.int().meta({ description: "The number of files that can be imported" }),
    bytes: z.int().meta({ description: "The size of these files" }),
  })
  .meta({ id: "StoredPackage" });

export const foundPackages = z
  .strictObject({
    items: z.array(
      z.strictObject({
        name,
        version: version.meta({ description: "The installed version, or the latest one of the registry" }),
        from,
        description: z.string().exactOptional(),
      }),
    ),
    folder: z.boolean().meta({ description: "True if the operator has a packages folder" }),
    registry: z.url().exactOptional().meta({ description: "The registry that the operator configured" }),
    registryProblem: z
      .string()
      .exactOptional()
      .meta({ description: "Why the registry was not searched, as a sentence" }),
  })
  .meta({ id: "FoundPackages" });

export const resolvedPackages = z
  .strictObject({ packageLock, packages: z.array(storedPackage) })
  .meta({ id: "ResolvedPackages" });

export const packageFiles = z
  .record(z.string(), z.string())
  .meta({ id: "PackageFiles", description: "Contents by path in the package" });

export type StoredPackageView = View<typeof storedPackage>;
export type FoundPackagesView = View<typeof foundPackages>;
export type ResolvedPackagesView = View<typeof resolvedPackages>;

/** Packages from npm, from the operator's folder or registry, or uploaded. */
export interface PackageService {
  /** Searches by a part of the name. */
  search(text: string): Promise<FoundPackagesView>;
  /** Stores a package from its tarball. */
  add(tarball: Uint8Array): Promise<StoredPackageView>;
  /**
   * Resolves packages with their dependencies and stores their files. What the previous lock has is kept where it still satisfies.
   *
   * @throws {DuraniumError} `package-refused`, `registry-unavailable`
   */
  resolve(packages: Readonly<Record<string, string>>, previous?: PackageLock): Promise<ResolvedPackagesView>;
  /**
   * Adds the lock to a source whose lock does not have what its `packages` request. A source without packages is returned as it is.
   *
   * @throws {DuraniumError} as `resolve`
   */
  withLock(source: WorkflowSource): Promise<WorkflowSource>;
  /**
   * The files of a package, as the text of a JSON object.
   *
   * @throws {DuraniumError} `package-not-found`
   */
  files(digest: Digest): Promise<Uint8Array>;
}
