import type { Recording } from "../recordings/recording.ts";
import { differingTraces, replayOwnVersion } from "./own-version.ts";
import type { ReplayedVersion } from "./replayed-version.ts";

/** What a replay of an execution on its own version shows. `notComparable`: the recording lacks what is needed. */
export const shadowOutcomes = ["same", "different", "notComparable"] as const;

export type ShadowOutcome = (typeof shadowOutcomes)[number];

export interface ShadowReplay {
  readonly outcome: ShadowOutcome;
  /** What differs, or why it cannot be compared. */
  readonly what?: string;
}

/**
 * Replays an execution on its own version: calls, end, console lines and fuel must be the same.
 *
 * @throws {DuraniumError} retryable errors of the sandbox
 */
export async function replayInShadow(
  recording: Recording,
  version: ReplayedVersion | undefined,
): Promise<ShadowReplay> {
  if (version === undefined) return { outcome: "notComparable", what: "The version is deleted" };
  const own = await replayOwnVersion(recording, version);
  if (own.contradiction !== undefined) {
    return { outcome: own.isDeterministic ? "notComparable" : "different", what: own.contradiction };
  }
  // Storing console lines may have failed, which is logged.
  const hasAllLines = recording.logs.length === own.replay.logs.length;
  const compared = hasAllLines ? recording : { ...recording, logs: [] };
  const traces = differingTraces(compared, own.replay, version.mapper);
  if (traces.length === 0) return { outcome: "same" };
  return { outcome: "different", what: `On the recorded version, the ${traces.join(" and the ")} differ` };
}
