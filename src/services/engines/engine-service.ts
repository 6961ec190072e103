import type { EngineService, InstalledEngine } from "../../api/contract/engine.ts";
import { isDigest } from "../../base/digest.ts";
import type { Digest } from "../../base/digest.ts";
import type { AddedEngine, EngineDescription } from "../../domain/engines/engine.ts";
import { languageNames } from "../../domain/engines/language.ts";
import type { Language } from "../../domain/engines/language.ts";
import { DuraniumError } from "../../domain/errors.ts";
import type { ArtifactStore } from "../../stores/artifacts/artifacts.ts";
import type { EngineRecordStore } from "../../stores/artifact-records/engines.ts";
import { createEngineModules } from "./engine-modules.ts";
import { createEnginePublisher } from "./publish-engine.ts";

export interface EngineServiceOptions {
  /** All engines of the installation. */
  readonly engines: {
    current(language?: Language): Promise<RunnableEngine>;
    get(digest: Digest): Promise<RunnableEngine>;
  };
  readonly records: EngineRecordStore;
  readonly artifacts: ArtifactStore;
  /**
   * Reads and checks an engine file.
   *
   * @throws {DuraniumError} `invalid-engine`
   */
  readonly inspect: (file: Uint8Array) => Promise<EngineDescription>;
}

interface RunnableEngine {
  readonly digest: Digest;
  readonly language: Language;
  readonly protocolVersion: number;
  readonly core: Uint8Array<ArrayBuffer>;
}

/** The edition of ECMAScript for which workflows are bundled. */
const javaScriptVersion = "ES2024";

/** Versions that an error names. */
const maxNamedVersions = 5;

export function createEngineService(options: EngineServiceOptions): EngineService {
  const { engines, records, artifacts } = options;
  const module = createEngineModules(async (digest) => await engines.get(digest));
  const isBuiltIn = async (digest: string) => (await engines.current()).digest === digest;
  return {
    async current(language) {
      const { digest, protocolVersion, core } = await engines.current(language);
      return { digest, protocolVersion, bytes: core.length };
    },
    async module(digest, encoding) {
      const isListed = (await records.list()).some((engine) => engine.digest === digest);
      if (isListed || (await isBuiltIn(digest))) return await module(digest, encoding);
      const message = "No engine at this URL. GET /engine returns that of the current engine";
      throw new DuraniumError("route-not-found", message);
    },
    list: async () => {
      const added = await records.list();
      const views = added.map(async (engine) => await viewOf(engine, records));
      return [await builtIn(options), ...(await Promise.all(views))];
    },
    async get(digest) {
      if (await isBuiltIn(digest)) return await builtIn(options);
      return await viewOf(await findAdded(records, digest), records);
    },
    async file(digest) {
      if (await isBuiltIn(digest))
        throw new DuraniumError(
          "engine-not-found",
          "The JavaScript engine is part of the release and is not exported: install the same release, or copy its folder",
        );
      const { artifactDigest, language, languageVersion } = await findAdded(records, digest);
      return { name: `${language}-${languageVersion}.engine`, bytes: await artifacts.get(artifactDigest) };
    },
    ...changing(options, isBuiltIn),
  };
}

function changing(
  { records, artifacts, inspect }: EngineServiceOptions,
  isBuiltIn: (digest: string) => Promise<boolean>,
): Pick<EngineService, "add" | "remove"> {
  const publish = createEnginePublisher({ records, artifacts });
  return {
    async add(file, addedBy) {
      const engine = await inspect(file);
      // What an author deploys has no use without its version.
      if (engine.language === "wasm")
        throw new DuraniumError(
          "invalid-engine",
          "Cannot add an engine of WebAssembly: deploy the module instead",
        );
      return await viewOf(await publish({ engine, file, addedBy, isCurrent: true }), records);
    },
    async remove(digest) {
      if (await isBuiltIn(digest))
        throw new DuraniumError(
          "engine-in-use",
          "Cannot remove the JavaScript engine: it is part of the release",
        );
      const added = await findAdded(records, digest);
      const versions = await records.remove(added.digest, maxNamedVersions);
      if (versions.length > 0) throw inUse(added, versions, await records.versionsOf(added.digest));
    },
  };
}

async function builtIn({ engines, records }: EngineServiceOptions): Promise<InstalledEngine> {
  const { digest, language, protocolVersion, core } = await engines.current();
  return {
    digest,
    language,
    languageVersion: javaScriptVersion,
    protocolVersion,
    bytes: core.length,
    builtIn: true,
    current: true,
    versionsInUse: await records.versionsOf(digest),
  };
}

async function viewOf(engine: AddedEngine, records: EngineRecordStore): Promise<InstalledEngine> {
  const { artifactDigest: _artifact, fileBytes: _fileBytes, isCurrent: current, ...view } = engine;
  return { ...view, builtIn: false, current, versionsInUse: await records.versionsOf(engine.digest) };
}

/** Modules that authors deployed are theirs, and not engines of the installation. */
async function findAdded(records: EngineRecordStore, digest: string): Promise<AddedEngine> {
  const added = isDigest(digest) ? await records.get(digest) : undefined;
  if (added !== undefined && added.language !== "wasm") return added;
  throw new DuraniumError("engine-not-found", `This installation has no engine ${digest.slice(0, 64)}`);
}

function inUse(
  { language, languageVersion }: AddedEngine,
  named: Awaited<ReturnType<EngineRecordStore["remove"]>>,
  count: number,
): DuraniumError {
  const shown = named.map(({ workflowId, version }) => `version ${version} of "${workflowId}"`).join(", ");
  const more = count > named.length ? `, and ${count - named.length} more` : "";
  return new DuraniumError(
    "engine-in-use",
    `Cannot remove the ${languageNames[language]} engine ${languageVersion}: it is the engine of ${shown}${more}. Versions need their engine as long as they exist`,
  );
}
