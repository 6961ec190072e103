import { expect, test } from "vitest";
import { linesOf } from "./print.ts";
import { resultOf } from "./turns.ts";

test("each baseline shows the ratio of the first figure", () => {
  const lines = linesOf({
    what: "a start",
    unit: "ms",
    results: [
      resultOf("Duranium", [
        { p50: 0.5, p99: 2 },
        { p50: 0.7, p99: 2 },
        { p50: 0.6, p99: 8 },
      ]),
      resultOf("theirs", [{ p50: 1_200, p99: 1_500 }]),
    ],
  });
  expect(lines.map((line) => line.replaceAll(/ +/g, " "))).toEqual([
    " a start (ms)",
    " Duranium p50 0.6 (0.5 to 0.7) p99 2 (2 to 8)",
    " theirs p50 1,200 p99 1,500 ratio 0.0005",
  ]);
});
