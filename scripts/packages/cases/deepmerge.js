import deepmerge from "deepmerge";
export function run() {
  return deepmerge({ a: [1], b: { c: 1 } }, { a: [2], b: { d: 2 } });
}
