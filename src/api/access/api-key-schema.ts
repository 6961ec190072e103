import { z } from "zod";
import { parseWorkflowId } from "../../domain/ids.ts";
import { scopes } from "../../domain/permissions.ts";
import type { Scope } from "../../domain/permissions.ts";
import { collecting } from "../contract/collecting.ts";
import { timestamp, workflowIdText } from "../contract/fields.ts";
import { maxApiKeyNameLength, maxWorkflowsPerApiKey } from "../contract/limits.ts";

export const apiKeyParameters = z.strictObject({
  apiKeyId: z.string().min(1).max(100).meta({ description: "The ID of an API key, not the key itself" }),
});

const scope = z.enum(scopes);

/** The scopes that deploying and executing need. Managing keys and secrets must be requested explicitly. */
const defaultScopes = [
  "workflows:read",
  "workflows:deploy",
  "executions:run",
  "executions:read",
  "executions:manage",
] as const satisfies readonly Scope[];

export const createApiKeyRequest = z.strictObject({
  name: z
    .string()
    .max(maxApiKeyNameLength, `use ${maxApiKeyNameLength} characters at most`)
    .regex(
      /^[^\s\p{C}](?:[^\p{C}]*[^\s\p{C}])?$/u,
      "use printable characters, one at least, with no space at either end",
    )
    .meta({ description: "Human-readable name of the key", examples: ["ci"] }),
  scopes: z
    .array(scope)
    .min(1, "name one scope at least")
    .default([...defaultScopes])
    .meta({ description: "Scopes of the key. By default all scopes for workflows and executions" }),
  workflows: z
    .array(workflowIdText.transform(collecting(parseWorkflowId)))
    .min(1, "name one workflow at least")
    .max(maxWorkflowsPerApiKey, `name ${maxWorkflowsPerApiKey} workflows at most`)
    .exactOptional()
    .meta({ description: "The workflows that the key is restricted to. By default all" }),
  expiresAt: timestamp.exactOptional().meta({ description: "When the key expires. By default never" }),
});
