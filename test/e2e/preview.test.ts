import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { PreviewRequest, PreviewState } from "../../src/preview/contract/preview.ts";
import { createNodePreview } from "../../src/preview/node-preview.ts";
import type { NodePreview } from "../../src/preview/node-preview.ts";
import { testEnginesDirectory } from "../support/engine.ts";
import { deploy, until, untilEnded } from "../support/executions.ts";
import { sharedInstance } from "../support/instance.ts";
import type { ApiAnswer, Instance } from "../support/instance.ts";
import { readStart } from "../support/introspection.ts";
import { exampleCases, furtherCases } from "../support/preview-cases.ts";
import type { PreviewCase } from "../support/preview-cases.ts";
import { comparable } from "../support/preview-outcome.ts";
import { runInNode } from "../support/preview-runs.ts";
import { startTarget } from "../support/target.ts";

/** A preview is useful only if it behaves like an execution: each case runs as both. */
describe("a preview has the same steps, lines and outcome as an execution:", () => {
  let instance: Instance;
  let preview: NodePreview;
  beforeAll(async () => {
    instance = await sharedInstance();
    preview = await createNodePreview({ enginesDir: testEnginesDirectory, egressAllow: "127.0.0.1:*" });
  });
  afterAll(async () => {
    await preview[Symbol.asyncDispose]();
    await instance[Symbol.asyncDispose]();
  });

  test.concurrent.each([...exampleCases, ...furtherCases].map((each, number) => ({ ...each, number })))(
    "$name",
    async ({ number, ...given }) => {
      const workflowId = `preview-${number}`;
      const executed = await executeReally(instance, workflowId, given);
      const { seed, now, callbackUrl } = await readStart(instance, executed.detail.executionId);
      const state = await runPreview(preview, workflowId, given, { seed, startAt: now, callbackUrl });
      expect(comparable(state, state.logs)).toEqual(comparable(executed.detail, executed.logs));
      const fuelUsed = await fuelOf(instance, executed.detail.executionId);
      if (given.isTimeless === true) expect(state.fuelUsed).toBe(fuelUsed);
      expect(state.fuelUsed / fuelUsed).toBeCloseTo(1, 2);
    },
  );
});

interface Executed {
  readonly detail: ApiAnswer["body"];
  readonly logs: readonly object[];
}

async function executeReally(instance: Instance, workflowId: string, given: PreviewCase): Promise<Executed> {
  await using target = await startTarget(given.routes?.() ?? {});
  for (const [child, { source }] of Object.entries(given.children ?? {}))
    await deploy(instance, child, source);
  const [entry] = Object.keys(given.files);
  const deployed = await instance.request("POST", `/workflows/${workflowId}/deploy`, {
    body: { files: given.files, entry },
  });
  expect(deployed.status).toBe(201);
  const query = given.entryPoint === undefined ? "" : `?entry-point=${given.entryPoint}`;
  const begun = await instance.request("POST", `/workflows/${workflowId}/execute${query}`, {
    body: given.payload(target.url),
  });
  const { executionId } = begun.body as { executionId: string };
  await actUpon(instance, executionId, given);
  const detail = await untilEnded(instance, executionId);
  return { detail, logs: await allLines(instance, executionId) };
}

async function actUpon(instance: Instance, executionId: string, given: PreviewCase): Promise<void> {
  const stepThere = async (name: string) =>
    await until(instance, executionId, ({ steps }) =>
      steps.some((step: { name: string }) => step.name.startsWith(name)),
    );
  for (const [event, payload] of Object.entries(given.events ?? {})) {
    await stepThere(`wait for event ${event}`);
    await instance.request("POST", `/executions/${executionId}/events/${event}`, { body: payload });
  }
  if (given.callback !== undefined) {
    await stepThere("wait for callback");
    await instance.request("POST", await callbackPath(instance, executionId), { body: given.callback });
  }
  if (given.cancelAt !== undefined) {
    await stepThere(given.cancelAt);
    await instance.request("POST", `/executions/${executionId}/cancel`);
  }
}

/** The workflow would send the URL to another system; here the test derives it from the seed. */
async function callbackPath(instance: Instance, executionId: string): Promise<string> {
  const { callbackSecret } = await import("../../src/host/seed/callback-secret.ts");
  const { seed, callbackUrl } = await readStart(instance, executionId);
  return `${new URL(callbackUrl).pathname}${executionId}.0.${callbackSecret(Buffer.from(seed, "hex"), 0)}`;
}

/** Available shortly after the end. */
async function fuelOf(instance: Instance, executionId: string): Promise<number> {
  return (await until(instance, executionId, ({ fuelUsed }) => fuelUsed !== undefined)).fuelUsed;
}

async function allLines(instance: Instance, executionId: string): Promise<readonly object[]> {
  const lines: object[] = [];
  let cursor: string | undefined;
  do {
    const query = cursor === undefined ? "" : `&cursor=${cursor}`;
    const page = await instance.request("GET", `/executions/${executionId}/logs?limit=100${query}`);
    lines.push(...page.body.items);
    cursor = page.body.cursor;
  } while (cursor !== undefined);
  return lines;
}

async function runPreview(
  preview: NodePreview,
  workflowId: string,
  given: PreviewCase,
  begun: Pick<PreviewRequest, "seed" | "startAt" | "callbackUrl">,
): Promise<PreviewState> {
  await using target = await startTarget(given.routes?.() ?? {});
  return await runInNode(preview, given, { workflowId, payload: given.payload(target.url), ...begun });
}
