import { z } from "zod";
import { parseWorkflowId } from "../../domain/ids.ts";
import { collecting } from "../contract/collecting.ts";
import { workflowIdText } from "../contract/fields.ts";
import { maxSecretBytes, minSecretLength } from "../contract/limits.ts";
import { secretHosts, secretName } from "../contract/secret.ts";

export const secretParameters = z.strictObject({
  workflowId: workflowIdText.transform(collecting(parseWorkflowId)),
  name: secretName,
});

export const setSecretRequest = z.strictObject({
  value: z
    .string()
    .min(minSecretLength, `use ${minSecretLength} characters or more: shorter ones are found in everything`)
    .refine((value) => Buffer.byteLength(value) <= maxSecretBytes, `use ${maxSecretBytes} bytes at most`)
    .refine((value) => value.isWellFormed(), "use well-formed Unicode")
    .meta({ description: "The value, which no response returns" }),
  hosts: secretHosts,
});
