import { z } from "zod";
import { hookPayloads, hookSchemes } from "../../domain/hook.ts";
import type { Hook } from "../../domain/hook.ts";
import { parseEntryPoint, parseWorkflowId } from "../../domain/ids.ts";
import { maxSecretBytes } from "../../domain/limits.ts";
import { entryPointText, executionIdText, timestamp, workflowIdText } from "../http/common-schema.ts";
import { collecting } from "../http/validation.ts";
import { optional, isoTime } from "../http/wire.ts";

export const hookParameters = z.strictObject({
  workflowId: workflowIdText.transform(collecting(parseWorkflowId)),
  hookId: z.string().min(1).max(100).meta({ description: "The id of a hook, not its token" }),
});

const scheme = z.enum(hookSchemes).meta({
  description:
    "How the sender signs: Standard Webhooks, GitHub and Meta (`X-Hub-Signature-256`), GitLab's token, Stripe, Slack, " +
    "Shopify, Linear, Zendesk, Twilio, Zoom, X, or HMAC-SHA-256 of the body in hexadecimal in `X-Signature`. With `none` the " +
    "address is all that a sender needs",
});

const payload = z.enum(hookPayloads).meta({
  description:
    "What the workflow gets: the `body`, or the `request` as `{method, headers, query, body, rawBody, rawEncoding}`",
});

export const createHookRequest = z.strictObject({
  entryPoint: entryPointText.transform(collecting(parseEntryPoint)).exactOptional(),
  scheme: scheme.default("none"),
  secret: z
    .string()
    .min(1, "give the secret that the sender signs with")
    .max(maxSecretBytes, `use ${maxSecretBytes} characters at most`)
    .exactOptional()
    .meta({ description: "What the sender signs with. It is never told again" }),
  payload: payload.default("body"),
});

/** A field that comes several times is an array; a file is `{filename, contentType, base64}`. */
export const formFields = z.record(z.string(), z.union([z.string(), z.array(z.string())]));

const hookShape = {
  id: z.string(),
  workflowId: workflowIdText,
  entryPoint: entryPointText.exactOptional(),
  scheme,
  payload,
  createdAt: timestamp,
};

const url = z.string().meta({
  description: "The address. It is told this once",
  examples: ["https://duranium.example/hooks/q5EJm0ZUQTyTRkqhGvTFXQ"],
});

export const hook = z.strictObject(hookShape).meta({ id: "Hook" });
export const hookList = z.strictObject({ items: z.array(hook) });
export const createdHook = z.strictObject({ ...hookShape, url }).meta({ id: "CreatedHook" });
export const rotatedHook = z.strictObject({ url }).meta({ id: "RotatedHook" });
export const hookedExecution = z
  .strictObject({ executionId: executionIdText })
  .meta({ id: "HookedExecution" });

export type HookBody = z.input<typeof hook>;

export function hookBody({ id, workflowId, entryPoint, scheme, payload, createdAt }: Hook): HookBody {
  return {
    id,
    workflowId,
    ...optional("entryPoint", entryPoint),
    scheme,
    payload,
    createdAt: isoTime(createdAt),
  };
}
