import jsonLogic from "json-logic-js";
export function run() {
  return jsonLogic.apply(
    { and: [{ ">": [{ var: "a" }, 1] }, { "==": [{ var: "b" }, "c"] }] },
    { a: 2, b: "c" },
  );
}
