import { setTimeout as delay } from "node:timers/promises";
import type { ApiAnswer, Instance } from "./instance.ts";

/** Deploys one file and returns the body of the response. Throws the API's error if the deploy is rejected. */
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

/** Sets the limits of later executions of a workflow. Throws the API's error if they are rejected. */
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

/** Starts an execution and returns its id. */
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

/** Starts an execution and waits for its end. */
export async function execute(
  instance: Instance,
  workflow: string,
  payload: unknown = null,
): Promise<ApiAnswer["body"]> {
  return await untilEnded(instance, await startExecution(instance, workflow, payload));
}

/** Waits for the end of an execution and returns its detail. */
export async function untilEnded(instance: Instance, executionId: string): Promise<ApiAnswer["body"]> {
  await untilTold(instance, executionId);
  return await until(instance, executionId, ({ status }) =>
    ["completed", "failed", "cancelled", "skipped"].includes(status),
  );
}

/**
 * Resolves when Restate reports the end of an execution, or no longer has it. Polling the detail instead would slow
 * down all tests that run at the same time.
 */
async function untilTold({ restateIngressUrl }: Instance, executionId: string): Promise<void> {
  try {
    const response = await fetch(`${restateIngressUrl}/restate/invocation/${executionId}/attach`);
    await response.arrayBuffer();
  } catch {
    // The execution was killed.
  }
}

/** Waits until the detail of an execution meets the condition. The polling interval increases. */
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
