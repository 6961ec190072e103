import { z } from "zod";

const count = z.int().nonnegative();

const executor = z
  .strictObject({
    host: z
      .string()
      .meta({ description: "Host name, in Kubernetes that of the pod", examples: ["executor-1"] }),
    process: z.int().positive().meta({ description: "Number of the executor process on this host" }),
    attempts: count.meta({ description: "Attempts that Restate has started here since the process started" }),
    attemptsInFlight: count,
    connections: count.meta({ description: "Connections of Restate" }),
  })
  .meta({ id: "Executor" });

export const executors = z.strictObject({ items: z.array(executor) }).meta({ id: "ExecutorList" });
