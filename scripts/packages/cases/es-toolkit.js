import { camelCase, chunk, debounce, groupBy } from "es-toolkit";
export function run() {
  return [
    chunk([1, 2, 3], 2),
    camelCase("a_b c"),
    groupBy([1, 2], (value) => (value > 1 ? "x" : "y")),
    typeof debounce,
  ];
}
