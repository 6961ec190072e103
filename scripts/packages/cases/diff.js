import { createPatch, diffWords } from "diff";
export function run() {
  return [
    diffWords("a b c", "a x c").map(({ value, added }) => [value, added === true]),
    createPatch("f", "a\nb\n", "a\nc\n"),
  ];
}
