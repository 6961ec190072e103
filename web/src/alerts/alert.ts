import type { AlertRule } from "#client";

/** What an alert rule reports. */
export type Condition = AlertRule["on"];

export type Channel = AlertRule["channels"][number];

/** Where an alert is sent, as in requests. */
export type ChannelBody =
  | { readonly kind: "webhook"; readonly url: string; readonly secret?: string }
  | { readonly kind: "email"; readonly to: readonly string[] }
  | { readonly kind: "slack"; readonly url: string }
  | { readonly kind: "workflow"; readonly workflow: string; readonly entryPoint?: string };

export interface RuleBody {
  readonly name?: string;
  readonly workflow?: string;
  readonly enabled: boolean;
  readonly on: Condition;
  readonly channels: readonly ChannelBody[];
  readonly recovery: boolean;
  readonly quiet?: string;
}
