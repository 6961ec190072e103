import { setTimeout as delay } from "node:timers/promises";
import type { ExecutionId, WorkflowId } from "../../domain/ids.ts";
import { maxPageItems } from "../../domain/limits.ts";
import type { LogLine } from "../../domain/log-line.ts";
import { recordedRequestsObjectName } from "../../journal/object-names.ts";
import { readRecording } from "../../read-model/recordings/recording.ts";
import { hasCallbacks } from "../../recordings/recording.ts";
import type { Recording } from "../../recordings/recording.ts";
import { redactRecording } from "../../recordings/redaction/redact-recording.ts";
import { withRequests } from "../../replay/own-version.ts";
import type { RecordedRequests } from "../../replay/own-version.ts";
import type { RestateClient } from "../../restate/client/restate-client.ts";
import type { ExecutionEndStore } from "../../stores/logs/execution-ends.ts";
import type { LogStore } from "../../stores/logs/logs.ts";
import type { VersionStore } from "../../stores/versions.ts";
import type { WorkflowSettingsStore } from "../../stores/workflow-settings.ts";
import { withoutSeal } from "./callback-token.ts";

export interface RecordingSources {
  readonly restate: Pick<RestateClient, "call" | "query">;
  readonly logs: Pick<LogStore, "list">;
  readonly ends: Pick<ExecutionEndStore, "get">;
  readonly versions: Pick<VersionStore, "get">;
  readonly settings: Pick<WorkflowSettingsStore, "get">;
}

/** How long a recording waits for an executor, which may be busy with others. */
const maxRequestsMs = 20_000;

/**
 * Reads the recording of an execution as it leaves the server: redacted, with what is stored outside of its journal: the console lines, the fuel and the engine.
 *
 * @throws {DuraniumError} `execution-not-found`, `execution-not-started`
 */
export async function readFullRecording(
  { restate, logs, ends, versions, settings }: RecordingSources,
  executionId: ExecutionId,
): Promise<Recording> {
  const recording = withoutUnusedSeal(await readRecording(restate, executionId));
  const engineDigest = await engineOf(versions, recording);
  const fuelUsed = (await ends.get(executionId))?.fuelUsed ?? undefined;
  const full: Recording = {
    ...recording,
    ...(engineDigest === undefined ? {} : { engineDigest }),
    logs: await readRecordedLines(logs, executionId),
    ...(fuelUsed === undefined ? {} : { fuelUsed }),
  };
  const requests = engineDigest === undefined ? undefined : await readRequests(restate, executionId);
  const { recordings } = await settings.get(recording.workflowId as WorkflowId);
  return redactRecording(
    requests === undefined ? full : withRequests(full, requests),
    recordings?.redact ?? {},
  );
}

/** Without callbacks, the prefix of their URLs would only help to complete those of a fork or of the execution itself later. */
function withoutUnusedSeal<R extends Pick<Recording, "start" | "calls">>(recording: R): R {
  if (hasCallbacks(recording)) return recording;
  const { start } = recording;
  return { ...recording, start: { ...start, callbackUrl: withoutSeal(start.callbackUrl) } };
}

/**
 * An executor replays the execution to find out what its calls asked for. A recording is valid without that, so nothing fails if
 * no executor can.
 */
async function readRequests(
  restate: RecordingSources["restate"],
  executionId: ExecutionId,
): Promise<RecordedRequests | undefined> {
  const target = { object: recordedRequestsObjectName, key: executionId, handler: "read" };
  const settled = new AbortController();
  try {
    const late = delay(maxRequestsMs, null, { signal: settled.signal }).catch(() => null);
    return ((await Promise.race([restate.call(target, null), late])) as RecordedRequests | null) ?? undefined;
  } catch {
    return undefined;
  } finally {
    settled.abort();
  }
}

/** A workflow that was deleted and deployed again has no earlier versions. */
async function engineOf(
  versions: RecordingSources["versions"],
  { workflowId, version }: Pick<Recording, "workflowId" | "version">,
): Promise<string | undefined> {
  try {
    return (await versions.get(workflowId as WorkflowId, version)).engineDigest;
  } catch {
    return undefined;
  }
}

/** Reads the console lines as a recording has them. */
export async function readRecordedLines(
  logs: RecordingSources["logs"],
  executionId: ExecutionId,
): Promise<Recording["logs"]> {
  const lines = await readLines(logs, executionId);
  return lines.map(({ number, level, line }) => ({ number, level, line: [...line] }));
}

async function readLines(
  logs: RecordingSources["logs"],
  executionId: ExecutionId,
): Promise<readonly LogLine[]> {
  const lines: LogLine[] = [];
  for (let after: number | undefined; ;) {
    const { items, next } = await logs.list(executionId, { after, limit: maxPageItems });
    lines.push(...items);
    if (next === undefined) return lines;
    after = next;
  }
}
