import { listAll } from "./caller.ts";
import type { Caller } from "./caller.ts";
import { scheduleId } from "./population.ts";

/** What the API says of an installation, by path, without what changes by reading it or by the passing of time. */
export type Snapshot = ReadonlyMap<string, string>;

/**
 * @param executions executions that have ended, whose lines and recordings are included
 */
export async function snapshotOf(
  caller: Caller,
  workflows: readonly string[],
  executions: readonly string[],
): Promise<Snapshot> {
  const found = new Map<string, string>();
  const add = (path: string, value: unknown) => void found.set(path, JSON.stringify(value, withoutUse));
  for (const path of ["/drafts", "/api-keys"]) add(path, await listAll(caller, path));
  for (const path of ["/limits", "/alerts/rules"]) add(path, await caller.ask("GET", path));
  const { id, definition, spec, workflowId } = await caller.ask("GET", `/schedules/${scheduleId}`);
  add("/schedules", { id, definition, spec, workflowId });
  for (const workflow of workflows) {
    add(workflow, await caller.ask("GET", `/workflows/${workflow}`));
    add(`${workflow} versions`, await listAll(caller, `/workflows/${workflow}/versions`));
    for (const path of ["settings", "secrets", "webhooks"])
      add(`${workflow} ${path}`, await caller.ask("GET", `/workflows/${workflow}/${path}`));
  }
  for (const execution of executions)
    for (const path of ["", "/logs", "/recording"])
      add(`${execution}${path}`, await caller.ask("GET", `/executions/${execution}${path}`));
  return found;
}

function withoutUse(key: string, value: unknown): unknown {
  return ["lastUsedAt", "recordedAt"].includes(key) ? undefined : value;
}

/** The paths whose answers differ. */
export function differencesOf(before: Snapshot, after: Snapshot): readonly string[] {
  return [...new Set([...before.keys(), ...after.keys()])].filter(
    (path) => before.get(path) !== after.get(path),
  );
}
