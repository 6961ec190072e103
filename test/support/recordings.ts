import { expect } from "vitest";
import { parseRecording } from "../../src/recordings/parse-recording.ts";
import type { Recording } from "../../src/recordings/recording.ts";
import { differingTraces, replayOwnVersion } from "../../src/replay/own-version.ts";
import { deploy, execute } from "./executions.ts";
import type { Instance } from "./instance.ts";
import type { Replayer } from "./replayed-versions.ts";

export async function recordingOf(instance: Instance, executionId: string): Promise<Recording> {
  const { status, body } = await instance.request("GET", `/executions/${executionId}/recording`);
  expect(status).toBe(200);
  return parseRecording(JSON.stringify(body));
}

/** Executes a source, and returns its recording. */
export async function recordExecution(
  instance: Instance,
  { name, source, payload }: { readonly name: string; readonly source: string; readonly payload: unknown },
): Promise<Recording> {
  await deploy(instance, name, source);
  const { executionId } = await execute(instance, name, payload);
  return await recordingOf(instance, executionId);
}

/** Asserts that a replay on the recorded version is the recorded execution. */
export async function expectSameReplay(replayer: Replayer, recording: Recording, source: string) {
  const version = await replayer.version(source);
  const own = await replayOwnVersion(recording, version);
  expect(own.contradiction).toBeUndefined();
  expect(differingTraces(recording, own.replay, version.mapper)).toEqual([]);
  expect(await replayer.check(recording, source, source)).toEqual({
    executionId: recording.executionId,
    outcome: "same",
  });
  return own;
}
