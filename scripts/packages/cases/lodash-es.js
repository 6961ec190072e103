import { chunk, debounce, get, kebabCase } from "lodash-es";
export function run() {
  return [
    chunk([1, 2, 3], 2),
    get({ a: [{ b: 1 }] }, "a[0].b"),
    kebabCase("fooBar"),
    typeof debounce(() => 1),
  ];
}
