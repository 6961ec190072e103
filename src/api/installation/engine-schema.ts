import { z } from "zod";
import { engineLanguages } from "../../domain/engines/language.ts";
import { digest } from "../contract/fields.ts";

export const engine = z
  .strictObject({
    digest: digest.meta({ description: "Digest of the engine" }),
    protocolVersion: z
      .int32()
      .meta({ description: "Version of the protocol between the engine and its host" }),
    bytes: z.int().min(0).meta({ description: "Uncompressed size of its module" }),
    url: z.string().meta({
      description: "URL of its WebAssembly module on this server. The module is immutable",
      examples: ["/engine/9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08.wasm"],
    }),
  })
  .meta({ id: "Engine" });

export const engineQuery = z.strictObject({
  language: z
    .enum(engineLanguages)
    .default("javascript")
    .meta({ description: "The language of the workflow" }),
});

export const moduleParameters = z.strictObject({
  module: z.string().meta({ description: "The digest of the engine with the suffix `.wasm`" }),
});

export const engineParameters = z.strictObject({
  digest: z.string().meta({ description: "The digest of the engine" }),
});
