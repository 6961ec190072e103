import type { CompiledWorkflow } from "../../src/domain/workflow.ts";
import type { Guest } from "../../src/host/guest.ts";
import { SandboxPool } from "../../src/sandbox/scheduling/pool.ts";
import { bytesOf, testContext } from "../../src/sandbox/testing/images.ts";
import { openTestSandbox } from "../../src/sandbox/testing/sandbox.ts";
import type { TestSandbox } from "../../src/sandbox/testing/sandbox.ts";

/** The sandbox of a process without Restate: a compiler, and a pool with one thread, as on two cores. */
export interface BenchSandbox extends AsyncDisposable, Pick<TestSandbox, "compile" | "artifacts"> {
  readonly pool: SandboxPool;
  /** Another pool of the same kind, disposed by the caller. */
  openPool(): SandboxPool;
}

export async function openBenchSandbox(): Promise<BenchSandbox> {
  const sandbox = await openTestSandbox();
  const openPool = () => new SandboxPool({ ...sandbox, workers: 1 });
  const pool = openPool();
  return {
    pool,
    openPool,
    compile: async (source) => await sandbox.compile(source),
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
