import type { WorkflowSettings } from "#client";
import { usageError } from "../output/cli-error.ts";

/** Changes of single settings. All others stay unchanged. */
export interface SettingsChange {
  readonly allow?: readonly string[];
  readonly method?: readonly string[];
  /** `api.example.com=10/1s,concurrency=2` */
  readonly rate?: readonly string[];
  /** `memoryMib=32` */
  readonly limit?: readonly string[];
  readonly retentionHours?: number;
  readonly traceparent?: boolean;
  readonly redactHeader?: readonly string[];
  readonly redactBody?: readonly string[];
  readonly requireReplayCheck?: number;
  /** Names as in `settingRows`, removed before the others are set. */
  readonly unset?: readonly string[];
}

/** @throws {CliError} for a malformed limit or rate, or an unknown name in `unset` */
export function changeSettings(before: WorkflowSettings, change: SettingsChange): WorkflowSettings {
  const { allow, method, rate, limit, retentionHours, traceparent, requireReplayCheck, unset = [] } = change;
  const redact = redactionOf(change);
  const kept: WorkflowSettings = unset.reduce(without, before);
  const egress = {
    ...(allow === undefined ? {} : { allow }),
    ...(method === undefined ? {} : { methods: method }),
    ...(rate === undefined
      ? {}
      : { rate: { ...kept.egress?.rate, ...Object.fromEntries(rate.map(toRate)) } }),
  };
  return {
    ...kept,
    ...(Object.keys(egress).length === 0 ? {} : { egress: { ...kept.egress, ...egress } }),
    ...(limit === undefined ? {} : { limits: { ...kept.limits, ...Object.fromEntries(limit.map(toLimit)) } }),
    ...(retentionHours === undefined ? {} : { retentionHours }),
    ...(traceparent === undefined ? {} : { traceparent }),
    ...(redact === undefined ? {} : { recordings: { redact: { ...kept.recordings?.redact, ...redact } } }),
    ...(requireReplayCheck === undefined
      ? {}
      : { deploy: { requireReplayCheck: { ...kept.deploy?.requireReplayCheck, last: requireReplayCheck } } }),
  };
}

function redactionOf({ redactHeader, redactBody }: SettingsChange) {
  if (redactHeader === undefined && redactBody === undefined) return undefined;
  return {
    ...(redactHeader === undefined ? {} : { headers: redactHeader }),
    ...(redactBody === undefined ? {} : { body: redactBody }),
  };
}

/** All settings, by their name for `--unset`, with a human-readable value. */
export function settingRows(settings: WorkflowSettings): readonly (readonly [name: string, value: string])[] {
  return rowsOf("", settings);
}

/** Removes a setting or a part of one. Unset settings may be removed too. */
function without(settings: WorkflowSettings, name: string): WorkflowSettings {
  if (
    !/^(egress(\.(allow|methods|rate))?|limits(\.\w+)?|retentionHours|traceparent|flow(\.\w+)?|recordings(\.redact(\.\w+)?)?|deploy(\.requireReplayCheck(\.allow)?)?)$/.test(
      name,
    )
  )
    throw usageError(
      `Unknown setting "${name}"`,
      "Use egress, egress.allow, egress.methods, egress.rate, limits, a limit such as limits.memoryMib, retentionHours, traceparent, flow, or a part of it such as flow.concurrency, recordings, recordings.redact.headers, recordings.redact.body, deploy",
    );
  return withoutPath(settings, name.split("."));
}

function withoutPath(value: object, [name = "", ...rest]: readonly string[]): object {
  const { [name]: found, ...others } = value as Readonly<Record<string, unknown>>;
  if (rest.length === 0) return others;
  return isObject(found) ? { ...others, [name]: withoutPath(found, rest) } : value;
}

function toLimit(text: string): readonly [name: string, value: number] {
  const [, name, digits] = /^(\w+)=(\d+)$/.exec(text) ?? [];
  if (name === undefined) throw usageError(`Unknown limit "${text}"`, "Use the form memoryMib=32");
  return [name, Number(digits)];
}

type HostRate = NonNullable<NonNullable<WorkflowSettings["egress"]>["rate"]>[string];

function toRate(text: string): readonly [host: string, rate: HostRate] {
  const [, host, parts = ""] = /^([^=\s]+)=(.+)$/.exec(text) ?? [];
  if (host === undefined) throw malformedRate(text);
  return [host, Object.assign({}, ...parts.split(",").map((part) => ratePart(part, text)))];
}

function ratePart(part: string, text: string): HostRate {
  const [, limit, period] = /^(\d+)\/([^/]+)$/.exec(part) ?? [];
  if (limit !== undefined && period !== undefined) return { limit: Number(limit), period };
  const [, name, count] = /^(burst|concurrency)=(\d+)$/.exec(part) ?? [];
  if (name === undefined) throw malformedRate(text);
  return { [name]: Number(count) };
}

function malformedRate(text: string): Error {
  return usageError(`Unknown rate "${text}"`, "Use the form api.example.com=10/1s,concurrency=2");
}

function rowsOf(path: string, value: object): readonly (readonly [string, string])[] {
  return Object.entries(value).flatMap(([name, inner]: [string, unknown]) =>
    isObject(inner) ? rowsOf(`${path}${name}.`, inner) : [[`${path}${name}`, shown(inner)] as const],
  );
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function shown(value: unknown): string {
  if (!Array.isArray(value)) return String(value);
  return value.length === 0 ? "nothing" : value.join(", ");
}
