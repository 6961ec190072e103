import Joi from "joi";
export function run() {
  const schema = Joi.object({ email: Joi.string().email(), when: Joi.date().iso(), n: Joi.number().max(5) });
  return [
    schema.validate({ email: "a@b.com", when: "2026-01-01", n: "4" }).value,
    schema.validate({ n: 9 }).error.message,
  ];
}
