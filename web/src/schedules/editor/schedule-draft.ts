import type { Schedule, FieldError } from "#client";
import { FormError } from "../../components/form-errors.ts";
import { parseJsonText } from "../../model/json-text.ts";
import { isoDuration } from "../../time/iso-duration.ts";
import { isoOfInput, localInput } from "../../time/local-input.ts";
import type { Overlap, ScheduleDefinition, ScheduleSpec } from "../schedule.ts";

/** Which source of instants a form shows. Schedules with several sources are written with the API. */
export type Source = "cron" | "every" | "at";

/** A schedule as typed. Empty texts are left out. */
export interface ScheduleDraft {
  readonly id: string;
  readonly workflowId: string;
  readonly entryPoint: string;
  readonly payload: string;
  readonly version: string;
  readonly source: Source;
  /** One pattern per line. */
  readonly cron: string;
  readonly every: string;
  readonly offset: string;
  /** A time of the browser's zone per line. */
  readonly at: readonly string[];
  readonly timeZone: string;
  readonly startAt: string;
  readonly endAt: string;
  /** One date or range per line: `2026-12-24..2027-01-01`. */
  readonly skip: string;
  readonly jitter: string;
  readonly overlap: Overlap;
  readonly catchUp: string;
  readonly pauseOnFailure: string;
  readonly remaining: string;
  readonly note: string;
}

export function newDraft(workflowId: string, timeZone: string): ScheduleDraft {
  return {
    id: "",
    workflowId,
    entryPoint: "",
    payload: "",
    version: "",
    source: "cron",
    cron: "0 9 * * 1-5",
    every: "",
    offset: "",
    at: [""],
    timeZone,
    startAt: "",
    endAt: "",
    skip: "",
    jitter: "",
    overlap: "skip",
    catchUp: "",
    pauseOnFailure: "",
    remaining: "",
    note: "",
  };
}

export function draftOf(schedule: Schedule): ScheduleDraft {
  const { id, workflowId, entryPoint = "", payload, version, spec, overlap } = schedule;
  return {
    id,
    workflowId,
    entryPoint,
    payload: payload === undefined || payload === null ? "" : JSON.stringify(payload, null, 2),
    version: version?.toString() ?? "",
    source: spec.cron !== undefined ? "cron" : spec.every === undefined ? "at" : "every",
    cron: spec.cron?.join("\n") ?? "",
    every: spec.every ?? "",
    offset: spec.offset ?? "",
    at: spec.at?.map(localInput) ?? [""],
    timeZone: spec.timeZone ?? "UTC",
    startAt: localInput(spec.startAt),
    endAt: localInput(spec.endAt),
    skip: spec.skip?.map(skipText).join("\n") ?? "",
    jitter: spec.jitter ?? "",
    overlap,
    catchUp: schedule.catchUp,
    pauseOnFailure: schedule.pauseOnFailure?.toString() ?? "",
    remaining: schedule.remaining?.toString() ?? "",
    note: schedule.note ?? "",
  };
}

function skipText(dates: NonNullable<ScheduleSpec["skip"]>[number]): string {
  return typeof dates === "string" ? dates : `${dates.from}..${dates.to}`;
}

/** When the schedule of a draft runs. */
export function specOf(draft: ScheduleDraft): ScheduleSpec {
  const { source, startAt, endAt, jitter, timeZone } = draft;
  const skip = linesOf(draft.skip).map((line) => {
    const [from = "", to] = line.split("..").map((part) => part.trim());
    return to === undefined ? from : { from, to };
  });
  return {
    ...sourceOf(draft, source),
    ...(timeZone.trim() === "" ? {} : { timeZone: timeZone.trim() }),
    ...given("startAt", isoOfInput(startAt)),
    ...given("endAt", isoOfInput(endAt)),
    ...(skip.length === 0 ? {} : { skip }),
    ...given("jitter", isoDuration(jitter)),
  };
}

function sourceOf(draft: ScheduleDraft, source: Source): ScheduleSpec {
  switch (source) {
    case "cron":
      return { cron: linesOf(draft.cron) };
    case "every":
      return { every: isoDuration(draft.every), ...given("offset", isoDuration(draft.offset)) };
    default:
      return { at: draft.at.flatMap((time) => isoOfInput(time) ?? []) };
  }
}

function given<Name extends string>(name: Name, value: string | undefined): { [_ in Name]?: string } {
  return (value === undefined || value === "" ? {} : { [name]: value }) as { [_ in Name]?: string };
}

function linesOf(text: string): string[] {
  return text.split("\n").flatMap((line) => (line.trim() === "" ? [] : [line.trim()]));
}

/** @throws {FormError} if a field cannot be read */
export function definitionOf(draft: ScheduleDraft): ScheduleDefinition {
  const errors: FieldError[] = [];
  const payload = parseJsonText(draft.payload);
  if ("error" in payload) errors.push({ pointer: "#/payload", detail: payload.error });
  const numberAt = (name: "version" | "pauseOnFailure" | "remaining") => {
    const text = draft[name].trim();
    if (text === "") return {};
    if (/^[1-9]\d{0,8}$/.test(text)) return { [name]: Number(text) };
    errors.push({ pointer: `#/${name}`, detail: `“${text}” is not a whole number of 1 or more.` });
    return {};
  };
  if (draft.id.trim() === "") errors.push({ parameter: "scheduleId", detail: "Enter an ID." });
  if (draft.workflowId.trim() === "") errors.push({ pointer: "#/workflowId", detail: "Enter a workflow." });
  const definition = {
    workflowId: draft.workflowId.trim(),
    ...given("entryPoint", draft.entryPoint.trim()),
    ...("value" in payload && payload.value !== null ? { payload: payload.value } : {}),
    ...numberAt("version"),
    spec: specOf(draft),
    overlap: draft.overlap,
    ...given("catchUp", isoDuration(draft.catchUp)),
    ...numberAt("pauseOnFailure"),
    ...numberAt("remaining"),
    ...given("note", draft.note.trim()),
  };
  if (errors.length > 0) throw new FormError(errors);
  return definition;
}
