import { z } from "zod";
import { parseWorkflowId } from "../../domain/ids.ts";
import { maxSecretBytes, maxSecretHosts, minSecretLength } from "../contract/limits.ts";
import type { SecretView } from "../contract/services.ts";
import { hostPatternText, timestamp, workflowIdText } from "../http/common-schema.ts";
import { collecting } from "../http/validation.ts";
import { isoTime } from "../http/wire.ts";

const secretName = z
  .string()
  .regex(/^[A-Z][A-Z0-9_]{0,63}$/, 'use capital letters, digits and "_", a letter first, 64 at most')
  .meta({ description: "Name of the secret in `ctx.secrets`", examples: ["STRIPE_KEY"] });

export const secretParameters = z.strictObject({
  workflowId: workflowIdText.transform(collecting(parseWorkflowId)),
  name: secretName,
});

const hosts = z
  .array(hostPatternText)
  .min(1, "name one host at least: a secret that may go nowhere can only sign")
  .max(maxSecretHosts, `name ${maxSecretHosts} hosts at most`)
  .meta({
    description:
      "Hosts that the secret may be sent to: `api.stripe.com`, `*.example.com`, `api.example.com:8443`. HTTPS, unless " +
      "prefixed with `http://`",
    examples: [["api.stripe.com"]],
  });

export const setSecretRequest = z.strictObject({
  value: z
    .string()
    .min(minSecretLength, `use ${minSecretLength} characters or more: shorter ones are found in everything`)
    .refine((value) => Buffer.byteLength(value) <= maxSecretBytes, `use ${maxSecretBytes} bytes at most`)
    .refine((value) => value.isWellFormed(), "use well-formed Unicode")
    .meta({ description: "The value, which no response returns" }),
  hosts,
});

export const secret = z
  .strictObject({ name: secretName, hosts, updatedAt: timestamp })
  .meta({ id: "Secret" });

export const secretList = z.strictObject({ items: z.array(secret) });

export type SecretBody = z.input<typeof secret>;

export function secretBody({ name, hosts, updatedAt }: SecretView): SecretBody {
  return { name, hosts: [...hosts], updatedAt: isoTime(updatedAt) };
}
