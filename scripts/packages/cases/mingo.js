import { aggregate } from "mingo";
export function run() {
  return aggregate(
    [
      { a: 1, b: 2 },
      { a: 1, b: 3 },
    ],
    [{ $group: { _id: "$a", sum: { $sum: "$b" } } }],
  );
}
