import { z } from "zod";
import { maxApiKeyNameLength } from "../../domain/limits.ts";
import { timestamp } from "./common.ts";

export const apiKeyParameters = z.strictObject({
  apiKeyId: z.string().min(1).max(100).meta({ description: "The id of an API key, not the key itself" }),
});

export const createApiKeyRequest = z.strictObject({
  name: z
    .string()
    .max(maxApiKeyNameLength, `use ${maxApiKeyNameLength} characters at most`)
    .regex(/^[^\s\p{C}](?:[^\p{C}]*[^\s\p{C}])?$/u, "use printable characters, with no space at either end")
    .meta({ description: "What people know the key by", examples: ["ci"] }),
});

const apiKeyShape = {
  id: z.string(),
  name: z.string().meta({ examples: ["ci"] }),
  prefix: z.string().meta({ description: "The first characters of the key, to tell keys apart" }),
  createdAt: timestamp,
  lastUsedAt: timestamp.exactOptional(),
};

export const apiKey = z.strictObject(apiKeyShape).meta({ id: "ApiKey" });

export const createdApiKey = z
  .strictObject({
    ...apiKeyShape,
    key: z.string().meta({ description: "The key. It is told this once" }),
  })
  .meta({ id: "CreatedApiKey" });

export type ApiKeyBody = z.input<typeof apiKey>;
