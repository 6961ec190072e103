import { z } from "zod";
import type { Digest } from "../../base/digest.ts";
import { languages } from "../../domain/engines/language.ts";
import type { Language } from "../../domain/engines/language.ts";
import { digest, timestamp } from "./fields.ts";
import type { View } from "./wire.ts";

/** The engines of an installation: the schema of responses, and what the API needs of its service. */

export const installedEngine = z
  .strictObject({
    digest: digest.meta({
      description: "Digest of the engine. Versions name the engine that they run on by it",
    }),
    language: z.enum(languages).meta({ description: "The language of the workflows that it runs" }),
    languageVersion: z
      .string()
      .meta({ description: "The version of the language that it implements", examples: ["3.13.5"] }),
    protocolVersion: z
      .int32()
      .meta({ description: "Version of the protocol between the engine and its host" }),
    bytes: z.int().min(0).meta({ description: "Uncompressed size of its module" }),
    builtIn: z.boolean().meta({ description: "True for the engine that is part of this release" }),
    current: z.boolean().meta({ description: "True if new versions of its language get it" }),
    versionsInUse: z.int().min(0).meta({ description: "The number of versions that were deployed with it" }),
    addedAt: timestamp.exactOptional().meta({ description: "When it was added; absent if it is built in" }),
    addedBy: z.string().exactOptional().meta({
      description: "The name of the API key that added it, or the path of a file that was found at a start",
    }),
  })
  .meta({ id: "InstalledEngine" });

export type InstalledEngine = View<typeof installedEngine>;

export type EngineEncoding = "gzip" | "br";

/** Engines, and what clients need that run them elsewhere, such as previews. */
export interface EngineService {
  /**
   * The engine that new versions of a language get.
   *
   * @throws {DuraniumError} `engine-not-installed`, `engine-unavailable`
   */
  current(language: Language): Promise<ServedEngine>;
  /**
   * The WebAssembly module of a language's engine, compressed if an encoding is given.
   *
   * @throws {DuraniumError} `route-not-found`
   */
  module(digest: Digest, encoding: EngineEncoding | undefined): Promise<Uint8Array<ArrayBuffer>>;
  /** Built-in ones first, then the newest. */
  list(): Promise<readonly InstalledEngine[]>;
  /** @throws {DuraniumError} `engine-not-found` */
  get(digest: string): Promise<InstalledEngine>;
  /**
   * The file of an engine that was added.
   *
   * @throws {DuraniumError} `engine-not-found`
   */
  file(digest: string): Promise<{ readonly name: string; readonly bytes: Uint8Array }>;
  /**
   * Adds the engine in a file, which new versions of its language get from then on.
   *
   * @throws {DuraniumError} `invalid-engine`
   */
  add(file: Uint8Array, addedBy: string): Promise<InstalledEngine>;
  /** @throws {DuraniumError} `engine-not-found`, `engine-in-use` */
  remove(digest: string): Promise<void>;
}

interface ServedEngine {
  readonly digest: Digest;
  readonly protocolVersion: number;
  /** The size of the uncompressed module. */
  readonly bytes: number;
}
