import type { Overview } from "#client";

export type Slot = Overview["slots"][number];

export const windows = [
  ["PT1H", "Hour"],
  ["PT24H", "Day"],
  ["P7D", "Week"],
] as const;

export type Window = (typeof windows)[number][0];
