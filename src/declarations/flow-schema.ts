import { z } from "zod";
import { parseDuration } from "../base/duration.ts";
import {
  maxBatchSize,
  maxFlowKeyParts,
  maxFlowPeriodMs,
  maxPriority,
  maxSharedLimits,
  maxSlots,
} from "../domain/automation/flow-limits.ts";
import type { FlowSettings } from "../domain/automation/flow-settings.ts";

/** The schema of flow control, for the export `flow` of a workflow, for its settings, and for shared limits. */

const keyPart = z
  .string()
  .max(200)
  .regex(/^(?:entryPoint|(?:\/(?:[^~]|~[01])*)?)$/, {
    error: 'use a JSON pointer into the payload such as "/customer/id", or "entryPoint"',
  });

const key = z
  .union([keyPart, z.array(keyPart).min(1).max(maxFlowKeyParts).readonly()], {
    error: 'use a JSON pointer into the payload such as "/customer/id", "entryPoint", or a list of them',
  })
  .meta({
    description:
      "Selects the value that divides executions into groups: a JSON pointer into the payload, `entryPoint`, or a list of them",
    examples: ["/customer/id"],
  });

export const period = z
  .string()
  .refine((text) => isPeriod(parseDuration(text)), {
    error: 'use a duration of 1 ms to 366 days, such as "PT10S" or "10s"',
  })
  .meta({ description: "An ISO 8601 duration, or a short form such as `10s`", examples: ["PT10S"] });

function isPeriod(ms: number): boolean {
  return ms >= 1 && ms <= maxFlowPeriodMs;
}

export const slots = z.int().min(1).max(maxSlots);

const concurrency = z
  .strictObject({
    total: slots.exactOptional().meta({ description: "Executions that run at the same time" }),
    perKey: slots
      .exactOptional()
      .meta({ description: "Executions with the same key that run at the same time" }),
    key: key.exactOptional(),
    holds: z
      .enum(["run", "active"])
      .exactOptional()
      .meta({
        description:
          "`run` (default): an execution holds its slot from start to end, also while it sleeps or waits. `active`: it releases " +
          "the slot while it only sleeps or waits, and acquires one again before it continues",
      }),
  })
  .refine(({ total, perKey }) => total !== undefined || perKey !== undefined, {
    error: "set `total`, `perKey`, or both",
  });

const rateMembers = {
  limit: slots.meta({ description: "Executions that start in `period`, evenly spaced" }),
  period,
  burst: slots.exactOptional().meta({ description: "Executions that may start at once. Defaults to 1" }),
};

const rateLimit = z.strictObject({
  ...rateMembers,
  key: key.exactOptional(),
  mode: z.enum(["delay", "reject"]).exactOptional().meta({
    description: "`delay` (default) queues the others, `reject` refuses them with status 429",
  }),
});

const debounce = z
  .strictObject({
    period,
    max: period.exactOptional().meta({ description: "The longest delay since the first execution" }),
    key: key.exactOptional(),
  })
  .meta({
    description:
      "An execution starts once no further one with its key was started for `period`. The earlier ones end as `skipped`",
  });

const singleton = z
  .strictObject({
    key: key.exactOptional(),
    mode: z.enum(["skip", "cancel-running"]).exactOptional().meta({
      description:
        "`skip` (default) ends the new execution as `skipped`, `cancel-running` cancels the one that runs",
    }),
  })
  .meta({ description: "At most one execution with the same key exists" });

const batch = z
  .strictObject({ size: z.int().min(2).max(maxBatchSize), period, key: key.exactOptional() })
  .meta({
    description:
      "One execution receives the payloads of up to `size` executions that were started within `period`, as an array. The " +
      "others end as `skipped`",
  });

const priority = z
  .union([z.int().min(-maxPriority).max(maxPriority), z.strictObject({ key: keyPart })], {
    error: `use a whole number from -${maxPriority} to ${maxPriority}, or {key} with a JSON pointer to one`,
  })
  .meta({ description: "Executions with a higher number start first" });

/** The name of a limit that several workflows share. */
export const sharedLimitName = z.string().regex(/^[a-z][a-z0-9-]{0,62}$/, {
  error: "use a lower-case letter, then up to 62 of a-z, 0-9 and -",
});

const limits = z
  .array(z.union([sharedLimitName, z.strictObject({ name: sharedLimitName, key: key.exactOptional() })]))
  .max(maxSharedLimits)
  .refine((uses) => new Set(uses.map(nameOf)).size === uses.length, { error: "name each limit once" })
  .readonly()
  .meta({ description: "Limits that several workflows share, by name" });

function nameOf(use: string | { readonly name: string }): string {
  return typeof use === "string" ? use : use.name;
}

export const flowSchema = z
  .strictObject({
    concurrency: concurrency.exactOptional(),
    rateLimit: rateLimit.exactOptional(),
    debounce: debounce.exactOptional(),
    singleton: singleton.exactOptional(),
    batch: batch.exactOptional(),
    priority: priority.exactOptional(),
    limits: limits.exactOptional(),
  })
  .refine((flow) => flow.batch === undefined || (flow.debounce ?? flow.singleton) === undefined, {
    error: "`batch` cannot be combined with `debounce` or `singleton`",
    path: ["batch"],
  }) satisfies z.ZodType<FlowSettings>;

/** A limit that several workflows share. */
export const sharedLimitSchema = z
  .strictObject({
    total: slots.exactOptional().meta({ description: "Executions that run at the same time" }),
    perKey: slots.exactOptional().meta({
      description:
        "Executions with the same key that run at the same time. Without a key: of the same workflow",
    }),
    rateLimit: z.strictObject(rateMembers).exactOptional(),
  })
  .refine((limit) => Object.keys(limit).length > 0, { error: "set at least one limit" });
