import { utf8Length } from "../../base/bytes.ts";
import {
  minShownBytes,
  isStep,
  maxShownBytes,
  maxShownBytesTotal,
  operationOf,
  plainOutcome,
  stepOutcome,
} from "../../journal/steps.ts";
import type { StepOutcome } from "../../journal/steps.ts";
import { callSitesOf } from "../../replay/call-sites.ts";
import type { SourceMapper } from "../../replay/replayed-version.ts";
import type { PreviewStep } from "../contract/preview.ts";
import type { JournalEntry } from "./journal-record.ts";

/** Converts the entries of a journal to steps. Unchanged steps keep their identity. */
export interface StepList {
  /** Called for each entry that is new or has a new result. */
  changed(entry: JournalEntry): void;
  /** In the order of their commands. */
  list(): readonly PreviewStep[];
}

export function createStepList(mapper: SourceMapper): StepList {
  const steps = new Map<JournalEntry, PreviewStep>();
  let listed: readonly PreviewStep[] = [];
  let isOld = false;
  let shownBytes = 0;

  /** Large results are omitted, as in the API. */
  function isShown(bytes: number): boolean {
    if (bytes > maxShownBytes) return false;
    shownBytes += bytes;
    return bytes <= minShownBytes || shownBytes <= maxShownBytesTotal;
  }

  /** Places are mapped once for each step. */
  function placeOf({ call }: JournalEntry, before: PreviewStep | undefined): Pick<PreviewStep, "place"> {
    const place = before?.place ?? (call?.stack ? callSitesOf(call.stack, mapper)[0] : undefined);
    return place === undefined ? {} : { place };
  }

  return {
    changed(entry) {
      if (!isStep(entry.name)) return;
      const { result } = entry;
      const bytes = result?.value === undefined ? 0 : utf8Length(JSON.stringify(result.value));
      const step = stepOf(entry, bytes, result !== undefined && isShown(bytes));
      const written = entry.isWritten === true ? { isWritten: true as const } : {};
      steps.set(entry, { ...step, ...written, ...recordedOf(entry), ...placeOf(entry, steps.get(entry)) });
      isOld = true;
    },
    list() {
      if (isOld) listed = [...steps.values()];
      isOld = false;
      return listed;
    },
  };
}

/** Steps that are pending when a run ends are abandoned. */
export function abandonedIfPending(step: PreviewStep): PreviewStep {
  return step.outcome === "pending" ? { ...step, outcome: "abandoned" } : step;
}

function stepOf(entry: JournalEntry, resultBytes: number, isShown: boolean): PreviewStep {
  const { index, name, at, wakesAt, result } = entry;
  return {
    index,
    operation: operationOf(name),
    name,
    startedAt: timeText(at),
    ...(result === undefined ? {} : { endedAt: timeText(result.at) }),
    ...(wakesAt === undefined ? {} : { wakesAt: timeText(wakesAt) }),
    ...(resultBytes === 0 ? {} : { resultBytes }),
    ...(result === undefined ? { outcome: "pending" } : outcomeOf(entry, isShown)),
  };
}

function recordedOf({ answer, starts }: JournalEntry): Pick<PreviewStep, "recorded" | "starts"> {
  if (answer === undefined) return {};
  const { number: call, match, change } = answer;
  const recorded = { call, match, ...(change === undefined ? {} : { isChanged: true as const }) };
  return { recorded, ...(starts > 1 ? { starts } : {}) };
}

function outcomeOf({ isCall, result }: JournalEntry, isShown: boolean): StepOutcome {
  if (result?.failure !== undefined) return { outcome: "failed", error: result.failure };
  const value = isShown ? result?.value : undefined;
  return isCall ? plainOutcome(value) : stepOutcome(value);
}

/** RFC 3339. @param milliseconds since the Unix epoch */
export function timeText(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
