import type { FieldError, WorkflowSettings } from "#client";
import { parseDuration } from "#base/duration.ts";
import { FormError } from "../../components/form-errors.ts";
import { isoDuration, shortDuration } from "../../time/iso-duration.ts";
import { errorsOfWholeNumber, parseWholeNumber } from "../whole-number.ts";

export type Flow = NonNullable<WorkflowSettings["flow"]>;
type Key = NonNullable<NonNullable<Flow["singleton"]>["key"]>;

/** A kind of flow control, by its name in the settings. */
export type FlowKind = keyof Flow;

/** Flow control as typed. Only kinds that are `on` are set; empty texts are left out. */
export interface FlowDraft {
  readonly on: ReadonlySet<FlowKind>;
  readonly concurrency: {
    readonly total: string;
    readonly perKey: string;
    readonly key: string;
    readonly holds: "run" | "active";
  };
  readonly rateLimit: {
    readonly limit: string;
    readonly period: string;
    readonly burst: string;
    readonly key: string;
    readonly mode: "delay" | "reject";
  };
  readonly debounce: { readonly period: string; readonly max: string; readonly key: string };
  readonly singleton: { readonly key: string; readonly mode: "skip" | "cancel-running" };
  readonly batch: { readonly size: string; readonly period: string; readonly key: string };
  /** A number, or a JSON pointer to one in the payload. */
  readonly priority: string;
  /** One shared limit per line: its name, then its key if it has one. */
  readonly limits: string;
}

export function draftOf(flow: Flow): FlowDraft {
  const { concurrency = {}, rateLimit, debounce, singleton = {}, batch, priority, limits = [] } = flow;
  return {
    on: new Set(Object.keys(flow) as FlowKind[]),
    concurrency: {
      total: textOf(concurrency.total),
      perKey: textOf(concurrency.perKey),
      key: keyText(concurrency.key),
      holds: concurrency.holds ?? "run",
    },
    rateLimit: {
      limit: textOf(rateLimit?.limit),
      period: periodText(rateLimit?.period),
      burst: textOf(rateLimit?.burst),
      key: keyText(rateLimit?.key),
      mode: rateLimit?.mode ?? "delay",
    },
    debounce: {
      period: periodText(debounce?.period),
      max: periodText(debounce?.max),
      key: keyText(debounce?.key),
    },
    singleton: { key: keyText(singleton.key), mode: singleton.mode ?? "skip" },
    batch: { size: textOf(batch?.size), period: periodText(batch?.period), key: keyText(batch?.key) },
    priority: typeof priority === "object" ? priority.key : textOf(priority),
    limits: limits
      .map((use) => (typeof use === "string" ? use : `${use.name} ${keyText(use.key)}`.trim()))
      .join("\n"),
  };
}

function textOf(value: number | undefined): string {
  return value?.toString() ?? "";
}

function periodText(period = ""): string {
  return shortDuration(period);
}

function keyText(key: Key | undefined): string {
  return typeof key === "object" ? key.join(", ") : (key ?? "");
}

/** Whether the form can show all of a flow. Keys with commas or of the whole payload are edited as JSON. */
export function isRepresentable(flow: Flow): boolean {
  try {
    return canonical(flowOf(draftOf(flow))) === canonical(flow);
  } catch {
    return false;
  }
}

/** JSON with sorted members, without the defaults, which the form omits. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (name, member: unknown) => {
    if ((name === "holds" && member === "run") || (name === "mode" && isDefaultMode(member)))
      return undefined;
    if (name === "period" || name === "max") return parseDuration(member);
    if (typeof member !== "object" || member === null || Array.isArray(member)) return member;
    return Object.fromEntries(Object.entries(member).toSorted(([one], [other]) => (one < other ? -1 : 1)));
  });
}

function isDefaultMode(mode: unknown): boolean {
  return mode === "delay" || mode === "skip";
}

/** @throws {FormError} if a field cannot be read */
export function flowOf(draft: FlowDraft): Flow {
  const errors: FieldError[] = [];
  const number = (pointer: string, text: string, isRequired = false): number | undefined => {
    if (text.trim() !== "") errors.push(...errorsOfWholeNumber(pointer, text.trim()));
    else if (isRequired) errors.push({ pointer, detail: "Enter a whole number." });
    return text.trim() === "" ? undefined : parseWholeNumber(text.trim());
  };
  const period = (pointer: string, text: string): string => {
    if (text.trim() === "") errors.push({ pointer, detail: "Enter a duration such as 30s, 5m or 1h." });
    return isoDuration(text);
  };
  const flow = Object.fromEntries(
    [...draft.on].map((kind) => [kind, membersOf[kind](draft, { number, period })]),
  ) as Flow;
  if (draft.on.has("concurrency") && (draft.concurrency.total + draft.concurrency.perKey).trim() === "")
    errors.push({
      pointer: "#/flow/concurrency/total",
      detail: "Enter a number in total, per key, or both.",
    });
  if (draft.on.has("priority") && draft.priority.trim() === "")
    errors.push({ pointer: "#/flow/priority", detail: "Enter a number or a path in the payload." });
  if (errors.length > 0) throw new FormError(errors);
  return flow;
}

interface Readers {
  readonly number: (pointer: string, text: string, isRequired?: boolean) => number | undefined;
  readonly period: (pointer: string, text: string) => string;
}

const membersOf: Readonly<Record<FlowKind, (draft: FlowDraft, read: Readers) => unknown>> = {
  concurrency: ({ concurrency: { total, perKey, key, holds } }, { number }) =>
    given({
      total: number("#/flow/concurrency/total", total),
      perKey: number("#/flow/concurrency/perKey", perKey),
      key: keyOf(key),
      holds: holds === "run" ? undefined : holds,
    }),
  rateLimit: ({ rateLimit: { limit, period: time, burst, key, mode } }, { number, period }) =>
    given({
      limit: number("#/flow/rateLimit/limit", limit, true),
      period: period("#/flow/rateLimit/period", time),
      burst: number("#/flow/rateLimit/burst", burst),
      key: keyOf(key),
      mode: mode === "delay" ? undefined : mode,
    }),
  debounce: ({ debounce: { period: time, max, key } }, { period }) =>
    given({
      period: period("#/flow/debounce/period", time),
      max: max.trim() === "" ? undefined : isoDuration(max),
      key: keyOf(key),
    }),
  singleton: ({ singleton: { key, mode } }) =>
    given({ key: keyOf(key), mode: mode === "skip" ? undefined : mode }),
  batch: ({ batch: { size, period: time, key } }, { number, period }) =>
    given({
      size: number("#/flow/batch/size", size, true),
      period: period("#/flow/batch/period", time),
      key: keyOf(key),
    }),
  priority: ({ priority }) => {
    const text = priority.trim();
    return /^[+-]?\d+$/.test(text) ? Number(text) : { key: text };
  },
  limits: ({ limits }) =>
    limits.split("\n").flatMap((line) => {
      const [, name, key = ""] = /^\s*(\S+)\s*(.*)$/.exec(line) ?? [];
      if (name === undefined) return [];
      return [key.trim() === "" ? name : { name, key: keyOf(key) }];
    }),
};

function keyOf(text: string): Key | undefined {
  const parts = text.split(",").flatMap((part) => (part.trim() === "" ? [] : [part.trim()]));
  return parts.length > 1 ? parts : parts[0];
}

function given(members: Readonly<Record<string, unknown>>) {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}
