import { DuraniumError } from "../../domain/errors.ts";
import type { PackageService, StoredPackageView } from "../contract/package.ts";
import { digestOf } from "./in-memory-workflows.ts";

/** A service that has one package, `slug`, in any version that is requested. */
export function inMemoryPackages(): PackageService {
  const digest = digestOf("slug");
  const slug: StoredPackageView = { name: "slug", version: "1.0.0", digest, files: 2, bytes: 64 };
  return {
    search: async (text) => ({
      items: "slug".includes(text) ? [{ name: "slug", version: "1.0.0", from: "folder" }] : [],
      folder: true,
    }),
    add: async () => slug,
    resolve: async (packages) => ({
      packageLock: Object.fromEntries(
        Object.keys(packages).map((name) => [
          `node_modules/${name}`,
          { name, version: "1.0.0", digest, from: "folder" as const },
        ]),
      ),
      packages: [slug],
    }),
    withLock: async (source) => source,
    async files(wanted) {
      if (wanted === digest) return new TextEncoder().encode('{"package.json":"{}"}');
      throw new DuraniumError("package-not-found", `There is no package with the digest ${wanted}`);
    },
  };
}
