import type { Schemas } from "#client";
import type { TimelineStep } from "../../components/step.ts";

export type Recording = Schemas["Recording"];
export type RecordedCall = Recording["calls"][number];
export type CallSite = NonNullable<RecordedCall["stack"]>[number];

/** A step, with what a replay found out about it. */
interface Stepped {
  readonly step: TimelineStep;
  readonly call: RecordedCall;
  /** Its position among the calls of the workflow. */
  readonly number: number;
}

/**
 * The steps of an execution as the workflow made them: where, with which arguments, and what was outstanding then. All of it is
 * from a recording, whose calls are the steps of the workflow in order. Steps of the driver, such as the grace period, are no calls.
 */
export interface Stepping {
  /** Undefined for a step of the driver, and for a step that is newer than the recording. */
  callOf(step: TimelineStep): RecordedCall | undefined;
  /** The position of the step among the calls of the recording. */
  numberOf(step: TimelineStep): number | undefined;
  /** Where the workflow made the step, innermost frame first. */
  stackOf(step: TimelineStep): readonly CallSite[];
  /** The other steps that had no result yet when the workflow waited next. */
  outstandingAt(step: TimelineStep): readonly TimelineStep[];
  /** The steps that were made at a line, in order. */
  stepsAt(file: string, line: number): readonly TimelineStep[];
  /** The number of results that had been delivered when a console line was written. */
  turnOfLine(number: number): number | undefined;
}

export function createStepping(
  { calls, deliveries, logs }: Recording,
  steps: readonly TimelineStep[],
): Stepping {
  const stepped = matched(calls, steps);
  const byIndex = new Map(stepped.map((each) => [each.step.index, each]));
  const byLine = Map.groupBy(stepped, ({ call }) => lineKey(call.stack?.[0]));
  const lineTurns = new Map(logs.map(({ number, turn }) => [number, turn]));
  const deliveredAt = new Map(deliveries?.map((call, turn) => [call, turn]));
  return {
    callOf: ({ index }) => byIndex.get(index)?.call,
    numberOf: ({ index }) => byIndex.get(index)?.number,
    stackOf: ({ index }) => byIndex.get(index)?.call.stack ?? [],
    outstandingAt({ index }) {
      const turn = byIndex.get(index)?.call.turn;
      if (turn === undefined || deliveries === undefined) return [];
      return stepped.flatMap(({ step, call, number }) => {
        const isMade = call.turn !== undefined && call.turn <= turn;
        const isDelivered = (deliveredAt.get(number) ?? Infinity) < turn;
        return isMade && !isDelivered && step.index !== index ? [step] : [];
      });
    },
    stepsAt: (file, line) => (byLine.get(`${file}:${line}`) ?? []).map(({ step }) => step),
    turnOfLine: (number) => lineTurns.get(number),
  };
}

function lineKey(site: CallSite | undefined): string {
  return site === undefined ? "" : `${site.file}:${site.line}`;
}

/** Both are in the order of the journal. A step that is no call has a name that no call has. */
function matched(calls: readonly RecordedCall[], steps: readonly TimelineStep[]): readonly Stepped[] {
  const all: Stepped[] = [];
  for (const step of steps) {
    const call = calls[all.length];
    if (call?.name === step.name) all.push({ step, call, number: all.length });
  }
  return all;
}
