import * as restate from "@restatedev/restate-sdk";
import type { JsonValue } from "../../base/json.ts";
import type { Version } from "../../domain/workflow.ts";
import { scheduleObjectName } from "../../journal/object-names.ts";
import type { DeleteScheduleInput, PutScheduleInput } from "../../domain/automation/schedule-inputs.ts";

/**
 * Sends the schedules that a version declares to their objects, and deletes those that only other versions declared.
 *
 * @param known the names that any version of the workflow has declared
 */
export function applyDeclaredSchedules(
  ctx: restate.Context,
  version: Version,
  known: readonly string[],
): void {
  const { workflowId, declarations } = version;
  const declared = declarations?.schedules ?? [];
  for (const { name, definition } of declared) {
    const managedBy = { workflow: workflowId, version: version.version };
    const input: PutScheduleInput = { workflowId, options: definition, managedBy };
    send(ctx, scheduleIdOf(workflowId, name), "put", input);
  }
  const removed = known.filter((name) => declared.every((schedule) => schedule.name !== name));
  deleteSchedules(
    ctx,
    removed.map((name) => scheduleIdOf(workflowId, name)),
  );
}

export function deleteSchedules(ctx: restate.Context, ids: readonly string[]): void {
  const input: DeleteScheduleInput = { managedBy: "code" };
  for (const id of ids) send(ctx, id, "delete", input);
}

function scheduleIdOf(workflowId: string, name: string): string {
  return `${workflowId}.${name}`;
}

function send(ctx: restate.Context, key: string, method: string, input: object): void {
  const parameter = input as JsonValue;
  ctx.genericSend({
    service: scheduleObjectName,
    key,
    method,
    parameter,
    inputSerde: restate.serde.json as restate.Serde<JsonValue>,
  });
}
