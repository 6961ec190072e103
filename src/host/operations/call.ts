import { z } from "zod";
import type { JsonValue } from "../../base/json.ts";
import { messageOf } from "../../domain/errors.ts";
import { parseEntryPoint, parseWorkflowId } from "../../domain/ids.ts";
import { maxSleepMs } from "../../domain/limits.ts";
import type { Callee, Journal, Pending } from "../journal.ts";
import { decodeOutcome, encodeOutcome } from "./journaled-outcome.ts";
import { defineOperation } from "./operation.ts";
import type { DatedOutcome, Operation, OperationRequest } from "./operation.ts";

const called = {
  workflowId: z.string(),
  entryPoint: z.string().optional(),
  payload: z.custom<JsonValue>((value) => value !== undefined),
};
const callArguments = z.strictObject(called);
const sendArguments = z.strictObject({ ...called, delayMs: z.number().nonnegative() });

/** `ctx.call`. Arguments: `{workflowId, entryPoint?, payload}`. Value: the result. A failure of the callee is an error. */
export const callOperation: Operation = defineOperation({
  name: "call",
  isEffect: false,
  arguments: callArguments,
  start: (journal, request) =>
    refusalOf(journal, "call", request) ??
    journal.call(nameOf("call", request.arguments), calleeOf(request.arguments), inputOf(request.arguments)),
});

/** `ctx.send`. Arguments: those of a call, and `delayMs`. Value: `{executionId}`. */
export const sendOperation: Operation = defineOperation({
  name: "send",
  isEffect: false,
  arguments: sendArguments,
  start: (journal, request) => refusalOf(journal, "send", request) ?? startSend(journal, request),
});

type Called = z.infer<typeof callArguments>;

function startSend(
  journal: Journal,
  { arguments: given, now }: OperationRequest<z.infer<typeof sendArguments>>,
): Pending<DatedOutcome> {
  const delayMs = Math.ceil(given.delayMs);
  return journal
    .send(nameOf("send", given), calleeOf(given), inputOf(given), delayMs)
    .map((executionId) => ({ ok: true, now, value: { executionId } }));
}

/** Journals an error in place of a call with invalid arguments, so that the workflow can catch it. */
function refusalOf(
  journal: Journal,
  verb: string,
  { arguments: given, now }: OperationRequest<Called & { readonly delayMs?: number }>,
): Pending<DatedOutcome> | undefined {
  const message = faultOf(given);
  if (message === undefined) return undefined;
  const error = { name: "TypeError", message: `Cannot ${verb} the workflow: ${message}` };
  return journal
    .run(`${verb} (refused)`, async () => encodeOutcome({ ok: false, now, error }))
    .map(decodeOutcome);
}

function faultOf({
  workflowId,
  entryPoint,
  delayMs = 0,
}: Called & { readonly delayMs?: number }): string | undefined {
  if (delayMs > maxSleepMs) return `the longest delay is ${maxSleepMs} ms (maxSleepMs)`;
  try {
    parseWorkflowId(workflowId);
    if (entryPoint !== undefined) parseEntryPoint(entryPoint);
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}

function nameOf(verb: string, { workflowId, entryPoint }: Called): string {
  return `${verb} ${workflowId}${entryPoint === undefined ? "" : `/${entryPoint}`}`;
}

function calleeOf({ workflowId }: Called): Callee {
  return { object: "Workflow", key: workflowId, handler: "execute" };
}

function inputOf({ entryPoint, payload }: Called): JsonValue {
  return { payload, ...(entryPoint === undefined ? {} : { entryPoint }) };
}
