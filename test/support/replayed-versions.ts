import type { WorkflowSource } from "../../src/domain/workflow.ts";
import { checkRecording } from "../../src/replay/check-recording.ts";
import type { ReplayItem } from "../../src/replay/replay-item.ts";
import type { ReplayedVersion } from "../../src/replay/replayed-version.ts";
import { mapFailure, mapJson } from "../../src/sandbox/compile/diagnostics/source-map.ts";
import { SandboxPool } from "../../src/sandbox/scheduling/pool.ts";
import { openTestSandbox } from "../../src/sandbox/testing/sandbox.ts";
import { onceNotBusy } from "./once-not-busy.ts";
import { testEngines } from "./python-instance.ts";
import { testTimeoutMs } from "./time-limits.ts";
import type { Recording } from "../../src/recordings/recording.ts";

/** Compiles sources, and replays recordings on them, in the process of the test. */
export interface Replayer extends AsyncDisposable {
  version(source: string | Pick<WorkflowSource, "entry" | "files">): Promise<ReplayedVersion>;
  /** Replays a recording on another source. */
  check(recording: Recording, own: string | undefined, candidate: string): Promise<ReplayItem>;
}

export async function openReplayer(): Promise<Replayer> {
  const sandbox = await openTestSandbox({
    engines: await testEngines(),
    evaluationTimeoutMs: testTimeoutMs,
  });
  const pool = new SandboxPool({
    engines: sandbox.engines,
    artifacts: sandbox.artifacts,
    turnTimeoutMs: 60_000,
    workers: 1,
  });
  const versions = new Map<string, Promise<ReplayedVersion>>();

  async function compile(source: Pick<WorkflowSource, "entry" | "files">): Promise<ReplayedVersion> {
    const compiled = await onceNotBusy(async () => await sandbox.compiler.compile(source));
    const map = new TextDecoder().decode(await sandbox.artifacts.get(compiled.sourceMapDigest));
    return {
      open: async (limits) => await pool.acquire({ ...compiled, limits }),
      mapper: { failure: (failure) => mapFailure(failure, map), json: (json) => mapJson(json, map) },
    };
  }

  async function version(source: string | Pick<WorkflowSource, "entry" | "files">): Promise<ReplayedVersion> {
    const given =
      typeof source === "string" ? { entry: "workflow.ts", files: { "workflow.ts": source } } : source;
    const key = JSON.stringify(given);
    const compiled = versions.get(key) ?? compile(given);
    versions.set(key, compiled);
    return await compiled;
  }

  return {
    version,
    check: async (recording, own, candidate) =>
      await checkRecording({
        recording,
        own: own === undefined ? undefined : await version(own),
        candidate: await version(candidate),
      }),
    async [Symbol.asyncDispose]() {
      await pool[Symbol.asyncDispose]();
      await sandbox[Symbol.asyncDispose]();
    },
  };
}
