/** The parts of an installation whose loss can be accepted at a start: the effect, by option. */
export const lossOptions = {
  "accept-lost-master-key": "make a new master key beside secrets that it cannot decrypt",
  "accept-lost-artifacts": "start although the code of all versions is missing",
  "accept-lost-executions": "start with a new Restate, and make the newest version of each workflow current",
  "accept-lost-database": "start with an empty database beside the executions of before",
} as const;

export type LossOption = keyof typeof lossOptions;

/** The losses that the operator has accepted for this start. */
export type AcceptedLosses = ReadonlySet<LossOption>;
