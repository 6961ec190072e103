import * as R from "ramda";
export function run() {
  return [
    R.pipe(R.map(R.inc), R.sum)([1, 2]),
    R.groupBy(R.prop("a"), [{ a: "x" }, { a: "y" }]),
    R.path(["a", 0], { a: [5] }),
  ];
}
