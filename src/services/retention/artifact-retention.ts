import type { Logger } from "../../base/logger.ts";
import { startPeriodic } from "../../base/periodic.ts";
import { sweepArtifacts } from "../../stores/artifacts/sweep.ts";
import type { VersionStore } from "../../stores/versions.ts";
import { artifactGraceMs, artifactSweepIntervalMs } from "./limits.ts";

export interface ArtifactRetentionOptions {
  readonly artifactsDir: string;
  readonly versions: Pick<VersionStore, "artifacts" | "hasArtifact">;
  readonly logger: Logger;
}

/** Periodically removes artifacts that no version refers to, until it is disposed of. */
export function startArtifactRetention({
  artifactsDir,
  versions,
  logger,
}: ArtifactRetentionOptions): AsyncDisposable {
  const sweep = async () => {
    const before = Date.now() - artifactGraceMs;
    const removed = await sweepArtifacts(artifactsDir, {
      named: versions.artifacts(),
      isNamed: (digest) => versions.hasArtifact(digest),
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
