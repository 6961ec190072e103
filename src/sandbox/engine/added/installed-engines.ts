import { createPromiseCache } from "../../../base/concurrency/promise-cache.ts";
import type { Digest } from "../../../base/digest.ts";
import { languageNames } from "../../../domain/engines/language.ts";
import type { Language } from "../../../domain/engines/language.ts";
import { DuraniumError } from "../../../domain/errors.ts";
import { unpackEngine } from "./engine-file.ts";
import type { EngineStore } from "../engine-store.ts";
import type { BuiltEngine, Engine } from "../engine.ts";

/** The engines that were added to an installation. */
export interface AddedEngines {
  /** The engine that new versions of a language get. */
  currentOf(language: Language): Promise<Digest | undefined>;
  /**
   * The file of an engine; `undefined` if it was not added.
   *
   * @throws {DuraniumError} `artifact-missing`, `artifact-corrupt`
   */
  read(digest: Digest): Promise<Uint8Array | undefined>;
}

/** All engines of an installation: those of its releases, and those that were added. */
export interface InstalledEngines {
  /**
   * The engine that new versions of a language get; JavaScript's by default.
   *
   * @throws {DuraniumError} `engine-not-installed`, `engine-unavailable`, `artifact-missing`, `artifact-corrupt`
   */
  current(language?: Language): Promise<Engine>;
  /** @throws {DuraniumError} `engine-unavailable`, `artifact-missing`, `artifact-corrupt` */
  get(digest: Digest): Promise<Engine>;
}

/** Modules of added engines that are kept in memory. Each is compiled from time to time only. */
const maxCachedEngines = 2;

export function openInstalledEngines(builtIn: EngineStore, added: AddedEngines): InstalledEngines {
  // Those that were built are kept by their store.
  const engines = createPromiseCache<Digest, Engine | BuiltEngine>({
    maxWeight: maxCachedEngines,
    weightOf: (engine) => ("jcoDirectory" in engine ? 0 : 1),
  });
  const read = async (digest: Digest): Promise<Engine> => {
    const file = await added.read(digest);
    return file === undefined ? await builtIn.get(digest) : await unpackEngine(file);
  };
  const get = async (digest: Digest): Promise<Engine> =>
    await engines.get(digest, async () => await read(digest));
  return {
    get,
    async current(language = "javascript") {
      if (language === "javascript") return await builtIn.current();
      const digest = await added.currentOf(language);
      if (digest === undefined) throw engineNotInstalled(language);
      return await get(digest);
    },
  };
}

/** A deploy needs the engine of a language that this installation does not have. */
function engineNotInstalled(language: Language): DuraniumError {
  const name = languageNames[language];
  const message = `This installation has no ${name} engine`;
  const hint = `Add it with \`npx duranium engines add ${language}\`, or import the file of one with \`npx duranium engines import ${language}.engine\``;
  return new DuraniumError("engine-not-installed", `${message}. ${hint}`, {
    diagnostics: [{ message, hint }],
  });
}
