import { v4, v5, v7, validate, parse } from "uuid";
export function run() {
  return [
    validate(v4()),
    v5("a", v5.URL),
    validate(v7()),
    [...parse("6ba7b810-9dad-11d1-80b4-00c04fd430c8")],
  ];
}
