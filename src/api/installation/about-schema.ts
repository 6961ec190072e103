import { z } from "zod";

const address = z.string();

export const about = z
  .strictObject({
    name: z.literal("duranium"),
    version: z.string().meta({ examples: ["0.1.0"] }),
    features: z.strictObject({
      portableComponents: z
        .boolean()
        .meta({ description: "True if versions can be downloaded as WebAssembly components" }),
    }),
    links: z.strictObject({
      page: address.exactOptional(),
      docs: address.exactOptional(),
      openapi: address,
      workflows: address,
      executions: address,
      apiKeys: address,
      health: address,
      readiness: address,
      metrics: address,
      restateUi: address.exactOptional(),
    }),
  })
  .meta({ id: "About" });

export type AboutBody = z.input<typeof about>;
