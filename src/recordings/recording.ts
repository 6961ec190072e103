import { z } from "zod";
import type { JsonValue } from "../base/json.ts";
import type { ExecutionLimits } from "../domain/execution-limits.ts";
import { defaultExecutionLimits } from "../domain/execution-limits.ts";
import { logLevels } from "../domain/log-line.ts";
import { maxCallsPerExecution } from "../domain/limits.ts";
import type { Failure } from "../domain/outcome.ts";
import { appliedRedaction } from "./redaction-rules.ts";

/**
 * A recording: everything that an execution received, so that its workflow can be run again elsewhere without side effects.
 *
 * An execution depends on its image, its start, its payload, and the results of its calls in the order in which they arrived. A
 * recording contains all of these except the image, which `workflowId` and `version` name. Times are milliseconds since the Unix
 * epoch, because the workflow computes with them.
 *
 * 1. A call is identified by its number: its position in `calls`, in the order in which the workflow made them.
 * 2. `arrivals` are in the order in which the execution received them, and a replay delivers each as soon as the workflow waits
 *    for it. Some arrivals are not results: the execution waited for them alone, so everything before them had arrived by then.
 * 3. The arguments of a call, its body, the place where it was made, and what was delivered when, are not in the journal. They
 *    follow from a replay on the recorded version, so a recording may lack them.
 * 4. A result that is too large, or no longer stored, is marked as omitted.
 * 5. Secrets are not in it: a workflow has placeholders for them, and their values are removed from what it receives.
 */
export const recordingFormat = "duranium-recording/1";

const json = z.unknown().refine((value) => value !== undefined, "is required") as z.ZodType as z.ZodType<
  JsonValue,
  JsonValue
>;
const milliseconds = z.number().meta({ description: "Milliseconds since the Unix epoch" });
const callNumber = z.int().min(0).meta({ description: "The position of a call in `calls`" });

const turn = z.int().min(0);

const omitted = z
  .object({
    omitted: z.enum(["too-large", "purged"]),
    bytes: z.int().exactOptional().meta({ description: "The size of the result" }),
  })
  .meta({ id: "OmittedResult", description: "A result that the recording does not contain" });

const recordedResult = z.union([
  z.object({ value: json }).meta({
    id: "RecordedResult",
    description: "A result as the journal has it, with its body uncompressed",
  }),
  omitted,
]);

export const callSite = z
  .object({
    function: z.string().exactOptional(),
    file: z.string().meta({ examples: ["workflow.ts"] }),
    line: z.int().min(1),
    column: z.int().min(1),
  })
  .meta({ id: "CallSite", description: "A place in a file of the workflow. Line and column count from 1" });

export const recordedBody = z
  .object({
    sha256: z.string(),
    bytes: z.int().min(1),
    text: z.string().exactOptional().meta({ description: "Absent if the body is large or not text" }),
  })
  .meta({ id: "RecordedBody", description: "The body of a request" });

const recordedCall = z
  .object({
    name: z.string().meta({
      description: "The name of its journal entry",
      examples: ["fetch GET https://api.example.com/orders"],
    }),
    operation: z.string().meta({ examples: ["fetch"] }),
    arguments: json.optional().meta({ description: "What the workflow passed to the host" }),
    body: recordedBody.exactOptional(),
    stack: z
      .array(callSite)
      .exactOptional()
      .meta({ description: "Where the workflow made the call, innermost first" }),
    turn: turn
      .exactOptional()
      .meta({ description: "The number of results that had been delivered when the call was made" }),
    result: recordedResult
      .exactOptional()
      .meta({ description: "Absent for a wait, whose result is a signal, and if no result arrived" }),
  })
  .meta({ id: "RecordedCall", description: "A call of the workflow to its host" });

const recordedSignal = z
  .object({ name: z.string().meta({ examples: ["event approved 0", "callback 0"] }), result: recordedResult })
  .meta({ id: "RecordedSignal", description: "An event, or the request to a callback, and when it arrived" });

const reused = z
  .literal(true)
  .exactOptional()
  .meta({ description: "Set if it is from the execution that this one retries or is forked from" });

const arrival = z
  .union([
    z.object({ call: callNumber, reused }).meta({ description: "The result of a call" }),
    z.object({ signal: z.string(), reused }).meta({ description: "A signal of `signals`" }),
    z.object({ slot: callNumber }).meta({ description: "The slot of a host for a fetch" }),
    z
      .object({ clock: milliseconds, after: callNumber.exactOptional() })
      .meta({ description: "A reading of the clock, for the delivery of the call `after`" }),
    z.object({ cancellation: z.literal(true) }),
    z.object({ cancelledAt: milliseconds }).meta({ description: "The time of the cancellation" }),
    z.object({ timer: z.string() }).meta({ description: "The end of a grace period" }),
    z.object({ invocation: callNumber }).meta({ description: "The ID of the execution that a call started" }),
    z
      .object({ barrier: z.enum(["started", "slots"]) })
      .meta({ description: "The execution has started, or has its slots again after a wait" }),
  ])
  .meta({ id: "Arrival", description: "Something that the execution received" });

export const failureSchema: z.ZodType<Failure, Failure> = z
  .object({
    name: z.string(),
    message: z.string(),
    code: z.string().exactOptional(),
    stack: z.string().exactOptional(),
    cause: z.lazy(() => failureSchema).exactOptional(),
    errors: z.array(z.lazy(() => failureSchema)).exactOptional(),
  })
  .meta({ id: "RecordedFailure", description: "Why the execution failed" });

const outcome = z
  .union([
    z.object({ kind: z.literal("completed"), result: json }),
    z.object({ kind: z.literal("failed"), failure: failureSchema }),
    z.object({ kind: z.literal("cancelled") }),
  ])
  .meta({ id: "RecordedOutcome", description: "How the execution ended" });

const limitNames = Object.keys(defaultExecutionLimits) as (keyof ExecutionLimits)[];
const limitShape = Object.fromEntries(limitNames.map((name) => [name, z.number().exactOptional()]));
const limits = z.object(limitShape) as z.ZodType as z.ZodType<Partial<ExecutionLimits>>;

const start = z
  .object({
    executionId: z.string().meta({
      description:
        "The ID that the workflow sees. A retry from the failed step has that of the execution that it retries",
    }),
    seed: z
      .string()
      .regex(/^[0-9a-f]{64}$/, "use 64 hexadecimal digits")
      .meta({ description: "The source of its random numbers" }),
    now: milliseconds.meta({ description: "When it started, or flow control let it run" }),
    callbackUrl: z.string().meta({
      description:
        "The prefix of the URLs of its callbacks. If it has created none, these complete no callback of an execution that is forked from it",
    }),
    entryPoint: z.string().exactOptional(),
    schedule: z
      .object({ id: z.string(), scheduledAt: z.string(), previousAt: z.string().exactOptional() })
      .exactOptional(),
    limits: limits.exactOptional().meta({ description: "The limits that differ from the defaults" }),
  })
  .meta({ id: "RecordedStart", description: "What the workflow knows from its start" });

const logLine = z
  .object({
    number: z.int().min(0),
    level: z.enum(logLevels),
    line: z.array(json),
    turn: turn.exactOptional().meta({
      description: "The number of results that had been delivered when the line was written",
    }),
  })
  .meta({ id: "RecordedLogLine", description: "A console line" });

export const recordingSchema = z
  .object({
    format: z.literal(recordingFormat),
    workflowId: z.string(),
    version: z.int().min(1),
    engineDigest: z.string().exactOptional().meta({ description: "The digest of the engine of the version" }),
    executionId: z.string(),
    recordedAt: milliseconds,
    start,
    payload: json,
    payloadText: z.string().exactOptional().meta({
      description: "The text of the payload, if it is not `JSON.stringify(payload)`: reading it uses fuel",
    }),
    calls: z.array(recordedCall).max(maxCallsPerExecution),
    signals: z.array(recordedSignal).max(maxCallsPerExecution),
    arrivals: z.array(arrival).max(4 * maxCallsPerExecution),
    deliveries: z
      .array(callNumber.nullable())
      .max(4 * maxCallsPerExecution)
      .exactOptional()
      .meta({
        description:
          "The calls whose results were delivered, in order; null for anything else, such as the cancellation. " +
          "Absent together with the arguments of the calls",
      }),
    logs: z.array(logLine),
    outcome: outcome.exactOptional().meta({ description: "Absent while the execution is in progress" }),
    fuelUsed: z.number().exactOptional(),
    redacted: appliedRedaction.exactOptional().meta({ description: "Set if values were redacted" }),
  })
  .meta({
    id: "Recording",
    description:
      "Everything that an execution received: its workflow can be run again on it without side effects",
  });

export type Recording = z.output<typeof recordingSchema>;
export type RecordedCall = Recording["calls"][number];
export type RecordedResult = z.output<typeof recordedResult>;
export type RecordedOutcome = z.output<typeof outcome>;
export type RecordedBody = z.output<typeof recordedBody>;
export type CallSite = z.output<typeof callSite>;
export type Arrival = Recording["arrivals"][number];

/** True if the execution waited for a callback: the recording contains what completes it. */
export function hasCallbacks({ calls }: Pick<Recording, "calls">): boolean {
  return calls.some(({ name }) => name.startsWith("wait for callback "));
}
