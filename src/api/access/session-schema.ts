import { z } from "zod";
import { scopes } from "../../domain/permissions.ts";
import { timestamp, workflowId } from "../contract/fields.ts";
import { maxApiKeyLength } from "../contract/limits.ts";
import type { Session } from "../contract/services.ts";
import type { View } from "../contract/wire.ts";

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
    keyId: z.string().meta({ description: "The ID of the API key" }),
    name: z.string().meta({ description: "Human-readable name of the key", examples: ["ci"] }),
    scopes: z.array(z.enum(scopes)).meta({ description: "Scopes of the session" }),
    workflows: z
      .array(workflowId)
      .exactOptional()
      .meta({ description: "The workflows that the key is restricted to" }),
    expiresAt: timestamp.exactOptional().meta({
      description: "When the session expires, or the key if the request has one",
    }),
  })
  .meta({ id: "Session" });

export const sessionStatus = z
  .strictObject({
    session: session.nullable().meta({ description: "The session; `null` if not logged in" }),
  })
  .meta({ id: "SessionStatus" });

/** What a client may know of its session, or of the key that it uses instead. */
export function sessionView({
  apiKey,
  expiresAt,
}: Pick<Session, "apiKey"> & { readonly expiresAt: number | undefined }): View<typeof session> {
  const { id: keyId, name, scopes, workflows } = apiKey;
  return {
    keyId,
    name,
    scopes,
    ...(workflows === undefined ? {} : { workflows }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
  };
}
