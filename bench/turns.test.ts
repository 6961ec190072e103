import { describe, expect, test } from "vitest";
import { inTurns } from "./turns.ts";

describe("measuring in turns", () => {
  test("contenders alternate, and the first turn of each is not counted", async () => {
    const order: string[] = [];
    const contender = (name: string) => ({
      name,
      round: async () => ({ p50: order.push(name) }),
    });
    const results = await inTurns(2, [contender("ours"), contender("theirs")]);
    expect(order).toEqual(["ours", "theirs", "ours", "theirs", "ours", "theirs"]);
    expect(results.map(({ name, figures }) => [name, figures["p50"]?.rounds])).toEqual([
      ["ours", [3, 5]],
      ["theirs", [4, 6]],
    ]);
  });
});
