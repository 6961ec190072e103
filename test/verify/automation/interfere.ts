import { setTimeout as delay } from "node:timers/promises";
import type { ApiAnswer, Instance } from "../../support/instance.ts";
import type { Ask } from "./deploy-workload.ts";
import type { QueuedCase } from "./queue-workload.ts";
import type { Recorder } from "./recorder.ts";

/** While Duranium is down. */
const retryMs = 100;

/** Between two looks at an execution. */
const pollMs = 3_000;

/** The longest time for which an execution is paused. A sweep returns its slot after some seconds. */
const maxPausedMs = 8_000;

/** Asks until there is a response that does not depend on what is down just now. */
export async function askSurely(instance: Instance, ...asked: Parameters<Ask>): Promise<ApiAnswer> {
  for (;;) {
    const answer = await instance.request(...asked).catch(() => undefined);
    if (answer !== undefined && answer.status < 500) return answer;
    await delay(retryMs);
  }
}

interface Interfering {
  readonly instance: Instance;
  readonly recorder: Pick<Recorder, "mend">;
  /** Receives what the API must never answer. */
  readonly report: (wrong: string) => void;
}

/** Does to an execution what is planned for it. */
export async function interfere(
  { instance, recorder, report }: Interfering,
  { name, fate, fateAfterMs, executionId }: QueuedCase & { readonly executionId: string },
): Promise<void> {
  const status = async () => await statusOf(instance, executionId, report);
  if (fate === "runs") return;
  await delay(fateAfterMs);
  if (fate === "cancelled") await askSurely(instance, "POST", `/executions/${executionId}/cancel`);
  if (fate === "killed") await operateInRestate(instance, executionId, "kill");
  if (fate === "purged") await removeFromRestate(instance, executionId);
  if (fate === "paused")
    await pauseFor(instance, executionId, { status, pausedMs: fateAfterMs % maxPausedMs });
  if (fate === "retried") await retry(instance, executionId, { status, mend: () => recorder.mend(name) });
}

/** An operator removes what waits to start. */
export async function purgeQueue(instance: Instance, workflow: string): Promise<void> {
  await askSurely(instance, "POST", `/queues/workflow:${workflow}/purge`, { body: {} });
}

async function operateInRestate(
  { restateAdminUrl }: Instance,
  executionId: string,
  operation: "kill" | "purge",
): Promise<number> {
  const url = `${restateAdminUrl}/invocations/${executionId}/${operation}`;
  for (;;) {
    const response = await fetch(url, { method: "PATCH" }).catch(() => undefined);
    if (response !== undefined && response.status < 500) return response.status;
    await delay(retryMs);
  }
}

/** Restate deletes what has ended, so this repeats until it is gone. */
async function removeFromRestate(instance: Instance, executionId: string): Promise<void> {
  for (;;) {
    if ((await operateInRestate(instance, executionId, "kill")) === 404) return;
    await operateInRestate(instance, executionId, "purge");
    if ((await askSurely(instance, "GET", `/executions/${executionId}`)).status === 404) return;
    await delay(retryMs);
  }
}

/**
 * An execution in the middle of an operation pauses after it, so the pause may take effect when it was to be resumed
 * already. It is resumed until it has ended.
 */
async function pauseFor(
  instance: Instance,
  executionId: string,
  { status, pausedMs }: { readonly status: Status; readonly pausedMs: number },
): Promise<void> {
  await askSurely(instance, "POST", `/executions/${executionId}/pause`);
  await delay(pausedMs);
  for (;;) {
    const current = await status();
    if (isFinal(current)) return;
    if (current === "paused") await askSurely(instance, "POST", `/executions/${executionId}/resume`);
    await delay(pollMs);
  }
}

/** Retries an execution from the step that the target refused, once it has failed. */
async function retry(
  instance: Instance,
  executionId: string,
  { status, mend }: { readonly status: Status; readonly mend: () => void },
): Promise<void> {
  while (!isFinal(await status())) await delay(pollMs);
  mend();
  const body = { executionIds: [executionId], from: "failed-step" };
  await askSurely(instance, "POST", "/executions/retry", { body });
}

type Status = () => Promise<string | undefined>;

/** Undefined if there is none, which must never be. */
async function statusOf(
  instance: Instance,
  executionId: string,
  report: (wrong: string) => void,
): Promise<string | undefined> {
  const { status, body } = await askSurely(instance, "GET", `/executions/${executionId}`);
  if (status !== 200) report(`${executionId} exists, and GET answered ${status}: ${JSON.stringify(body)}`);
  return status === 200 ? body.status : undefined;
}

function isFinal(status: string | undefined): boolean {
  return status !== undefined && ["completed", "failed", "cancelled", "skipped"].includes(status);
}
