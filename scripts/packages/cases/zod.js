import { z } from "zod";
export function run() {
  const schema = z.object({
    email: z.email(),
    age: z.coerce.number().int().min(18),
    tags: z.array(z.string()).default([]),
  });
  return [
    schema.parse({ email: "a@b.test", age: "20" }),
    schema.safeParse({ email: "x", age: 1 }).error.issues.map(({ path, code }) => [path, code]),
    z.toJSONSchema(schema, { io: "input" }),
  ];
}
