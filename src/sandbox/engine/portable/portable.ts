import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuraniumError, messageOf } from "../../../domain/errors.ts";
import { outputNames } from "../build-job.ts";
import { runBuild } from "../build-process.ts";
import { bundleBindings, bundleEvaluatedGuest, evaluationFailureMarker, readWit } from "../sources.ts";
import { isToolchainInstalled } from "../toolchain.ts";
import { portableBuildCpuSeconds, portableBuildTimeoutMs } from "./limits.ts";

/**
 * Builds the portable component of a workflow: a component of the world in `wit/runtime.wit` that runs on any
 * component-model host. It is the guest runtime with the workflow's bundle already evaluated, so its `evaluate`
 * returns an error. The same bundle gives the same bytes.
 *
 * The top level is evaluated again, outside of the metered sandbox, in a process with an empty environment
 * and limits on time and memory.
 *
 * @param bundle as it was passed to `evaluate` of the engine
 * @throws {DuraniumError} `portable-builds-disabled` if the toolchain is not installed, `evaluation-failed` if the top
 *   level throws, `internal` if the build fails otherwise
 */
export async function buildPortableComponent(bundle: string, signal?: AbortSignal): Promise<Uint8Array> {
  assertToolchain();
  const folder = await mkdtemp(join(tmpdir(), "duranium-portable-"));
  try {
    const [source, bindings, wit] = await Promise.all([
      bundleEvaluatedGuest(bundle),
      bundleBindings(),
      readWit(),
    ]);
    const output = await runBuild(
      folder,
      { kind: "portable", source: source.text, bindings: bindings.text, wit },
      { timeoutMs: portableBuildTimeoutMs, cpuSeconds: portableBuildCpuSeconds, signal },
    );
    return await readFile(join(output, outputNames.component));
  } catch (error) {
    signal?.throwIfAborted();
    throw toPortableError(error);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function assertToolchain(): void {
  if (isToolchainInstalled()) return;
  throw new DuraniumError(
    "portable-builds-disabled",
    "Cannot build portable components: componentize-js and jco are not installed. Install the development dependencies (npm install)",
  );
}

/** The output of the build contains the guest's report of a failed top level, as JSON on one line. */
function toPortableError(error: unknown): DuraniumError {
  const message = messageOf(error);
  const [, failure] = message.match(new RegExp(`${evaluationFailureMarker}(\\{.*\\})`)) ?? [];
  if (failure === undefined) {
    return new DuraniumError("internal", `Cannot build the portable component: ${message}`, { cause: error });
  }
  const { name, message: reason } = JSON.parse(failure) as { name: string; message: string };
  return new DuraniumError(
    "evaluation-failed",
    `Cannot build the portable component: the top level threw ${name}: ${reason}`,
    { cause: error },
  );
}
