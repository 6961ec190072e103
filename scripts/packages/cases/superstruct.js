import { array, coerce, create, number, object, string, validate } from "superstruct";
export function run() {
  const schema = object({ id: coerce(number(), string(), Number), tags: array(string()) });
  return [create({ id: "4", tags: [] }, schema), validate({ id: 1 }, schema)[0].message];
}
