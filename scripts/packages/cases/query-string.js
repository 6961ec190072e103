import queryString from "query-string";
export function run() {
  return [queryString.parse("?a=1&a=2&b=x%20y"), queryString.stringify({ z: 1, a: ["x", null] })];
}
