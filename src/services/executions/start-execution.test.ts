import { expect, test } from "vitest";
import { parseWorkflowId } from "../../domain/ids.ts";
import type { ExecutionId } from "../../domain/ids.ts";
import type { RestateClient } from "../../restate/client/restate-client.ts";
import { largePayloadBytes } from "./limits.ts";
import { createPayloadThrottle } from "./payload-throttle.ts";
import { startActions } from "./start-execution.ts";

const workflowId = parseWorkflowId("report");
const caller = { id: "key", name: "test" };
const payload = JSON.stringify("x".repeat(largePayloadBytes)) as never;

test("an execution whose caller disconnects while its payload is throttled is not started", async () => {
  const sent: string[] = [];
  const send = async (_target: unknown, input: string) => {
    sent.push(input);
    return { executionId: "inv_1" as ExecutionId, replayed: false };
  };
  const { execute } = startActions({
    restate: { send } as unknown as RestateClient,
    workflows: { get: () => undefined as never },
    settings: { get: async () => ({}) },
    versions: { declaresRejection: async () => false },
    payloadThrottle: createPayloadThrottle({ bytesPerSecond: largePayloadBytes }),
    versionOf: () => undefined,
    onAccepted: () => {},
  });
  await execute({ workflowId, payload, caller });
  const request = new AbortController();
  const second = execute({ workflowId, payload, caller }, request.signal);
  request.abort();
  await expect(second).rejects.toThrow("aborted");
  expect(sent).toHaveLength(1);
});
