import _ from "underscore";
export function run() {
  return [_.groupBy([1, 2, 3], (value) => value % 2), _.template("hello <%= name %>")({ name: "you" })];
}
