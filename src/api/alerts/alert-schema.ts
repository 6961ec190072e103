import { z } from "zod";
import { parseDuration } from "../../base/duration.ts";
import { conditionDescription } from "../contract/alert.ts";
import { entryPointParameter, pageParameters, workflowIdParameter } from "../contract/fields.ts";
import {
  maxAlertChannels,
  maxAlertPeriodMs,
  maxAlertRecipients,
  maxRateWindowMs,
} from "../contract/limits.ts";
import { isoDuration } from "./iso-duration.ts";

const ruleId = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,62}$/, "use a lower-case letter, then up to 62 of a-z, 0-9 and `-`")
  .meta({ description: "The ID of a rule, chosen by its author", examples: ["order-failures"] });

export const alertRuleParameters = z.strictObject({ ruleId });
export const alertParameters = z.strictObject({ alertId: z.uuid() });

/** A duration of ISO 8601, in milliseconds. */
function duration(minMs: number, maxMs: number, description: string, example: string) {
  const range = `use an ISO 8601 duration from ${isoDuration(minMs)} to ${isoDuration(maxMs)}`;
  return z
    .string()
    .refine(
      (text) => text.startsWith("P") && parseDuration(text) >= minMs && parseDuration(text) <= maxMs,
      range,
    )
    .transform((text) => Math.round(parseDuration(text)))
    .meta({ description, examples: [example], override: { type: "string" } });
}

const than = (what: string) => duration(1_000, maxAlertPeriodMs, `How long an execution may ${what}`, "PT1H");

const condition = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("first-failure") }),
  z.strictObject({
    kind: z.literal("failures-in-a-row"),
    count: z
      .int()
      .min(1)
      .max(1_000)
      .meta({ examples: [3] }),
  }),
  z.strictObject({
    kind: z.literal("failure-rate"),
    percent: z
      .number()
      .gt(0)
      .max(100)
      .meta({ examples: [20] }),
    window: duration(60_000, maxRateWindowMs, "The time in which executions are counted", "PT15M"),
    minRuns: z.int().min(1).max(1_000_000).default(10).meta({
      description: "The condition needs at least this many executions in the window",
    }),
  }),
  z.strictObject({ kind: z.literal("recovered") }),
  z.strictObject({ kind: z.literal("running-longer"), than: than("run") }),
  z.strictObject({ kind: z.literal("waiting-longer"), than: than("wait") }),
  z.strictObject({ kind: z.literal("paused") }),
  z.strictObject({ kind: z.literal("schedule-missed") }),
  z.strictObject({ kind: z.literal("not-deterministic") }),
]);

const url = z
  .url({ protocol: /^https?$/, error: "use an http:// or https:// URL" })
  .max(2_048)
  .refine((text) => new URL(text).username === "", "omit the user name and the password");

const signingSecret = z
  .string()
  .regex(/^whsec_[A-Za-z0-9+/]{32,88}={0,2}$/, "use `whsec_` and 24 to 64 bytes in base64")
  .meta({ description: "Signing secret of Standard Webhooks" });

/** ASCII, without characters that separate addresses or header lines. */
const email = z.email().max(254);

const channelRequest = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("webhook"),
    url,
    secret: signingSecret.exactOptional().meta({
      description: "Generated for a new URL if it is left out, and otherwise unchanged",
    }),
  }),
  z.strictObject({ kind: z.literal("email"), to: z.array(email).min(1).max(maxAlertRecipients) }),
  z.strictObject({
    kind: z.literal("slack"),
    url: url.meta({
      description: "URL of an incoming webhook. The masked URL of a response leaves it unchanged",
    }),
  }),
  z.strictObject({
    kind: z.literal("workflow"),
    workflow: workflowIdParameter,
    entryPoint: entryPointParameter.exactOptional(),
  }),
]);

const ruleName = z
  .string()
  .trim()
  .min(1)
  .max(100)
  .regex(/^[^\p{Cc}\p{Cs}]*$/u, "use plain text on one line");

export const alertRuleRequest = z.strictObject({
  name: ruleName.exactOptional(),
  workflow: workflowIdParameter
    .exactOptional()
    .meta({ description: "By default the rule is about all workflows" }),
  enabled: z.boolean().default(true),
  on: condition.meta({ description: conditionDescription }),
  channels: z.array(channelRequest).min(1).max(maxAlertChannels),
  recovery: z.boolean().default(true).meta({ description: "Alert also when the incident closes" }),
  quiet: duration(
    0,
    maxAlertPeriodMs,
    "After an alert about a workflow, none about the same workflow for this long. An incident that is still open then is alerted to",
    "PT10M",
  ).exactOptional(),
});

export const alertsQuery = z.strictObject({
  workflow: workflowIdParameter
    .exactOptional()
    .meta({ description: "Only alerts of rules about this workflow" }),
  rule: ruleId.exactOptional().meta({ description: "Only alerts of this rule" }),
  ...pageParameters,
});

export const alertRulesQuery = z.strictObject({
  workflow: workflowIdParameter.exactOptional().meta({ description: "Only rules about this workflow alone" }),
});

export const alertIncidentsQuery = z.strictObject({
  workflow: workflowIdParameter.exactOptional().meta({ description: "Only incidents of this workflow" }),
  open: z.enum(["true", "false"]).exactOptional().meta({ description: "Only open, or only closed ones" }),
  limit: pageParameters.limit,
});

export type AlertRuleRequest = z.output<typeof alertRuleRequest>;
