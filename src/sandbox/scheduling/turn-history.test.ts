import { describe, expect, test } from "vitest";
import { maxRememberedBytes, maxRememberedFuel, maxRememberedTurns } from "./limits.ts";
import { createTurnHistory } from "./turn-history.ts";
import type { GuestTurn } from "./turn-history.ts";

const settle = (bytes: number): GuestTurn => ({
  kind: "settle",
  settlement: { id: 0, now: 0, outcome: new Uint8Array(), body: new Uint8Array(bytes) },
});
const cancel: GuestTurn = { kind: "cancel", now: 0 };

describe("the turns of a guest", () => {
  test("the turns of a guest are kept in order", () => {
    const memory = createTurnHistory();
    const turns = [settle(1), cancel, settle(2)];
    for (const turn of turns) memory.add(turn, 0);
    expect(memory.turns).toEqual(turns);
    expect(memory.isWhole).toBe(true);
  });

  test.each([
    ["their bytes are", Array.from({ length: 2 }, () => settle(maxRememberedBytes / 2)), 0, settle(1), 0],
    ["they are", Array.from({ length: maxRememberedTurns }, () => cancel), 0, cancel, 0],
    ["what they computed is", [cancel], maxRememberedFuel, cancel, maxRememberedFuel + 1],
  ])("all turns are dropped once %s too many", (_what, most, fuel, more, moreFuel) => {
    const memory = createTurnHistory();
    for (const turn of most) memory.add(turn, fuel);
    expect(memory.isWhole).toBe(true);
    memory.add(more, moreFuel);
    expect(memory.isWhole).toBe(false);
    expect(memory.turns).toEqual([]);
    memory.add(cancel, 0);
    expect(memory.isWhole).toBe(false);
    expect(memory.turns).toEqual([]);
  });
});
