import { JSONPath } from "jsonpath-plus";
export function run() {
  return JSONPath({
    path: "$.a[?(@.b > 1)].c",
    json: {
      a: [
        { b: 1, c: "x" },
        { b: 2, c: "y" },
      ],
    },
  });
}
