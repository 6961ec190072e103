import type { JsonValue } from "../../src/base/json.ts";
import { parseRecording } from "../../src/recordings/parse-recording.ts";
import type { Recording } from "../../src/recordings/recording.ts";
import { checkRecording } from "../../src/replay/check-recording.ts";
import { isSameJson } from "../../src/replay/json-difference.ts";
import { differingTraces, replayOwnVersion } from "../../src/replay/own-version.ts";
import type { OwnReplay } from "../../src/replay/own-version.ts";
import type { ReplayedVersion } from "../../src/replay/replayed-version.ts";
import type { Instance } from "../support/instance.ts";
import { openReplayer } from "../support/replayed-versions.ts";
import type { Step } from "./program.ts";
import { filesOf } from "./source.ts";
import type { ProgramLanguage } from "./source.ts";

export interface ReplayedExecution {
  readonly executionId: string;
  readonly program: Step;
  readonly language: ProgramLanguage;
}

export interface ReplayFindings {
  readonly replayed: number;
  /** Executions that are different when they are replayed on their own version, and how. */
  readonly wrong: readonly string[];
}

/** Records executions that have ended, and replays each on its own version, as its own version and as a changed one. */
export async function replayAll(
  instance: Instance,
  executions: readonly ReplayedExecution[],
): Promise<ReplayFindings> {
  await using replayer = await openReplayer();
  const wrong: string[] = [];
  for (const { executionId, program, language } of executions) {
    const differences = await differencesIn(
      instance,
      executionId,
      await replayer.version(filesOf(program, language)),
    );
    wrong.push(...differences.map((what) => `the replay of ${executionId}: ${what}`));
  }
  return { replayed: executions.length, wrong };
}

async function differencesIn(
  instance: Instance,
  executionId: string,
  version: ReplayedVersion,
): Promise<readonly string[]> {
  const { status, body } = await instance.request("GET", `/executions/${executionId}/recording`);
  if (status !== 200) return [`its recording was answered with ${status}`];
  const recording = parseRecording(JSON.stringify(body));
  const own = await replayOwnVersion(recording, version);
  const item = await checkRecording({ recording, own: version, candidate: version });
  const differences = [
    ...(own.contradiction === undefined ? [] : [own.contradiction]),
    ...differingTraces(recording, own.replay, version.mapper).map((what) => `its ${what} differ`),
    ...(item.outcome === "same" ? [] : [`it is not the same: ${JSON.stringify(item).slice(0, 2_000)}`]),
  ];
  return differences.length === 0 ? [] : [...differences, evidenceOf(recording, own, version)];
}

/** What is needed to find the cause: what arrived and was delivered, and from which turn on the console lines differ. */
function evidenceOf(recording: Recording, { replay }: OwnReplay, { mapper }: ReplayedVersion): string {
  const lines = replay.logs.map(({ number, level, line }) => ({ number, level, line }));
  const mapped = JSON.parse(mapper.json(JSON.stringify(lines))) as JsonValue[];
  const line = mapped.findIndex((each, place) => !isSameJson(each, recording.logs[place] ?? null));
  const { calls, arrivals, logs, outcome, fuelUsed } = recording;
  return JSON.stringify({
    calls: calls.map(({ name, result }) => ({ name, result: JSON.stringify(result ?? null).slice(0, 200) })),
    arrivals,
    delivered: replay.delivered.map((call) => call ?? null),
    fuel: [fuelUsed ?? null, replay.fuelUsed],
    ends: [outcome ?? null, replay.end],
    ...(line < 0 ? {} : { turn: replay.logs[line]?.turn, lines: [logs[line] ?? null, mapped[line]] }),
  });
}
