import type { Logger } from "../../base/logger.ts";
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
}: ArtifactRetentionOptions): Disposable {
  const sweep = async () => {
    try {
      const before = Date.now() - artifactGraceMs;
      const removed = await sweepArtifacts(artifactsDir, {
        named: versions.artifacts(),
        isNamed: (digest) => versions.hasArtifact(digest),
        before,
      });
      if (removed > 0) logger.info(`removed ${removed} unreferenced artifacts`, { removed });
    } catch (error) {
      logger.error("cannot remove unreferenced artifacts", { error });
    }
  };
  void sweep();
  const timer = setInterval(() => void sweep(), artifactSweepIntervalMs);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
