import type { Recording } from "../recordings/recording.ts";
import { withOtherValues } from "../recordings/redaction/redact-recording.ts";
import { createRedactor } from "../recordings/redaction/redactor.ts";
import { redactionMarkers } from "../recordings/redaction-rules.ts";
import { replayOwnVersion } from "./own-version.ts";
import { redactParts } from "./redact-item.ts";
import type { ReplayItem } from "./replay-item.ts";
import type { ReplayedVersion } from "./replayed-version.ts";
import { replayCandidate, verdictOn } from "./verdict.ts";

export interface RecordingCheck {
  readonly recording: Recording;
  /** The version that was recorded. Without it, calls are compared by the arguments in the recording, or by their names. */
  readonly own?: ReplayedVersion | undefined;
  readonly candidate: ReplayedVersion;
}

/** More fuel than this, compared with the recorded version, is reported. */
const slowerFactor = 1.3;

/**
 * Replays a recording on another version, and says what differs.
 *
 * What differs in a redacted recording may depend on a redacted value. So it is replayed again with other values in their place: if
 * the difference is another one then, the recording is not comparable.
 *
 * @throws {DuraniumError} retryable errors of the sandbox
 */
export async function checkRecording(check: RecordingCheck): Promise<ReplayItem> {
  const item = await checkOnce(check);
  const { executionId, redacted } = check.recording;
  if (redacted === undefined || item.outcome === "same") return item;
  const otherRecording = withOtherValues(check.recording);
  const other = await checkOnce({ ...check, recording: otherRecording });
  const redactor = createRedactor({ ...redacted, marker: redactionMarkers[0] });
  const [first, second] = [item, other].map((each) => withFirstMarker(redactParts(each, redactor)));
  if (first !== second) return { executionId, outcome: "notComparable", reason: dependsOnRedacted };
  const { outcome, step } = item;
  const hasRead = received(check.recording, step) !== received(otherRecording, step);
  return outcome === "throws" && hasRead ? { ...item, reason: mayThrowOnRedacted } : item;
}

/** What a workflow has received when it has made this many calls: not what it sent. */
function received({ payload, calls, signals }: Recording, step: number | undefined): string {
  const results = calls.slice(0, step).map(({ result }) => {
    if (result === undefined || !("value" in result)) return null;
    return Object.entries(Object(result.value) as object).filter(([name]) => name !== "request");
  });
  return JSON.stringify([payload, results, signals]);
}

const dependsOnRedacted = "It depends on a value that is redacted in the recording";
const mayThrowOnRedacted =
  "Values are redacted in the recording, which may be the cause if the workflow expects them to have a certain form";
const differsWithoutRedacted =
  "Values are redacted in the recording, and the recorded version behaves differently without them";

function withFirstMarker({ fuel: _fuel, ...item }: ReplayItem): string {
  const [first, second] = redactionMarkers;
  return JSON.stringify(item, withoutDigest).replaceAll(second, first);
}

/** The digest and the size of a body follow from its text, which may have a marker. */
function withoutDigest(name: string, value: unknown): unknown {
  const { text } = Object(value) as { readonly text?: string };
  return name === "body" && text !== undefined ? { text } : value;
}

async function checkOnce(check: RecordingCheck): Promise<ReplayItem> {
  const { executionId, redacted } = check.recording;
  const own = check.own === undefined ? undefined : await replayOwnVersion(check.recording, check.own);
  if (own?.contradiction !== undefined) {
    const reason = redacted === undefined ? own.contradiction : differsWithoutRedacted;
    return { executionId, outcome: "notComparable", reason };
  }
  const recording = own?.recording ?? check.recording;
  const candidate = await replayCandidate(recording, check.candidate);
  const { run } = candidate;
  const verdict = await verdictOn({ ...check, recording }, candidate);
  // Reading redacted values uses other fuel.
  const recordedFuel = redacted === undefined ? recording.fuelUsed : undefined;
  const fuelBefore = own?.replay.fuelUsed ?? recordedFuel;
  const isSlower = fuelBefore !== undefined && run.fuelUsed >= fuelBefore * slowerFactor;
  return {
    executionId,
    ...verdict,
    ...(isSlower ? { fuel: { before: fuelBefore, after: run.fuelUsed } } : {}),
  };
}
