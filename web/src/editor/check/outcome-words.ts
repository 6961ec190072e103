import type { Schemas } from "#client";

export type CheckItem = Schemas["ReplayItem"];
type Outcome = CheckItem["outcome"];
type Summary = Schemas["ReplaySummary"];

interface OutcomeWords {
  /** The state of one execution. */
  readonly name: string;
  /** What the draft does, as a sentence. */
  readonly about: string;
  /** After a count. */
  readonly one: string;
  readonly many: string;
}

/** In the order in which they are shown. */
export const outcomeWords: Readonly<Record<Outcome, OutcomeWords>> = {
  same: {
    name: "Same",
    about: "The draft makes the same calls and ends in the same way.",
    one: "same",
    many: "same",
  },
  different: {
    name: "Different call",
    about: "The draft makes another call in the place of a recorded one.",
    one: "different",
    many: "different",
  },
  asksForMore: {
    name: "Asks for more",
    about: "The draft makes a call, or waits for something, that the recording does not contain.",
    one: "asks for more",
    many: "ask for more",
  },
  endsEarlier: {
    name: "Ends earlier",
    about: "The draft ends without a call that was recorded.",
    one: "ends earlier",
    many: "end earlier",
  },
  throws: {
    name: "Throws",
    about: "The draft fails where the execution did not, or in another way.",
    one: "throws",
    many: "throw",
  },
  otherResult: {
    name: "Other result",
    about: "The draft makes the same calls and returns something else.",
    one: "with another result",
    many: "with another result",
  },
  notComparable: {
    name: "Not comparable",
    about: "The recording lacks what the draft needs.",
    one: "not comparable",
    many: "not comparable",
  },
};

export const outcomes = Object.keys(outcomeWords) as readonly Outcome[];

/** `47 same, 2 different, 1 asks for more`; empty if nothing has been replayed yet. */
export function summaryText(summary: Summary): string {
  return outcomes
    .filter((outcome) => summary[outcome] > 0)
    .map((outcome) => {
      const { one, many } = outcomeWords[outcome];
      return `${summary[outcome]} ${summary[outcome] === 1 ? one : many}`;
    })
    .join(", ");
}

/** How many executions do not behave the same. */
export function differing(summary: Summary): number {
  return outcomes.reduce((sum, outcome) => sum + (outcome === "same" ? 0 : summary[outcome]), 0);
}
