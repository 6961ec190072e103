import { z } from "zod";
import { sharedLimitName, sharedLimitSchema } from "../../declarations/flow-schema.ts";
import { parseQueueId } from "../../domain/flow/queue-id.ts";
import { queue, queueId, sharedLimit } from "../contract/queue.ts";

export const queueParameters = z.strictObject({ queueId: queueId.transform(parseQueueId) });

export const queues = z.strictObject({ items: z.array(queue) }).meta({ id: "Queues" });

const note = z.string().max(500).exactOptional().meta({ description: "Why, for other operators" });

export const changeQueueRequest = z
  .strictObject({
    paused: z.boolean().exactOptional().meta({
      description: "True stops all starts, false ends a pause or a drain. Running executions continue",
    }),
    override: sharedLimitSchema
      .nullable()
      .exactOptional()
      .meta({
        description:
          "Replaces single limits at once, also for executions that wait, until it is replaced; `null` restores the limits of " +
          "the workflow",
      }),
    note,
  })
  .refine(({ paused, override }) => paused !== undefined || override !== undefined, {
    error: "set `paused` or `override`",
  })
  .meta({ id: "ChangeQueue" });

export const operateQueueRequest = z.strictObject({ note }).meta({ id: "OperateQueue" });

export const limitParameters = z.strictObject({
  name: sharedLimitName.meta({ description: "The name of the limit", examples: ["postgres"] }),
});

export const setLimitRequest = sharedLimitSchema.meta({ id: "SetSharedLimit" });

export const sharedLimits = z.strictObject({ items: z.array(sharedLimit) }).meta({ id: "SharedLimits" });
