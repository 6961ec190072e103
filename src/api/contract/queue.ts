import { z } from "zod";
import { sharedLimitSchema } from "../../declarations/flow-schema.ts";
import { executionId, timestamp } from "./fields.ts";
import type { View } from "./wire.ts";

/** Queues of flow control: the schemas of responses, and the types that services return, which are derived from them. */

export const queueId = z.string().meta({
  description: "`workflow:<workflow ID>`, `shared:<name>` or `host:<host>`",
  examples: ["workflow:order-sync"],
});

export const queuePosition = z
  .strictObject({
    queue: queueId,
    key: z.string().exactOptional().meta({ description: "The key of the execution in the limit" }),
    stage: z.enum(["debounce", "singleton", "batch", "slot"]).meta({ description: "What it waits for" }),
    position: z.int().min(1).exactOptional().meta({
      description: "Its place among the executions with the same key and priority: 1 starts next",
    }),
    blockedBy: z.array(executionId).meta({
      description: "The executions that hold the slots; some of them if there are many",
    }),
    reason: z.string().meta({
      description: "What holds it back, for people",
      examples: ['3 of 3 slots for "42" are taken'],
    }),
  })
  .meta({ id: "QueuePosition" });

const rate = z
  .strictObject({
    limit: z.int(),
    periodMs: z.int(),
    burst: z.int(),
    rejects: z.literal(true).exactOptional().meta({ description: "Further executions are refused" }),
  })
  .meta({ id: "QueueRate" });

const slots = z.int().exactOptional();

const queueLimits = z
  .strictObject({
    total: slots.meta({ description: "Slots in total" }),
    perKey: slots.meta({ description: "Slots for each key" }),
    rate: rate.exactOptional(),
    debounce: z.strictObject({ periodMs: z.int(), maxMs: z.int().exactOptional() }).exactOptional(),
    singleton: z.enum(["skip", "cancel-running"]).exactOptional(),
    batch: z.strictObject({ size: z.int(), periodMs: z.int() }).exactOptional(),
  })
  .meta({ id: "QueueLimits" });

const operatorNote = z
  .strictObject({ at: timestamp, by: z.string().exactOptional(), note: z.string().exactOptional() })
  .meta({ id: "OperatorNote", description: "When an operator did it, the API key, and its note" });

const queueShape = {
  id: queueId,
  limits: queueLimits.meta({ description: "The limits in force, with an override" }),
  override: queueLimits.exactOptional().meta({ description: "The limits that an operator has overridden" }),
  paused: operatorNote.exactOptional().meta({ description: "Present while nothing starts" }),
  workflowPaused: operatorNote.exactOptional().meta({
    description: "Present while the workflow is paused: nothing starts until the workflow is resumed",
  }),
  draining: operatorNote.exactOptional().meta({
    description: "Present while only what waited at that time starts; the queue is paused afterwards",
  }),
  heldUntil: timestamp.exactOptional().meta({ description: "Nothing starts before: a host asked for it" }),
  running: z.int().min(0).meta({ description: "Executions that hold a slot" }),
  queued: z.int().min(0).meta({ description: "Executions that wait" }),
};

export const queue = z.strictObject(queueShape).meta({ id: "Queue" });

const member = z.strictObject({ executionId, key: z.string(), since: timestamp });

export const queueDetail = z
  .strictObject({
    ...queueShape,
    holders: z.array(member).meta({ description: "Executions that hold a slot, at most 100" }),
    waiting: z.array(member).meta({ description: "Executions that wait, oldest first, at most 100" }),
    byKey: z
      .array(z.strictObject({ key: z.string(), running: z.int(), queued: z.int() }))
      .meta({ description: "The keys with the most executions that wait, at most 20" }),
  })
  .meta({ id: "QueueDetail" });

export const sharedLimit = z
  .strictObject({ name: z.string(), limit: sharedLimitSchema })
  .meta({ id: "SharedLimit" });

export type QueuePosition = View<typeof queuePosition>;
export type QueueView = View<typeof queue>;
export type QueueDetail = View<typeof queueDetail>;
export type SharedLimitView = View<typeof sharedLimit>;
