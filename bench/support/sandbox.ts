import type { CompiledWorkflow, WorkflowSource } from "../../src/domain/workflow.ts";
import type { Guest } from "../../src/host/guest.ts";
import type { InstalledEngines } from "../../src/sandbox/engine/added/installed-engines.ts";
import { SandboxPool } from "../../src/sandbox/scheduling/pool.ts";
import { bytesOf, testContext } from "../../src/sandbox/testing/images.ts";
import { openTestSandbox } from "../../src/sandbox/testing/sandbox.ts";
import type { TestSandbox } from "../../src/sandbox/testing/sandbox.ts";

/** The sandbox of a process without Restate: a compiler, and a pool with one thread, as on two cores. */
export interface BenchSandbox extends AsyncDisposable, Pick<TestSandbox, "artifacts"> {
  /** Compiles a workflow of one file of TypeScript, or any other. */
  readonly compile: (source: string | WorkflowSource) => Promise<CompiledWorkflow>;
  readonly pool: SandboxPool;
  /** Another pool of the same kind, disposed by the caller. */
  openPool(): SandboxPool;
}

export async function openBenchSandbox(engines?: InstalledEngines): Promise<BenchSandbox> {
  const sandbox = await openTestSandbox(engines === undefined ? {} : { engines });
  const openPool = () => new SandboxPool({ ...sandbox, workers: 1 });
  const pool = openPool();
  return {
    pool,
    openPool,
    compile: async (source) =>
      await (typeof source === "string" ? sandbox.compile(source) : sandbox.compiler.compile(source)),
    artifacts: sandbox.artifacts,
    async [Symbol.asyncDispose]() {
      await pool[Symbol.asyncDispose]();
      await sandbox[Symbol.asyncDispose]();
    },
  };
}

/** Starts an execution and runs its first turn. The caller disposes the guest. */
export async function startGuest(
  pool: SandboxPool,
  version: CompiledWorkflow,
  payload: unknown,
): Promise<Guest> {
  const guest = await pool.acquire(version);
  await guest.run(testContext, bytesOf(payload));
  return guest;
}
