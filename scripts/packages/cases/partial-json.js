import { parse } from "partial-json";
export function run() {
  return parse('{"a": [1, {"b": "c');
}
