import _ from "lodash";
export function run() {
  return [
    _.groupBy([1.2, 1.8, 2.1], Math.floor),
    _.merge({ a: { b: 1 } }, { a: { c: [2] } }),
    _.camelCase("foo-bar baz"),
    _.template("hi <%= name %>")({ name: "x" }),
    _.cloneDeep({ d: new Date(0), m: [1] }),
    _.orderBy([{ a: 2 }, { a: 1 }], "a"),
  ];
}
