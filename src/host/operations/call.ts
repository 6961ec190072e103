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
const sendArguments = z.strictObject({
  ...called,
  delayMs: z.number().nonnegative(),
  /** The time at which the execution starts, in milliseconds since the Unix epoch. */
  at: z.number().optional(),
});

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
  // The guest's clock may be behind. A replay has the time of the first attempt in the journal, and ignores this one.
  const delayMs =
    given.at === undefined ? Math.ceil(given.delayMs) : Math.max(0, Math.ceil(given.at - Date.now()));
  return journal
    .send(nameOf("send", given), calleeOf(given), inputOf(given), delayMs)
    .map((executionId) => ({ ok: true, now, value: { executionId } }));
}

/** Journals an error in place of a call with invalid arguments, so that the workflow can catch it. */
function refusalOf(
  journal: Journal,
  verb: string,
  {
    arguments: given,
    now,
  }: OperationRequest<Called & { readonly delayMs?: number; readonly at?: number | undefined }>,
): Pending<DatedOutcome> | undefined {
  const message = faultOf(given, now);
  if (message === undefined) return undefined;
  const error = { name: "TypeError", message: `Cannot ${verb} the workflow: ${message}` };
  return journal
    .run(`${verb} (refused)`, async () => encodeOutcome({ ok: false, now, error }))
    .map(decodeOutcome);
}

function faultOf(
  {
    workflowId,
    entryPoint,
    delayMs = 0,
    at,
  }: Called & { readonly delayMs?: number; readonly at?: number | undefined },
  now: number,
): string | undefined {
  const waitMs = at === undefined ? delayMs : at - now;
  if (waitMs > maxSleepMs) return `the longest delay is ${maxSleepMs} ms (maxSleepMs)`;
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
