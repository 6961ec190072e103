import { z } from "zod/v3";
export function run() {
  const schema = z.object({ a: z.string().datetime(), b: z.union([z.number(), z.string()]) });
  return [schema.parse({ a: "2026-01-02T03:04:05Z", b: 1 }), schema.safeParse({ a: 1 }).error.flatten()];
}
