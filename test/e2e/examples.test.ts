import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runExperiment } from "../../src/experiments/run-experiment.ts";
import { createNodePreview } from "../../src/preview/node-preview.ts";
import { parseRecording } from "../../src/recordings/parse-recording.ts";
import { testEnginesDirectory } from "../support/engine.ts";
import { examplesPage, recordedExamples } from "../support/example-experiments.ts";
import type { ExampleReports, RecordedExample } from "../support/example-experiments.ts";
import { untilEnded } from "../support/executions.ts";
import { sharedInstance } from "../support/instance.ts";
import { isReplayed } from "../support/replayed.ts";
import type { ApiAnswer, Instance } from "../support/instance.ts";
import { startTarget } from "../support/target.ts";
import type { Answer, Target } from "../support/target.ts";

/** Runs the examples like a reader, with real servers and a real Restate. */
describe("the examples", () => {
  let instance: Instance;
  beforeAll(async () => {
    instance = await sharedInstance();
    for (const name of ["order-flow", "fan-out", "reminder", "flaky-import", "order", "weekly-report"])
      await deployExample(instance, name);
  });
  afterAll(async () => await instance[Symbol.asyncDispose]());

  test("order-flow ships an order that is in stock, with one request per call", async () => {
    await using shop = await startShop({ available: 5 });
    const execution = await executeExample(instance, "order-flow?entry-point=order-created", {
      shop: shop.url,
      orderId: "o-1",
      items: [
        { sku: "apple", quantity: 2 },
        { sku: "pear", quantity: 5 },
      ],
    });
    expect(execution.body).toMatchObject({
      status: "completed",
      result: { orderId: "o-1", state: "shipped", payment: "pay-1", tracking: "track-1" },
    });
    expect(shop.seen.map(({ method, path }) => `${method} ${path}`).toSorted()).toEqual([
      "GET /stock/apple",
      "GET /stock/pear",
      "POST /payments",
      "POST /shipments",
    ]);
  });

  test("order-flow puts an order that is not in stock on the back-order list", async () => {
    await using shop = await startShop({ available: 1 });
    const execution = await executeExample(instance, "order-flow?entry-point=order-created", {
      shop: shop.url,
      orderId: "o-2",
      items: [{ sku: "apple", quantity: 2 }],
    });
    expect(execution.body.result).toEqual({ orderId: "o-2", state: "back-ordered" });
    expect(shop.count("POST /payments")).toBe(0);
  });

  test("order-flow branches by entry point, and fails for an unknown one", async () => {
    await using shop = await startShop({ available: 1 });
    const payload = { shop: shop.url, orderId: "o-3", items: [] };
    const refunded = await executeExample(instance, "order-flow?entry-point=order-cancelled", payload);
    expect(refunded.body.result).toEqual({ orderId: "o-3", state: "refunded", refund: "ref-1" });
    const unknown = await executeExample(instance, "order-flow?entry-point=order-eaten", payload);
    expect(unknown.body).toMatchObject({
      status: "failed",
      failure: { name: "Error", message: 'Unknown entry point "order-eaten"' },
    });
    expect(unknown.body.failure.stack).toContain("at run (order-flow.ts:18:");
  });

  test("fan-out fetches everything concurrently, and one failure does not stop the others", async () => {
    await using pages = await startPages(20);
    const urls = Array.from({ length: 20 }, (_, index) => `${pages.url}/page/${index}`);
    const execution = await executeExample(instance, "fan-out", {
      urls: [...urls, `${pages.url}/missing`],
    });
    expect(execution.body.result).toMatchObject({ pages: 20, largest: `${pages.url}/page/19` });
    expect(execution.body.result.failed).toEqual([
      { url: `${pages.url}/missing`, reason: "Error: answered 404" },
    ]);
    expect(pages.seen).toHaveLength(21);
  });

  test("reminder waits between its e-mails, and the clock advances by the wait", async () => {
    await using mailer = await startMailer({ paidAfter: 3 });
    const payload = { mailer: mailer.url, customer: "ann", every: "200ms", reminders: 3 };
    const execution = await executeExample(instance, "reminder", payload);
    expect(execution.body.result).toMatchObject({ paid: true, sent: 3 });
    expect(execution.body.result.waitedMs).toBeGreaterThanOrEqual(600);
    expect(mailer.count("POST /mail")).toBe(3);
  });

  test("flaky-import retries automatically, fails after the last attempt, and can be retried from the start", async () => {
    let isUp = false;
    await using services = await startTarget({
      "GET /records": (_request, response) => {
        response.statusCode = isUp ? 200 : 503;
        return isUp ? [{ id: 1 }, { id: 2 }] : null;
      },
      "POST /records": () => null,
    });
    const url = `${services.url}/records`;
    const failed = await executeExample(instance, "flaky-import", { source: url, target: url });
    expect(failed.body).toMatchObject({ status: "failed", failure: { name: "Error" } });
    expect(failed.body.failure.message).toBe(`GET ${url} answered 503`);
    expect(services.count("GET /records")).toBe(3);
    isUp = true;
    const retried = await instance.request("POST", `/executions/${failed.body.executionId}/retry`, {
      body: { from: "start" },
    });
    expect(retried.status).toBe(202);
    const finished = await untilEnded(instance, retried.body.executionId);
    expect(finished).toMatchObject({ status: "completed", result: { imported: 2 } });
    expect(services.count("POST /records")).toBe(2);
  });

  test.skipIf(isReplayed)(
    "do what the page of experiments says when a call fails or the process crashes",
    async () => {
      await using preview = await createNodePreview({ enginesDir: testEnginesDirectory });
      const reports: ExampleReports[] = [];
      for (const example of recordedExamples) {
        const { recording, target } = await recordExample(instance, example);
        const { file } = example;
        const workflow = await preview.open({ entry: file, files: { [file]: await readExample(file) } });
        const experiment = { workflow, recording };
        const failures = await runExperiment({ ...experiment, kind: "fail-each-call" });
        const crashes = await runExperiment({ ...experiment, kind: "crash-each-step" });
        expect([failures.control.isAsRecorded, crashes.control.isAsRecorded]).toEqual([true, true]);
        reports.push({ example, target, failures, crashes });
      }
      // Written by `vitest -u`.
      await expect(examplesPage(reports)).toMatchFileSnapshot("../../docs/reference/example-experiments.md");
    },
  );
});

/** Executes an example against a target of its own. */
async function recordExample(instance: Instance, { file, entryPoint, payload }: RecordedExample) {
  let mails = 0;
  const routes: Readonly<Record<string, Answer>> = {
    "GET /stock/apple": () => ({ available: 5 }),
    "POST /payments": () => ({ id: "pay-1" }),
    "POST /shipments": () => ({ tracking: "track-1" }),
    "POST /refunds": () => ({ id: "ref-1" }),
    "POST /emails": () => ({}),
    "GET /page/1": () => "short",
    "GET /page/2": () => "a longer page",
    "GET /records": () => [{ id: 1 }, { id: 2 }],
    "POST /imported": () => null,
    "GET /invoices/ann": () => ({ paid: mails > 0 }),
    "POST /mail": () => {
      mails += 1;
      return null;
    },
    "GET /orders": () => [{ total: 7 }],
    "POST /reports": () => null,
  };
  // The path of a payment ends with a random ID.
  const get = (_: unknown, name: string) =>
    routes[name] ?? (name.startsWith("PUT /payments/") ? () => ({}) : undefined);
  await using target = await startTarget(new Proxy<Record<string, Answer>>(routes, { get }));
  const query = entryPoint === undefined ? "" : `?entry-point=${entryPoint}`;
  const { body } = await executeExample(instance, `${file.replace(".ts", "")}${query}`, payload(target.url));
  expect(body.status).toBe("completed");
  const { executionId } = body;
  const recording = await instance.request("GET", `/executions/${executionId}/recording`);
  return { recording: parseRecording(JSON.stringify(recording.body)), target: target.url };
}

async function readExample(file: string): Promise<string> {
  return await readFile(new URL(`../../examples/${file}`, import.meta.url), "utf8");
}

async function deployExample(instance: Instance, name: string): Promise<void> {
  const source = await readExample(`${name}.ts`);
  const deployed = await instance.request("POST", `/workflows/${name}/deploy`, {
    body: { files: { [`${name}.ts`]: source }, entry: `${name}.ts` },
  });
  expect([deployed.status, deployed.body.workflowId]).toEqual([201, name]);
}

/** Executes and waits; `what` is the workflow with its query. */
async function executeExample(instance: Instance, what: string, payload: unknown): Promise<ApiAnswer> {
  const [workflow, query] = what.split("?");
  return await instance.request("POST", `/workflows/${workflow}/execute${query ? `?${query}` : ""}`, {
    body: payload,
    headers: { prefer: "wait=50" },
  });
}

async function startShop({ available }: { available: number }): Promise<Target> {
  return await startTarget({
    "GET /stock/apple": () => ({ available }),
    "GET /stock/pear": () => ({ available }),
    "POST /payments": () => ({ id: "pay-1" }),
    "POST /shipments": () => ({ tracking: "track-1" }),
    "POST /refunds": () => ({ id: "ref-1" }),
    "POST /orders/o-2/backorder": () => null,
  });
}

async function startPages(count: number): Promise<Target> {
  return await startTarget(
    Object.fromEntries(
      Array.from({ length: count }, (_, index) => [`GET /page/${index}`, () => "x".repeat(100 + index)]),
    ),
  );
}

async function startMailer({ paidAfter }: { paidAfter: number }): Promise<Target> {
  let mails = 0;
  return await startTarget({
    "GET /invoices/ann": () => ({ paid: mails >= paidAfter }),
    "POST /mail": () => {
      mails++;
      return null;
    },
  });
}
