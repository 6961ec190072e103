import { startTcpProxy } from "../../test/drill/tcp-proxy.ts";
import { deploy } from "../../test/support/executions.ts";
import { freePorts } from "../../test/support/free-ports.ts";
import { executorBeside } from "../../test/support/executor-beside.ts";
import { createInstance, startInstance } from "../../test/support/instance.ts";
import type { Instance } from "../../test/support/instance.ts";
import { countFor } from "../bench.ts";
import type { Bench, BenchRun } from "../bench.ts";
import { startChild } from "../support/child.ts";
import { loadFor } from "../support/load.ts";
import type { Window } from "../support/load.ts";
import { fetches } from "../support/workflows.ts";
import type { Fetches } from "../support/workflows.ts";
import { inTurns } from "../turns.ts";
import type { Contender } from "../turns.ts";

/**
 * Executions per second with one and two executors beside an API, compared with the default, in which one process is both.
 * All have one Restate server with 24 partitions, and SQLite.
 */
export const executors: Bench = { name: "executors", measure };

/** Executions of one workflow are on one partition of Restate, so there are several. */
const workflows = Array.from({ length: 24 }, (_, number) => `fetches-${number}`);

const shapes = [
  { what: "1 fetch", sequential: 1, parallel: 0 },
  { what: "3 sequential fetches", sequential: 3, parallel: 0 },
];

async function measure(run: BenchRun): Promise<void> {
  const rounds = countFor(run.length, { quick: 1, usual: 3 });
  const window: Window =
    run.length === "quick" ? { rampMs: 500, measuredMs: 1_500 } : { rampMs: 1_000, measuredMs: 4_000 };
  await using stack = new AsyncDisposableStack();
  const target = stack.use(
    await startChild<{ readonly url: string }>(new URL("../support/target-child.ts", import.meta.url)),
  );
  const installations = [
    { name: "one process", instance: stack.use(await startInstance(environment)) },
    { name: "API and one executor", instance: await startApart(stack, 1) },
    { name: "API and two executors", instance: await startApart(stack, 2) },
  ];
  for (const { instance } of installations)
    for (const workflow of workflows) await deploy(instance, workflow, fetches);
  for (const { what, ...shape } of shapes) {
    const payload: Fetches = { url: `${target.ready.url}/count`, ...shape };
    for (const concurrency of [32, 128]) {
      const contenders = installations.map((each) => contender(each, { payload, concurrency, window }));
      const results = await inTurns(rounds, contenders);
      run.report({ what: `${what}, concurrency ${concurrency}`, unit: "rate in 1/s, else ms", results });
    }
  }
  run.note(
    "All processes, Restate and the client share this machine: on few cores, more executors add no capacity.",
  );
}

const environment = { RESTATE_DEFAULT_NUM_PARTITIONS: "24" };

/** Executors behind a load balancer, beside a process whose own executor gets no work: Restate calls what registered last. */
async function startApart(stack: AsyncDisposableStack, count: number): Promise<Instance> {
  const instance = stack.use(await startInstance(environment));
  const ports = await freePorts(count);
  const balancer = stack.use(await startTcpProxy(ports));
  for (const port of ports) {
    const executor = stack.use(
      await createInstance({
        ...executorBeside(instance),
        DURANIUM_EXECUTOR_PORT: String(port),
        DURANIUM_EXECUTOR_URL: balancer.url,
        DURANIUM_PUBLIC_URL: instance.url,
      }),
    );
    await executor.start();
  }
  return instance;
}

interface Work {
  readonly payload: Fetches;
  readonly concurrency: number;
  readonly window: Window;
}

function contender(
  { name, instance }: { readonly name: string; readonly instance: Instance },
  { payload, concurrency, window }: Work,
): Contender {
  const url = workflows.map((workflow) => `${instance.restateIngressUrl}/Workflow/${workflow}/execute`);
  return {
    name,
    async round() {
      const { rate, p50, p99 } = await loadFor({ url, body: { payload }, concurrency }, window);
      return { rate, p50, p99 };
    },
  };
}
