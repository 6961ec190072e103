import type { Digest } from "../../base/digest.ts";
import type { Language } from "./language.ts";

/** What an engine is: a WebAssembly module that runs workflows of one language. */
export interface EngineDescription {
  readonly digest: Digest;
  readonly language: Language;
  /** The version of the language that it implements: `3.13.5`. */
  readonly languageVersion: string;
  /** The version of the protocol between the engine and its host. */
  readonly protocolVersion: number;
  /** The length of its module. */
  readonly bytes: number;
}

/** An engine that was added to an installation. */
export interface AddedEngine extends EngineDescription {
  /** The engine file in the artifact store. */
  readonly artifactDigest: Digest;
  /** The length of the engine file. */
  readonly fileBytes: number;
  /** Milliseconds since the Unix epoch. */
  readonly addedAt: number;
  /** The name of the API key, or of what added it. */
  readonly addedBy: string;
  /** True for the engine that new versions of its language get. */
  readonly isCurrent: boolean;
}
