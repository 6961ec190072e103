import { z } from "zod";
import type { JsonValue } from "../../base/json.ts";
import type { ExecutionId } from "../../domain/ids.ts";
import { anyJson } from "../../journal/any-json.ts";
import { reusedStepsEntry } from "../../journal/entry-names.ts";
import type { ReusePlan, ReusePlanResult } from "../../journal/forks.ts";
import { isStartSlotSignal, parseSignal, signalAwaited } from "../../journal/signals.ts";
import type { JournalEntry, OperationEntry } from "../journal-entries.ts";
import { commandsOf, driverSteps } from "../timeline.ts";

/** Which results of an execution another one reuses. */
export interface ReuseRequest {
  /** The index of the step that runs again. Without it, every result is reused. */
  readonly repeatedStep?: number | undefined;
  /** Results that replace those of steps, by the index of the step, as `ReadReusedResult` returns them. */
  readonly answers?: ReadonlyMap<number, JsonValue>;
}

/**
 * Plans which results of a journal another execution reuses: those that arrived before the result of the repeated step, then
 * the later ones of steps that had started before it. An answer to the repeated step takes the place of its result. What the
 * driver did on its own account after the workflow had returned or was cancelled is not reused.
 */
export function planReuse(
  executionId: ExecutionId,
  entries: readonly JournalEntry[],
  { repeatedStep = -1, answers = new Map() }: ReuseRequest,
): ReusePlan {
  const { number, repeated, sources, all, arrivalIndex } = arrivalsAround(executionId, entries, repeatedStep);
  const results = all
    .filter((result) => !isAgain(result, repeated))
    .map((result) => replaced(result, answers.get(result.commandIndex ?? sources.get(result.source) ?? -1)));
  const plan = {
    ...grantOf(entries),
    order: "kinds" as const,
    before: [
      ...undeliveredSignals(entries).filter((result) => !isAgain(result, repeated)),
      ...results.filter(({ index }) => index < arrivalIndex),
    ],
    after: results.filter(({ index }) => index > arrivalIndex),
  };
  const answer = answers.get(repeatedStep);
  if (repeated.source === undefined || answer === undefined) return { ...plan, failedCommand: number };
  // Nothing runs again: the repeated step has a result, and all steps that are not in the plan are new.
  return {
    ...plan,
    failedCommand: -1,
    before: [...plan.before, { source: repeated.source, executionId, index: -1, value: answer }],
    after: plan.after.filter(({ commandIndex = -1 }) => commandIndex < arrivalIndex),
  };
}

/**
 * The indexes of the steps whose answers a fork would ignore, because it runs these steps again or they had no result. Signals that
 * arrived later are reused when the workflow waits for them, so their answers count.
 */
export function ignoredAnswers(
  executionId: ExecutionId,
  entries: readonly JournalEntry[],
  { repeatedStep = -1, answers = new Map() }: ReuseRequest,
): readonly number[] {
  const { repeated, sources, all, arrivalIndex } = arrivalsAround(executionId, entries, repeatedStep);
  const reused = all.filter(
    (result) => !isAgain(result, repeated) && (result.commandIndex ?? -1) < arrivalIndex,
  );
  const used = new Set(reused.map(({ commandIndex, source }) => commandIndex ?? sources.get(source)));
  return [...answers.keys()].filter((step) => step !== repeatedStep && !used.has(step));
}

function arrivalsAround(executionId: ExecutionId, entries: readonly JournalEntry[], repeatedStep: number) {
  const commands = ownCommands(entries);
  const number = commands.findIndex(({ index }) => index === repeatedStep);
  const repeated = { step: repeatedStep, source: number < 0 ? undefined : sourceOf(commands, number) };
  const sources = new Map(commands.map(({ index }, at) => [sourceOf(commands, at), index]));
  const all = arrivals(executionId, entries, commands);
  const arrivalIndex = all.find((result) => isResultOf(result, repeated))?.index ?? Infinity;
  return { number, repeated, sources, all, arrivalIndex };
}

type ResultSource = ReusePlanResult["source"];

/** The step that runs again. */
interface RepeatedStep {
  /** Its index, -1 if there is none. */
  readonly step: number;
  readonly source: ResultSource | undefined;
}

/** The commands that the workflow made before it returned or was cancelled. */
export function ownCommands(entries: readonly JournalEntry[]): readonly OperationEntry[] {
  const commands = commandsOf(operationsOf(entries));
  const end = commands.findIndex(({ name }) => driverSteps.has(name));
  return end < 0 ? commands : commands.slice(0, end);
}

/** What the result of a command is known by. */
function sourceOf(commands: readonly OperationEntry[], number: number): ResultSource {
  return signalAwaited(commands[number]?.name ?? "") ?? number;
}

/** A reused event is the result of its command, as any other reused result. */
function isResultOf({ source, commandIndex }: ReusePlanResult, repeated: RepeatedStep): boolean {
  return commandIndex === undefined ? source === repeated.source : commandIndex === repeated.step;
}

/** True for the result of the repeated step. If that is an event, later events of its name are not reused either. */
function isAgain(result: ReusePlanResult, repeated: RepeatedStep): boolean {
  if (isResultOf(result, repeated)) return true;
  const { source } = result;
  if (typeof source !== "string" || typeof repeated.source !== "string") return false;
  const [one, other] = [parseSignal(source), parseSignal(repeated.source)];
  if (one === undefined || other === undefined || !("event" in one) || !("event" in other)) return false;
  return one.event === other.event && one.index > other.index;
}

function replaced(result: ReusePlanResult, value: JsonValue | undefined): ReusePlanResult {
  return value === undefined ? result : { ...result, value };
}

function grantOf(entries: readonly JournalEntry[]): Pick<ReusePlan, "granted"> {
  const granted = grantedTo(entries);
  return granted === undefined ? {} : { granted };
}

/** The start of a retry that reuses steps is that of the execution whose steps it reuses. */
export function grantedTo(entries: readonly JournalEntry[]): ReusePlan["granted"] {
  const inherited = planIn(entries)?.granted;
  if (inherited !== undefined) return inherited;
  const grants = entries.flatMap((entry): NonNullable<ReusePlan["granted"]>[] => {
    if (entry.kind !== "signal" || !isStartSlotSignal(entry.name)) return [];
    const posted = grantSchema.safeParse(entry.value).data;
    if (posted === undefined) return [];
    const { now, value } = posted;
    return [{ now, ...(value.batch === undefined ? {} : { batch: value.batch }) }];
  });
  return grants.length === 0 ? undefined : Object.assign({}, ...grants);
}

const grantSchema = z.object({
  now: z.number(),
  value: z.object({
    kind: z.literal("granted"),
    starts: z.literal(true),
    batch: z.array(anyJson).exactOptional(),
  }),
});

function operationsOf(entries: readonly JournalEntry[]): readonly OperationEntry[] {
  return entries.filter((entry) => entry.kind === "operation");
}

function arrivals(
  executionId: ExecutionId,
  entries: readonly JournalEntry[],
  own: readonly OperationEntry[],
): readonly ReusePlanResult[] {
  const commands = new Map(own.map(({ completionId, index }, number) => [completionId, { number, index }]));
  return entries.flatMap((entry): ReusePlanResult[] => {
    if (entry.kind === "signal") return [{ source: entry.name, executionId, index: entry.index }];
    const command = entry.kind === "result" ? commands.get(entry.completionId) : undefined;
    if (entry.kind !== "result" || command === undefined) return [];
    return [{ source: command.number, executionId, index: entry.index, commandIndex: command.index }];
  });
}

/** The signals that the execution has from an earlier one and never waited for. */
function undeliveredSignals(entries: readonly JournalEntry[]): readonly ReusePlanResult[] {
  const completed = new Set(
    entries.flatMap((entry) => (entry.kind === "result" ? [entry.completionId] : [])),
  );
  const received = new Set(
    operationsOf(entries).flatMap(({ name, completionId }) =>
      completed.has(completionId) ? [signalAwaited(name)] : [],
    ),
  );
  return reusedSignals(planIn(entries)).filter(({ source }) => !received.has(String(source)));
}

function reusedSignals(plan: ReusePlan | undefined): readonly ReusePlanResult[] {
  return [...(plan?.before ?? []), ...(plan?.after ?? [])].filter(({ source }) => typeof source === "string");
}

export function planIn(entries: readonly JournalEntry[]): ReusePlan | undefined {
  const { completionId } = operationsOf(entries).find(({ name }) => name === reusedStepsEntry) ?? {};
  const result = entries.find((entry) => entry.kind === "result" && entry.completionId === completionId);
  return result?.kind === "result" ? (result.value as ReusePlan | undefined) : undefined;
}

/** The names of the signals that a plan has. */
export function signalsIn(plan: ReusePlan | undefined): readonly string[] {
  return reusedSignals(plan).map(({ source }) => String(source));
}
