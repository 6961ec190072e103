import { z } from "zod";
import { digest } from "../http/common-schema.ts";

export const engine = z
  .strictObject({
    digest: digest.meta({ description: "What the engine is made of" }),
    protocolVersion: z.int32().meta({ description: "Of what it and its host say to each other" }),
    bytes: z.int().min(0).meta({ description: "The length of its module when nothing compresses it" }),
    url: z.string().meta({
      description: "The address of its WebAssembly module on this server. What is there never changes",
      examples: ["/engine/9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08.wasm"],
    }),
  })
  .meta({ id: "Engine" });

export type EngineBody = z.input<typeof engine>;

export const engineParameters = z.strictObject({
  module: z.string().meta({ description: "The digest of the engine, and `.wasm`" }),
});
