import type { Logger } from "../../base/logger.ts";
import { startPeriodic } from "../../base/concurrency/periodic.ts";
import type { ArtifactStorage } from "../../stores/artifacts/artifacts.ts";
import type { EngineRecordStore } from "../../stores/artifact-records/engines.ts";
import type { PackageStore } from "../../stores/artifact-records/packages.ts";
import type { VersionStore } from "../../stores/versions.ts";
import { artifactGraceMs, artifactSweepIntervalMs, unusedPackageMs } from "./limits.ts";

export interface ArtifactRetentionOptions {
  readonly artifacts: Pick<ArtifactStorage, "sweep">;
  /** What refers to artifacts: versions, engines and packages. */
  readonly owners: readonly Pick<VersionStore, "artifacts" | "hasArtifact">[];
  /** Where the engines that `.wasm` files became are recorded. */
  readonly engines: Pick<EngineRecordStore, "removeUnused">;
  readonly packages: Pick<PackageStore, "removeUnused">;
  readonly logger: Logger;
}

/** Periodically removes packages that nothing uses and artifacts that nothing refers to, until it is disposed of. */
export function startArtifactRetention({
  artifacts,
  owners,
  engines,
  packages,
  logger,
}: ArtifactRetentionOptions): AsyncDisposable {
  const sweep = async () => {
    await packages.removeUnused(Date.now() - unusedPackageMs);
    const before = Date.now() - artifactGraceMs;
    await engines.removeUnused(before);
    const named = await Promise.all(owners.map(async (owner) => [...(await owner.artifacts())]));
    const removed = await artifacts.sweep({
      named: new Set(named.flat()),
      isNamed: async (digest) => {
        const answers = await Promise.all(owners.map(async (owner) => await owner.hasArtifact(digest)));
        return answers.includes(true);
      },
      before,
    });
    if (removed > 0) logger.info(`removed ${removed} unreferenced artifacts`, { removed });
  };
  return startPeriodic(sweep, {
    intervalMs: artifactSweepIntervalMs,
    failure: "cannot remove unreferenced artifacts",
    logger,
  });
}
