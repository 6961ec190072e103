import type { ApiAnswer, Instance } from "./instance.ts";

/** Starts a replay check, and waits for its end. A busy machine takes longer than one request may wait. */
export async function runReplayCheck(
  instance: Instance,
  workflow: string,
  body: unknown,
): Promise<ApiAnswer> {
  const path = `/workflows/${workflow}/replay-checks?wait=30`;
  const started = await instance.request("POST", path, { body });
  return isRunning(started) ? await untilChecked(instance, workflow, started.body.id) : started;
}

/** Waits for the end of a replay check. */
export async function untilChecked(instance: Instance, workflow: string, id: string): Promise<ApiAnswer> {
  for (;;) {
    const answer = await instance.request("GET", `/workflows/${workflow}/replay-checks/${id}?wait=30`);
    if (!isRunning(answer)) return answer;
  }
}

function isRunning({ body }: ApiAnswer): boolean {
  return body.status === "running";
}
