import type { Digest } from "../base/digest.ts";
import type { PackageOrigin } from "../domain/workflow.ts";
import type { PackageArchive } from "../sandbox/compile/resolution/package-archives.ts";
import type { Manifest } from "./manifest.ts";

/** A package whose archive is an artifact. */
export interface StoredPackage extends Manifest {
  readonly digest: Digest;
  readonly from: PackageOrigin;
  readonly integrity?: string;
  readonly files: number;
  readonly bytes: number;
}

/** A package that was unpacked and is not stored yet. */
export interface NewPackage extends Manifest {
  readonly archive: PackageArchive;
  readonly from: PackageOrigin;
  readonly integrity?: string;
  readonly files: number;
}
