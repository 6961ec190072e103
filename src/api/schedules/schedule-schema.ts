import { z } from "zod";
import { overlapPolicies } from "../../domain/automation/schedule.ts";
import { timestamp } from "../contract/fields.ts";

const scheduleId = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9-]{0,62}(?:\.[a-z0-9][a-z0-9-]{0,62})?$/,
    "use up to 63 of a-z, 0-9 and `-`; a schedule of the code has the ID `<workflow ID>.<name>`",
  )
  .meta({ description: "The ID of a schedule", examples: ["nightly-report"] });

export const scheduleParameters = z.strictObject({ scheduleId });

export const noteRequest = z.strictObject({
  note: z.string().max(1_000).exactOptional().meta({ description: "Why; shown with the schedule" }),
});

export const backfillRequest = z.strictObject({
  start: timestamp,
  end: timestamp,
  overlap: z.enum(overlapPolicies).exactOptional().meta({
    description: "Defaults to `buffer-all`: sequentially; to `allow` if that is the policy of the schedule",
  }),
});
