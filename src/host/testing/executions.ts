import { defaultExecutionLimits } from "../../domain/execution-limits.ts";
import type { AskingExecution } from "../operations/operation.ts";
import type { SecretSource } from "../secrets/secrets.ts";

/** An execution of the workflow "orders". */
export const orders: AskingExecution = {
  workflowId: "orders",
  version: 1,
  executionId: "inv_1",
  seed: new Uint8Array(32).fill(7),
  limits: defaultExecutionLimits,
};

/** What operations are made with where a test is about something else. */
export const unrestricted = {
  secrets: { find: () => undefined } satisfies SecretSource,
  egressOf: () => undefined,
};
