import * as v from "valibot";
export function run() {
  const schema = v.object({ email: v.pipe(v.string(), v.email()), n: v.optional(v.number(), 1) });
  return [
    v.parse(schema, { email: "a@b.test" }),
    v.safeParse(schema, { email: 1 }).issues.map(({ message }) => message),
  ];
}
