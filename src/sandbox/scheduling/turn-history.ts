import { maxRememberedBytes, maxRememberedFuel, maxRememberedTurns } from "./limits.ts";
import type { CancelMessage, RunMessage, SettleMessage } from "./messages.ts";

/** The input of a turn, independent of the thread that runs it. */
export type GuestTurn =
  | Omit<RunMessage, "turn" | "guest">
  | Omit<SettleMessage, "turn" | "guest">
  | Omit<CancelMessage, "turn" | "guest">;

/**
 * The turns that a guest has taken, while replaying them is cheap. Beyond that all of them are dropped: the
 * guest then stays on its thread, and only Restate's journal can replay it.
 */
export interface TurnHistory {
  readonly turns: readonly GuestTurn[];
  readonly isWhole: boolean;
  /** @param fuelUsed by all turns so far, including this one */
  add(turn: GuestTurn, fuelUsed: number): void;
}

export function createTurnHistory(): TurnHistory {
  let turns: GuestTurn[] = [];
  let bytes = 0;
  let isWhole = true;
  return {
    get turns() {
      return turns;
    },
    get isWhole() {
      return isWhole;
    },
    add(turn, fuelUsed) {
      if (!isWhole) return;
      turns.push(turn);
      bytes += bytesOf(turn);
      isWhole =
        turns.length <= maxRememberedTurns && bytes <= maxRememberedBytes && fuelUsed <= maxRememberedFuel;
      if (!isWhole) turns = [];
    },
  };
}

function bytesOf(turn: GuestTurn): number {
  if (turn.kind === "cancel") return 0;
  if (turn.kind === "run") return turn.payload.length;
  return turn.settlement.outcome.length + turn.settlement.body.length;
}
