import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Config } from "../config/config.ts";
import type { EngineDescription } from "../domain/engines/engine.ts";
import { languageNames } from "../domain/engines/language.ts";
import { checkCore } from "../sandbox/engine/added/check-core.ts";
import { engineDigestOf, unpackEngine } from "../sandbox/engine/added/engine-file.ts";
import type { Engine } from "../sandbox/engine/engine.ts";
import type { AddedEngines } from "../sandbox/engine/added/installed-engines.ts";
import { createEnginePublisher } from "../services/engines/publish-engine.ts";
import type { ArtifactStore } from "../stores/artifacts/artifacts.ts";
import type { EngineRecordStore } from "../stores/artifact-records/engines.ts";
import type { Log } from "./log.ts";

interface EngineStores {
  readonly engines: EngineRecordStore;
  readonly artifacts: ArtifactStore;
}

/** The added engines of an installation: their records in the database, their files in the artifact store. */
export function addedEngines({ engines, artifacts }: EngineStores): AddedEngines {
  return {
    currentOf: async (language) => await engines.currentOf(language),
    async read(digest) {
      const added = await engines.get(digest);
      return added === undefined ? undefined : await artifacts.get(added.artifactDigest);
    },
  };
}

/** @throws {DuraniumError} `invalid-engine`, with what is wrong */
export async function inspectEngine(file: Uint8Array): Promise<EngineDescription> {
  const engine = await unpackEngine(file);
  await checkCore(engine.core);
  return describeEngine(engine);
}

function describeEngine({ digest, language, protocolVersion, core, metadata }: Engine): EngineDescription {
  return {
    digest,
    language,
    languageVersion: metadata.languageVersion ?? "",
    protocolVersion,
    bytes: core.length,
  };
}

/**
 * Adds the engine files in the folder of engines, where a container image has them. The engine of a file that is new
 * becomes the current one of its language; one that was added before is left as it is, so that an operator can choose
 * another one.
 */
export async function importEngineFiles({
  config,
  log,
  stores: { engines: records, artifacts },
}: {
  readonly config: Pick<Config, "enginesDir">;
  readonly log: Log;
  readonly stores: EngineStores;
}): Promise<void> {
  const publish = createEnginePublisher({ records, artifacts });
  for (const path of await engineFiles(config.enginesDir)) {
    try {
      const file = await readFile(path);
      if ((await records.get(engineDigestOf(file))) !== undefined) continue;
      const engine = await inspectEngine(file);
      await publish({ engine, file, addedBy: path, isCurrent: true });
      log.info(`added the ${languageNames[engine.language]} engine ${engine.languageVersion} from ${path}`);
    } catch (error) {
      // Workflows in other languages need not wait for the operator to replace the file.
      log.error(`cannot add the engine in ${path}`, { error });
    }
  }
}

async function engineFiles(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch(() => []);
  return names
    .filter((name) => name.endsWith(".engine"))
    .toSorted()
    .map((name) => join(folder, name));
}
