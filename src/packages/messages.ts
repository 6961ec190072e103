import type { SentError } from "../sandbox/threads/thread-messages.ts";
import type { RegistryAddress } from "./registry.ts";
import type { NewPackage, StoredPackage } from "./stored-package.ts";

/** The messages between the service and a thread of packages. A thread has one task. */

export interface PackageSources {
  /** The `node_modules` folder of the operator. */
  readonly packagesDir: string | undefined;
  readonly registry: RegistryAddress | undefined;
}

export type PackageTask =
  | {
      readonly kind: "resolve";
      readonly sources: PackageSources;
      readonly packages: Readonly<Record<string, string>>;
      /** Packages to prefer: those of the previous lock, and the uploaded ones. */
      readonly known: readonly StoredPackage[];
    }
  | { readonly kind: "unpack"; readonly tarball: Uint8Array };

/** Packages by folder, as numbers of `packages`. Each is stored already, or comes with its files. */
export interface ResolvedPackages {
  readonly packages: readonly (StoredPackage | NewPackage)[];
  readonly places: Readonly<Record<string, number>>;
}

export type FromPackagesThread =
  | { readonly resolved: ResolvedPackages }
  | { readonly unpacked: NewPackage }
  | { readonly failed: SentError }
  /** Which of these tarballs have been unpacked before? */
  | { readonly ask: readonly string[] };

/** The answer to `ask`. */
export type StoredByIntegrity = ReadonlyMap<string, StoredPackage>;
