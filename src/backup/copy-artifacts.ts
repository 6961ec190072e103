import type { Digest } from "../base/digest.ts";
import type { ArtifactStorage } from "../stores/artifacts/artifacts.ts";

/** Artifacts that are read and written at the same time. Each has up to megabytes. */
const concurrency = 8;

/**
 * Copies the artifacts that are missing at their destination. Each is verified by its digest when it is read and when it is
 * written, so a copy that was interrupted is completed by the next.
 *
 * @returns the number of copied artifacts
 */
export async function copyArtifacts(
  from: Pick<ArtifactStorage, "get" | "list">,
  to: Pick<ArtifactStorage, "put" | "list">,
): Promise<number> {
  const stored = new Set(await Array.fromAsync(to.list()));
  const missing = (await Array.fromAsync(from.list())).filter((digest) => !stored.has(digest));
  const rest = missing.values();
  const copyNext = async () => {
    for (const digest of rest) await copyOne(from, to, digest);
  };
  await Promise.all(Array.from({ length: concurrency }, copyNext));
  return missing.length;
}

async function copyOne(
  from: Pick<ArtifactStorage, "get">,
  to: Pick<ArtifactStorage, "put">,
  digest: Digest,
): Promise<void> {
  const copied = await to.put(await from.get(digest));
  if (copied !== digest) throw new Error(`artifact ${digest} was stored as ${copied}`);
}
