import { parse, v1, v4, v5, validate } from "uuid9";
export function run() {
  return [
    v5("a", v5.DNS),
    validate(v4()),
    validate(v1()),
    parse("6ba7b810-9dad-11d1-80b4-00c04fd430c8").length,
  ];
}
