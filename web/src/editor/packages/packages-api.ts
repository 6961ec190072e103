import type { FoundPackages, StoredPackage } from "#client";
import { api } from "../../api.ts";
import type { Draft, PackageLock } from "../../drafts/draft.ts";

/** What was found under a part of a name. */
export function searchQuery(query: string) {
  return {
    queryKey: ["packages", query],
    queryFn: async ({ signal }: { readonly signal: AbortSignal }): Promise<FoundPackages> =>
      await api.get("/packages", { params: { query: { query } }, signal }),
    staleTime: 60_000,
  };
}

/** The draft with these packages in place of its own, resolved. What the lock has is kept where it satisfies. */
export async function withPackages(
  draft: Draft,
  packages: Readonly<Record<string, string>>,
  lock: PackageLock = draft.packageLock ?? {},
): Promise<Pick<Draft, "packages" | "packageLock">> {
  if (Object.keys(packages).length === 0) return {};
  const { packageLock } = await api.post("/packages/resolve", { body: { packages, packageLock: lock } });
  return { packages: withoutLatest(packages, packageLock), packageLock };
}

/** Uploads a .tgz. */
export async function uploadPackage(file: File): Promise<StoredPackage> {
  return await api.post("/packages", { body: file });
}

/** As npm saves it: the newest version becomes a range from that version on. */
function withoutLatest(
  packages: Readonly<Record<string, string>>,
  lock: PackageLock,
): Readonly<Record<string, string>> {
  const ranges = Object.entries(packages).map(([name, range]) => {
    const { version } = lock[`node_modules/${name}`] ?? {};
    return [name, range === "latest" && version !== undefined ? `^${version}` : range];
  });
  return Object.fromEntries(ranges);
}
