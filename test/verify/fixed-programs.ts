import type { Step } from "./program.ts";

/** Programs for crashes at every point: short, and with an end that does not depend on time. */
export const fixedPrograms = {
  /** Fetches and timers, in all the ways in which they can be outstanding. */
  fetching: {
    do: "inTurn",
    steps: [
      { do: "fetch", answer: "prompt" },
      { do: "sleep", durationMs: 50 },
      {
        do: "all",
        steps: [
          { do: "fetch", answer: "slow" },
          { do: "timer", durationMs: 100 },
        ],
      },
      { do: "catch", step: { do: "fetch", answer: "resets" } },
      { do: "forget", answer: "slow" },
    ],
  },
  /** State, an event, a child that fails, and console lines. */
  telling: {
    do: "inTurn",
    steps: [
      {
        do: "settled",
        steps: [
          { do: "event", name: "a" },
          { do: "tally" },
          {
            do: "call",
            step: { do: "inTurn", steps: [{ do: "fetch", answer: "prompt" }, { do: "throw" }] },
          },
        ],
      },
      { do: "say", level: "warn" },
    ],
  },
} as const satisfies Record<string, Step>;

export type FixedProgramName = keyof typeof fixedPrograms;

export const fixedProgramNames = Object.keys(fixedPrograms) as readonly FixedProgramName[];
