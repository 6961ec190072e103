import { assertScope } from "../../domain/permissions.ts";
import { maxRecordedBytes, maxRecordedResultBytes } from "../../recordings/limits.ts";
import { hasCallbacks, recordingSchema } from "../../recordings/recording.ts";
import type { ExecutionService } from "../contract/services.ts";
import { json } from "../http/answer.ts";
import { defineRoute, type Route } from "../http/route.ts";
import { executionParameters } from "./execution-schema.ts";

const mebibyte = 2 ** 20;

export function getRecording(executions: Pick<ExecutionService, "recording">): Route {
  return defineRoute({
    method: "get",
    path: "/executions/:executionId/recording",
    access: "executions:read",
    operationId: "getRecording",
    tag: "Executions",
    summary: "Get the recording of an execution",
    description:
      "Everything that the execution received, so that its workflow can be run again on it without side effects. " +
      `A result above ${maxRecordedResultBytes / mebibyte} MiB, and results above ${maxRecordedBytes / mebibyte} MiB in ` +
      "total, are marked as omitted. The seed in it determines the URLs of callbacks, so if the execution has created some, this " +
      "needs the scope `executions:manage` as well.",
    params: executionParameters,
    answer: json(recordingSchema, "The recording"),
    errors: ["execution-not-found", "execution-not-started", "restate-unavailable"],
    handle: async ({ params }, context) => {
      const recording = await executions.recording(params.executionId);
      // Also after its end: a fork has the seed of the execution, so its callbacks have the same URLs.
      if (hasCallbacks(recording)) assertScope(context.get("apiKey"), "executions:manage");
      return recording;
    },
  });
}
