import jmespath from "jmespath";
export function run() {
  return jmespath.search({ a: [{ b: 1 }, { b: 3 }] }, "a[?b > `1`].b | [0]");
}
