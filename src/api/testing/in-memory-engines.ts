import { DuraniumError } from "../../domain/errors.ts";
import type { EngineService, InstalledEngine } from "../contract/engine.ts";
import { testTime } from "./in-memory-list.ts";
import { digestOf } from "./in-memory-workflows.ts";

/** A file that begins with `engine` is one of Python; its text is its version. */
export function inMemoryEngines(): EngineService {
  const builtIn: InstalledEngine = {
    digest: digestOf("engine"),
    language: "javascript",
    languageVersion: "ES2024",
    protocolVersion: 1,
    bytes: 8,
    builtIn: true,
    current: true,
    versionsInUse: 0,
  };
  const stored = new Map<string, { readonly engine: InstalledEngine; readonly file: Uint8Array }>();
  const find = (digest: string) => {
    const found = stored.get(digest);
    if (found !== undefined) return found;
    throw new DuraniumError("engine-not-found", `There is no engine ${digest}`);
  };
  return {
    async current(language) {
      const engines = [builtIn, ...[...stored.values()].map(({ engine }) => engine)];
      const found = engines.find((engine) => engine.language === language);
      if (found === undefined)
        throw new DuraniumError("engine-not-installed", `There is no ${language} engine`);
      return { digest: found.digest, protocolVersion: 1, bytes: 8 };
    },
    async module(digest, encoding = "gzip") {
      if (digest !== builtIn.digest && !stored.has(digest))
        throw new DuraniumError("route-not-found", `There is no engine ${digest}`);
      return new TextEncoder().encode(encoding);
    },
    list: async () => [builtIn, ...[...stored.values()].map(({ engine }) => engine)],
    get: async (digest) => (digest === builtIn.digest ? builtIn : find(digest).engine),
    file: async (digest) => ({ name: "python.engine", bytes: find(digest).file }),
    async add(file, addedBy) {
      const languageVersion = new TextDecoder().decode(file).slice("engine ".length);
      if (!new TextDecoder().decode(file).startsWith("engine"))
        throw new DuraniumError("invalid-engine", "Cannot read the engine file");
      const digest = digestOf(languageVersion);
      const made = {
        digest,
        language: "python",
        languageVersion,
        builtIn: false,
        addedAt: testTime,
        addedBy,
      } as const;
      const engine = { ...builtIn, ...made };
      stored.set(digest, { engine, file });
      return engine;
    },
    async remove(digest) {
      find(digest);
      stored.delete(digest);
    },
  };
}
