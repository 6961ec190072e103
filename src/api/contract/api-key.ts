import { z } from "zod";
import { scopes } from "../../domain/permissions.ts";
import { timestamp, workflowId } from "./fields.ts";
import type { View } from "./wire.ts";

const scope = z.enum(scopes);

const apiKeyShape = {
  id: z.string(),
  name: z.string().meta({ examples: ["ci"] }),
  prefix: z.string().meta({ description: "First characters of the key, to distinguish keys" }),
  scopes: z.array(scope).meta({ description: "Scopes of the key" }),
  workflows: z
    .array(workflowId)
    .exactOptional()
    .meta({ description: "The workflows that the key is restricted to" }),
  expiresAt: timestamp.exactOptional(),
  createdAt: timestamp,
  lastUsedAt: timestamp.exactOptional(),
};

export const apiKey = z.strictObject(apiKeyShape).meta({ id: "ApiKey" });

export const createdApiKey = z
  .strictObject({
    ...apiKeyShape,
    key: z.string().meta({ description: "The key. Shown only once" }),
  })
  .meta({ id: "CreatedApiKey" });

/** An API key without its secret. */
export type ApiKeyView = View<typeof apiKey>;
/** The only view that contains the key itself. */
export type CreatedApiKey = View<typeof createdApiKey>;
