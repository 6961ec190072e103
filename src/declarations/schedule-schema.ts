import { z } from "zod";
import { parseDuration } from "../base/duration.ts";
import type { JsonValue } from "../base/json.ts";
import { parseEntryPoint } from "../domain/ids.ts";
import {
  maxCronPatterns,
  maxDeclaredPatterns,
  maxDeclaredSchedules,
  maxScheduleDates,
  maxScheduleInstants,
  maxSleepMs,
} from "../domain/limits.ts";
import { overlapPolicies } from "../domain/automation/schedule.ts";
import type { DeclaredSchedule, ScheduleSpec } from "../domain/automation/schedule.ts";
import { specFaults } from "../schedules/spec-faults.ts";

/** Schemas of schedules, as workflows export them and as the API receives them. */

const text = z.string().min(1).max(200);

const specShape = {
  cron: z.array(text).max(maxCronPatterns).readonly().exactOptional(),
  every: text.exactOptional(),
  offset: text.exactOptional(),
  at: z.array(text).max(maxScheduleInstants).readonly().exactOptional(),
  timeZone: text.exactOptional(),
  startAt: text.exactOptional(),
  endAt: text.exactOptional(),
  skip: z
    .array(z.union([text, z.strictObject({ from: text, to: text })]))
    .max(maxScheduleDates)
    .readonly()
    .exactOptional(),
  jitter: text.exactOptional(),
};

/** When a schedule runs. */
export const scheduleSpecSchema: z.ZodType<ScheduleSpec, ScheduleSpec> = z
  .strictObject(specShape)
  .superRefine(refineSpec);

/** The members of a schedule beside `spec` and the workflow. */
export const scheduleOptionsShape = {
  entryPoint: z
    .string()
    .refine(isEntryPoint, "Not an entry point: 1 to 128 letters, digits and ._:/-")
    .exactOptional(),
  payload: (z.unknown() as z.ZodType<JsonValue, JsonValue>).exactOptional(),
  overlap: z.enum(overlapPolicies).exactOptional(),
  catchUp: z
    .string()
    .refine(isDuration, 'Not a duration of at most 366 days, such as "PT1H"')
    .exactOptional(),
  pauseOnFailure: z.int().min(1).max(1_000_000).exactOptional(),
  remaining: z.int().min(1).max(1_000_000_000).exactOptional(),
  note: z.string().max(1_000).exactOptional(),
};

/** A list of one needs no brackets. */
function listOrOne<T extends z.ZodType>(schema: T) {
  return z.preprocess((value) => (typeof value === "string" ? [value] : value), schema);
}

const declaredSchedule = z
  .strictObject({
    name: z
      .string()
      .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, "A name has 1 to 63 of a-z, 0-9 and -")
      .exactOptional(),
    ...specShape,
    cron: listOrOne(specShape.cron),
    at: listOrOne(specShape.at),
    ...scheduleOptionsShape,
  })
  .superRefine((declared, context) => refineSpec(specOf(declared), context));

/**
 * The export `schedules`. It differs from the API's form: the members of the specification are not nested, one pattern
 * needs no list, and the version is the one that is deployed.
 */
export const declaredSchedulesSchema: z.ZodType<readonly DeclaredSchedule[]> = z
  .unknown()
  .refine((schedules) => patternsOf(schedules) <= maxDeclaredPatterns, {
    error: `Declare at most ${maxDeclaredPatterns} cron patterns in all (maxDeclaredPatterns)`,
    abort: true,
  })
  .pipe(z.array(declaredSchedule).max(maxDeclaredSchedules))
  .transform((schedules) => schedules.map(toDeclared))
  .superRefine((schedules, context) => {
    for (const [index, { name }] of schedules.entries()) {
      if (schedules.findIndex((other) => other.name === name) === index) continue;
      const message = `Two schedules have the name "${name}". Give each a \`name\` of its own`;
      context.addIssue({ code: "custom", path: [index, "name"], message });
    }
  });

/** The number of cron patterns, of whatever form. */
function patternsOf(schedules: unknown): number {
  if (!Array.isArray(schedules)) return 0;
  return (schedules as readonly unknown[]).reduce<number>((count, schedule) => {
    const { cron } = (schedule ?? {}) as { readonly cron?: unknown };
    return count + (Array.isArray(cron) ? cron.length : 1);
  }, 0);
}

type Declared = z.infer<typeof declaredSchedule>;

/** Without a name, a schedule is named after its entry point, or its place in the list. */
function toDeclared(declared: Declared, index: number): DeclaredSchedule {
  const { name, entryPoint, payload, overlap, catchUp, pauseOnFailure, remaining, note } = declared;
  const named = /^[a-z0-9][a-z0-9-]{0,62}$/.test(entryPoint ?? "") ? entryPoint : undefined;
  const options = { entryPoint, payload, overlap, catchUp, pauseOnFailure, remaining, note };
  return {
    name: name ?? named ?? String(index + 1),
    definition: { spec: specOf(declared), ...withoutUndefined(options) },
  };
}

function specOf({ cron, every, offset, at, timeZone, startAt, endAt, skip, jitter }: Declared): ScheduleSpec {
  return withoutUndefined({ cron, every, offset, at, timeZone, startAt, endAt, skip, jitter });
}

type Defined<T> = { readonly [Key in keyof T]?: Exclude<T[Key], undefined> };

function withoutUndefined<T extends object>(members: T): Defined<T> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Defined<T>;
}

function refineSpec(spec: ScheduleSpec, context: z.core.$RefinementCtx): void {
  for (const { path, message } of specFaults(spec))
    context.addIssue({ code: "custom", path: [...path], message });
}

function isEntryPoint(name: string): boolean {
  try {
    return parseEntryPoint(name) === name;
  } catch {
    return false;
  }
}

function isDuration(duration: string): boolean {
  return parseDuration(duration) <= maxSleepMs;
}
