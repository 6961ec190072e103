import Ajv2020 from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
export function run() {
  const ajv = new Ajv2020({ allErrors: true });
  addFormats(ajv);
  const validate = ajv.compile({
    type: "object",
    properties: { a: { type: "string", format: "date-time" }, b: { format: "uri" } },
  });
  return [
    validate({ a: "2026-01-02T03:04:05Z", b: "https://a.test" }),
    validate({ a: "x", b: "y" }),
    validate.errors.map(({ message }) => message),
  ];
}
