import { setTimeout as delay } from "node:timers/promises";
import type { ApiAnswer, Instance } from "./instance.ts";

/** Deploys one file and answers with the deploy's body. Throws what the API said if it refused. */
export async function deploy(
  instance: Instance,
  workflow: string,
  source: string,
): Promise<ApiAnswer["body"]> {
  const { status, body } = await instance.request("POST", `/workflows/${workflow}/deploy`, {
    body: { source },
  });
  if (status !== 201) throw new Error(`deploy answered ${status}: ${JSON.stringify(body)}`);
  return body;
}

/** Says what executions of a workflow that begin from now on may use. Throws what the API said if it refused. */
export async function setLimits(
  instance: Instance,
  workflow: string,
  limits: Readonly<Record<string, number>>,
): Promise<void> {
  const { status, body } = await instance.request("PUT", `/workflows/${workflow}/settings`, {
    body: { limits },
  });
  if (status !== 200) throw new Error(`settings answered ${status}: ${JSON.stringify(body)}`);
}

/** Begins an execution and answers with its id. */
export async function startExecution(
  instance: Instance,
  workflow: string,
  payload: unknown = null,
): Promise<string> {
  const { status, body } = await instance.request("POST", `/workflows/${workflow}/execute`, {
    body: payload,
  });
  if (status !== 202) throw new Error(`execute answered ${status}: ${JSON.stringify(body)}`);
  return body.executionId;
}

/** Begins an execution and waits for its end. */
export async function execute(
  instance: Instance,
  workflow: string,
  payload: unknown = null,
): Promise<ApiAnswer["body"]> {
  return await untilEnded(instance, await startExecution(instance, workflow, payload));
}

/** Waits for the end of an execution and answers with its detail. */
export async function untilEnded(instance: Instance, executionId: string): Promise<ApiAnswer["body"]> {
  await untilTold(instance, executionId);
  return await until(instance, executionId, ({ status }) =>
    ["completed", "failed", "cancelled"].includes(status),
  );
}

/**
 * Resolves when Restate tells of the end of an execution, or cannot be asked for it any more. To ask for the detail
 * meanwhile, again and again, would take from all tests that run at the same time.
 */
async function untilTold({ restateIngressUrl }: Instance, executionId: string): Promise<void> {
  try {
    const response = await fetch(`${restateIngressUrl}/restate/invocation/${executionId}/attach`);
    await response.arrayBuffer();
  } catch {
    // It was killed.
  }
}

/** Waits until the detail of an execution is as it is wanted. What takes long is looked at less and less often. */
export async function until(
  instance: Instance,
  executionId: string,
  isWanted: (detail: ApiAnswer["body"]) => boolean,
): Promise<ApiAnswer["body"]> {
  for (let pauseMs = 20; ; pauseMs = Math.min(2 * pauseMs, 200)) {
    const { body } = await instance.request("GET", `/executions/${executionId}`);
    if (isWanted(body)) return body;
    await delay(pauseMs);
  }
}
