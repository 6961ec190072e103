import { zodToJsonSchema } from "zod-to-json-schema";
import { z } from "zod/v3";
export function run() {
  return zodToJsonSchema(z.object({ a: z.string().email(), b: z.number().int().optional() }), "T");
}
