import type { Schedule, SetSchedule } from "#client";

export type ScheduleSpec = Schedule["spec"];

export type Overlap = Schedule["overlap"];

export type NextRun = Schedule["info"]["next"][number];

export type RecentRun = Schedule["info"]["recent"][number];

/** A schedule as it is saved. */
export type ScheduleDefinition = SetSchedule;
