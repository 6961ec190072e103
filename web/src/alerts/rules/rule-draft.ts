import type { AlertRule, FieldError } from "#client";
import { FormError } from "../../components/form-errors.ts";
import { isoDuration } from "../../time/iso-duration.ts";
import type { Channel, ChannelBody, Condition, RuleBody } from "../alert.ts";

/** A channel as typed. */
export interface ChannelDraft {
  readonly kind: Channel["kind"];
  /** A URL, addresses separated by commas, or the name of a workflow. */
  readonly target: string;
  /** Of a webhook; empty keeps or generates one. */
  readonly secret: string;
  /** Of a workflow. */
  readonly entryPoint: string;
}

/** An alert rule as typed. */
export interface RuleDraft {
  readonly ruleId: string;
  readonly name: string;
  /** Empty for all workflows. */
  readonly workflow: string;
  readonly kind: Condition["kind"];
  readonly count: string;
  readonly percent: string;
  readonly window: string;
  readonly minRuns: string;
  readonly than: string;
  readonly channels: readonly ChannelDraft[];
  readonly recovery: boolean;
  readonly quiet: string;
  readonly enabled: boolean;
}

export const newChannel: ChannelDraft = { kind: "email", target: "", secret: "", entryPoint: "" };

export const newRule: RuleDraft = {
  ruleId: "",
  name: "",
  workflow: "",
  kind: "failures-in-a-row",
  count: "3",
  percent: "20",
  window: "15m",
  minRuns: "10",
  than: "1h",
  channels: [newChannel],
  recovery: true,
  quiet: "",
  enabled: true,
};

export function draftOfRule(rule: AlertRule): RuleDraft {
  const { ruleId, name = "", workflow = "", enabled, on, channels, recovery, quiet } = rule;
  return {
    ...newRule,
    ruleId,
    name,
    workflow,
    kind: on.kind,
    ...("count" in on ? { count: String(on.count) } : {}),
    ...("percent" in on
      ? { percent: String(on.percent), window: on.window, minRuns: String(on.minRuns) }
      : {}),
    ...("than" in on ? { than: on.than } : {}),
    channels: channels.map(channelDraft),
    recovery,
    quiet: quiet === "PT0S" ? "" : quiet,
    enabled,
  };
}

function channelDraft(channel: Channel): ChannelDraft {
  const draft = { ...newChannel, kind: channel.kind };
  switch (channel.kind) {
    case "email":
      return { ...draft, target: channel.to.join(", ") };
    case "workflow":
      return { ...draft, target: channel.workflow, entryPoint: channel.entryPoint ?? "" };
    default:
      return { ...draft, target: channel.url };
  }
}

/** @throws {FormError} if a field cannot be read */
export function ruleOf(draft: RuleDraft): RuleBody {
  const errors: FieldError[] = [];
  const numberAt = (pointer: string, text: string) => {
    if (/^[1-9]\d{0,5}$/.test(text.trim())) return Number(text);
    errors.push({ pointer, detail: `“${text}” is not a whole number of 1 or more.` });
    return 0;
  };
  if (!/^[a-z][a-z0-9-]{0,62}$/.test(draft.ruleId.trim()))
    errors.push({
      parameter: "ruleId",
      detail: "Start with a lower-case letter, then use a-z, 0-9 and “-”.",
    });
  const rule = {
    ...(draft.name.trim() === "" ? {} : { name: draft.name.trim() }),
    ...(draft.workflow.trim() === "" ? {} : { workflow: draft.workflow.trim() }),
    enabled: draft.enabled,
    on: conditionOf(draft, numberAt),
    channels: draft.channels.map(channelOf),
    recovery: draft.recovery,
    ...(draft.quiet.trim() === "" ? {} : { quiet: isoDuration(draft.quiet) }),
  };
  if (errors.length > 0) throw new FormError(errors);
  return rule;
}

function conditionOf(draft: RuleDraft, numberAt: (pointer: string, text: string) => number): Condition {
  const { kind, window, than } = draft;
  switch (kind) {
    case "failures-in-a-row":
      return { kind, count: numberAt("#/on/count", draft.count) };
    case "failure-rate":
      return {
        kind,
        percent: numberAt("#/on/percent", draft.percent),
        window: isoDuration(window),
        minRuns: numberAt("#/on/minRuns", draft.minRuns),
      };
    case "running-longer":
    case "waiting-longer":
      return { kind, than: isoDuration(than) };
    default:
      return { kind };
  }
}

function channelOf({ kind, target, secret, entryPoint }: ChannelDraft): ChannelBody {
  const text = target.trim();
  switch (kind) {
    case "email":
      return { kind, to: text.split(/[\s,;]+/).filter((address) => address !== "") };
    case "workflow":
      return { kind, workflow: text, ...(entryPoint.trim() === "" ? {} : { entryPoint: entryPoint.trim() }) };
    case "webhook":
      return { kind, url: text, ...(secret === "" ? {} : { secret }) };
    default:
      return { kind, url: text };
  }
}
