import "core-js/actual/array/group-by.js";
import structuredCloneOf from "core-js/actual/structured-clone.js";
export function run() {
  return structuredCloneOf({ d: new Date(0), m: [1] });
}
