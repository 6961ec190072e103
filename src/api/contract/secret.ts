import { z } from "zod";
import { hostPatternText, timestamp } from "./fields.ts";
import { maxSecretHosts } from "./limits.ts";
import type { View } from "./wire.ts";

export const secretName = z
  .string()
  .regex(/^[A-Z][A-Z0-9_]{0,63}$/, 'use capital letters, digits and "_", a letter first, 64 at most')
  .meta({ description: "Name of the secret in `ctx.secrets`", examples: ["STRIPE_KEY"] });

export const secretHosts = z
  .array(hostPatternText)
  .min(1, "name one host at least: a secret that may go nowhere can only sign")
  .max(maxSecretHosts, `name ${maxSecretHosts} hosts at most`)
  .meta({
    description:
      "Hosts that the secret may be sent to: `api.stripe.com`, `*.example.com`, `api.example.com:8443`. HTTPS, unless " +
      "prefixed with `http://`",
    examples: [["api.stripe.com"]],
  });

export const secret = z
  .strictObject({ name: secretName, hosts: secretHosts, updatedAt: timestamp })
  .meta({ id: "Secret" });

export const secretList = z.strictObject({ items: z.array(secret) });

/** A secret without its value. */
export type SecretView = View<typeof secret>;
