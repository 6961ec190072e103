import { z } from "zod";
import { logLevels } from "../../domain/log-line.ts";
import type { LogLine } from "../../domain/log-line.ts";
import { jsonValue, pageParameters, timestamp } from "../contract/fields.ts";
import type { View } from "../contract/wire.ts";

const level = z.enum(logLevels);

export const logsQuery = z.strictObject({
  level: z
    .string()
    .transform((text) => text.split(","))
    .pipe(z.array(level))
    .exactOptional()
    .meta({
      description: "Only lines of these levels, separated by commas",
      examples: ["warn,error"],
      override: { type: "string", pattern: "^(debug|info|warn|error)(,(debug|info|warn|error))*$" },
    }),
  ...pageParameters,
});

export const logsHeaders = z.object({
  accept: z
    .string()
    .exactOptional()
    .meta({
      description: "With `text/event-stream`, lines are sent live as server-sent events",
      examples: ["text/event-stream"],
    }),
  "last-event-id": z
    .string()
    .regex(/^\d{1,15}$/, "use the id of an event of this stream")
    .transform(Number)
    .exactOptional()
    .meta({
      description: "For a stream: the number of the last received line",
      override: { type: "string", pattern: "^\\d{1,15}$" },
    }),
});

export const logLine = z
  .strictObject({
    number: z.int().min(0).meta({
      description: "0, 1, 2… in the order of the execution. A missing number means that a line was lost",
    }),
    level,
    time: timestamp,
    arguments: z.array(jsonValue).meta({
      description: "The arguments of the `console` call",
      examples: [["order shipped", { orderId: 4711 }]],
    }),
  })
  .meta({ id: "LogLine", description: "A line that a workflow wrote to its console" });

export function logLineView({ number, level, at, line }: LogLine): View<typeof logLine> {
  return { number, level, time: at, arguments: line };
}
