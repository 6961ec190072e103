import type { Digest } from "../../base/digest.ts";
import type { AddedEngine, EngineDescription } from "../../domain/engines/engine.ts";
import type { EngineRecordStore } from "../../stores/artifact-records/engines.ts";

export interface EnginePublisherOptions {
  readonly records: Pick<EngineRecordStore, "record" | "get">;
  /** Shared by all processes of the installation, and part of backups. */
  readonly artifacts: { put(bytes: Uint8Array): Promise<Digest> };
}

export interface EngineToPublish {
  /** Checked: its module is valid, and its digest is that of its content. */
  readonly engine: EngineDescription;
  readonly file: Uint8Array;
  readonly addedBy: string;
  /** True if new versions of its language get it. */
  readonly isCurrent: boolean;
}

/** Stores an engine, which all executors can use from then on. Publishing it again changes only the current engine. */
export type PublishEngine = (engine: EngineToPublish) => Promise<AddedEngine>;

/** The record refers to the artifact, so the artifact is stored first. */
export function createEnginePublisher({ records, artifacts }: EnginePublisherOptions): PublishEngine {
  return async ({ engine, file, addedBy, isCurrent }) => {
    const artifactDigest = await artifacts.put(file);
    const added = {
      ...engine,
      artifactDigest,
      fileBytes: file.length,
      addedBy,
      addedAt: Date.now(),
      isCurrent,
    };
    await records.record(added);
    return (await records.get(engine.digest)) ?? added;
  };
}
