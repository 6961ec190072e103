import { Type } from "@sinclair/typebox";
import { TypeCompiler } from "@sinclair/typebox/compiler";
import { Value } from "@sinclair/typebox/value";
export function run() {
  const schema = Type.Object({ a: Type.String({ minLength: 2 }), b: Type.Optional(Type.Integer()) });
  return [
    TypeCompiler.Compile(schema).Check({ a: "xy" }),
    [...Value.Errors(schema, { a: "x", b: 1.5 })].map(({ path }) => path),
  ];
}
