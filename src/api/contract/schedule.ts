import { z } from "zod";
import { scheduleOptionsShape, scheduleSpecSchema } from "../../declarations/schedule-schema.ts";
import { overlapPolicies } from "../../domain/automation/schedule.ts";
import { executionId, executionStatus, jsonValue, timestamp, versionNumber, workflowId } from "./fields.ts";
import type { View } from "./wire.ts";

export const scheduleSpec = scheduleSpecSchema.meta({
  id: "ScheduleSpec",
  description:
    "When a schedule runs. The instants of `cron`, `every` and `at` are merged. `cron` is local time of `timeZone`: a time that " +
    "clocks skip runs once, at the moment of the change, and one that they repeat runs once, the first time. Durations are ISO 8601 " +
    "(`PT5M`), instants are RFC 3339 with their offset, dates in `skip` are local",
  examples: [{ cron: ["0 9 * * 1-5"], timeZone: "Europe/Berlin" }],
});

const overlap = z.enum(overlapPolicies).meta({
  description:
    "What happens at an instant while an earlier run is in progress: `skip` it, let one (`buffer-one`) or all (`buffer-all`) wait, " +
    "cancel the running one (`cancel-running`), or run both (`allow`)",
});

const upcomingRun = z.strictObject({
  at: timestamp,
  note: z
    .string()
    .exactOptional()
    .meta({
      description: "How a clock change affects this run",
      examples: ["02:30 does not exist on 28 March 2027: runs at 03:00"],
    }),
});

const recentRun = z.strictObject({
  scheduledAt: timestamp,
  reason: z.enum(["schedule", "trigger", "backfill"]),
  outcome: z.enum(["started", "skipped", "buffered"]),
  executionId: executionId.exactOptional(),
  status: executionStatus.exactOptional().meta({ description: "Absent if the execution was deleted" }),
});

const info = z.strictObject({
  next: z.array(upcomingRun).meta({ description: "The next runs: up to ten, in a list one" }),
  running: z.array(executionId),
  recent: z.array(recentRun).meta({ description: "The latest runs, newest first: up to 20, in a list 5" }),
  started: z.int(),
  missed: z.int().meta({ description: "Instants that passed during an outage longer than `catchUp`" }),
  skipped: z.int().meta({ description: "Instants that the overlap policy skipped" }),
  buffered: z.int().meta({ description: "Runs that wait for the end of another one" }),
  failuresInRow: z.int(),
});

export const schedule = z
  .strictObject({
    id: z.string().meta({ examples: ["nightly-report"] }),
    workflowId,
    entryPoint: z.string().exactOptional(),
    payload: jsonValue.exactOptional().meta({ description: "Absent in lists" }),
    version: versionNumber
      .exactOptional()
      .meta({ description: "By default the current version at the time" }),
    spec: scheduleSpec,
    overlap,
    catchUp: z.string().meta({ description: "How far back missed instants are run" }),
    pauseOnFailure: z.int().exactOptional(),
    remaining: z.int().exactOptional().meta({ description: "The runs that are left" }),
    note: z.string().exactOptional(),
    managedBy: z
      .union([z.literal("api"), z.strictObject({ workflow: z.string(), version: versionNumber })])
      .meta({ description: "A schedule that a version declares is changed by deploys only" }),
    paused: z
      .strictObject({ at: timestamp, by: z.string(), note: z.string().exactOptional() })
      .exactOptional()
      .meta({ description: "`by` is the name of an API key, or `pauseOnFailure`" }),
    revision: z.int().meta({ description: "Incremented by each change of the definition" }),
    createdAt: timestamp,
    updatedAt: timestamp,
    info,
  })
  .meta({ id: "Schedule" });

export const schedulePreview = z.strictObject({ next: z.array(upcomingRun) });

export const backfillResult = z.strictObject({ started: z.int(), buffered: z.int(), skipped: z.int() });

export const setScheduleRequest = z
  .strictObject({
    workflowId,
    spec: scheduleSpec,
    version: z
      .union([z.literal("current"), versionNumber])
      .exactOptional()
      .meta({ description: "By default the current version at the time of the run" }),
    ...scheduleOptionsShape,
  })
  .meta({ id: "SetSchedule" });

export type ScheduleView = View<typeof schedule>;
export type SchedulePreview = View<typeof schedulePreview>;
export type BackfillResult = View<typeof backfillResult>;
