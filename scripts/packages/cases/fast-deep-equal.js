import equal from "fast-deep-equal";
export function run() {
  return [equal({ a: [1, { b: 2 }] }, { a: [1, { b: 2 }] }), equal([1], ["1"])];
}
