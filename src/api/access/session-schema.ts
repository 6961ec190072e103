import { z } from "zod";
import { maxApiKeyLength } from "../../domain/limits.ts";
import { scopes } from "../../domain/permissions.ts";
import type { Session } from "../contract/services.ts";
import { timestamp, workflowIdText } from "../http/common-schema.ts";
import { optionalTime, optional } from "../http/wire.ts";

export const openSessionRequest = z.strictObject({
  key: z
    .string()
    .trim()
    .min(1, "give an API key")
    .max(maxApiKeyLength, `an API key has ${maxApiKeyLength} characters at most`)
    .meta({ description: "An API key of this installation" }),
});

export const session = z
  .strictObject({
    keyId: z.string().meta({ description: "The id of the API key" }),
    name: z.string().meta({ description: "What people know the key by", examples: ["ci"] }),
    scopes: z.array(z.enum(scopes)).meta({ description: "What may be done" }),
    workflows: z
      .array(workflowIdText)
      .exactOptional()
      .meta({ description: "The only workflows that the key is for" }),
    expiresAt: timestamp.exactOptional().meta({
      description: "When it ends at the latest: the session, or the key where the request came with one",
    }),
  })
  .meta({ id: "Session" });

export const sessionStatus = z
  .strictObject({
    session: session.nullable().meta({ description: "The session; `null` where nobody is logged in" }),
  })
  .meta({ id: "SessionStatus" });

export type SessionBody = z.input<typeof session>;

export function sessionBody({
  apiKey,
  expiresAt,
}: Pick<Session, "apiKey"> & { readonly expiresAt: number | undefined }): SessionBody {
  return {
    keyId: apiKey.id,
    name: apiKey.name,
    scopes: [...apiKey.scopes],
    ...optional("workflows", apiKey.workflows === undefined ? undefined : [...apiKey.workflows]),
    ...optionalTime("expiresAt", expiresAt),
  };
}
