import Ajv from "ajv";
export function run() {
  const validate = new Ajv({ allErrors: true }).compile({
    type: "object",
    properties: { a: { type: "integer" } },
    required: ["a", "b"],
    additionalProperties: false,
  });
  return [
    validate({ a: 1, b: 2 }),
    validate.errors?.map(({ message }) => message),
    validate({ a: "x" }),
    validate.errors.map(({ message }) => message),
  ];
}
