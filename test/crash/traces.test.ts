import { expect, test } from "vitest";
import { deploy, until, untilEnded } from "../support/executions.ts";
import { startInstance } from "../support/instance.ts";
import { startOtlpCollector } from "../support/otlp-collector.ts";
import { startTarget } from "../support/target.ts";

const traceId = "3af7651916cd43dd8448eb211c80319c";

test("after kill -9 before and after a fetch is journaled, the timeline has the request, and its spans have the IDs that were sent", async () => {
  const held = Promise.withResolvers<void>();
  await using target = await startTarget({
    "POST /first": () => "first",
    "POST /held": async () => {
      await held.promise;
      return "held";
    },
  });
  await using collector = await startOtlpCollector();
  await using instance = await startInstance({
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_BSP_SCHEDULE_DELAY: "50",
  });
  await deploy(
    instance,
    "traced",
    `export async function run(ctx, url) {
      const post = (path) => fetch(url + path, { method: "POST", headers: { "x-step": path }, body: path });
      await post("/first?token=1");
      await post("/held?token=2");
      await ctx.waitForEvent("go");
    }`,
  );
  await instance.request("PUT", "/workflows/traced/settings", { body: { traceparent: true } });
  const { body } = await instance.request("POST", "/workflows/traced/execute", {
    body: target.url,
    headers: { traceparent: `00-${traceId}-b7ad6b7169203331-01` },
  });
  const { executionId } = body as { executionId: string };
  const clientSpans = () => collector.spans.filter((span) => span.traceId === traceId && span.kind === 3);

  // The first fetch is journaled, the second one is under way.
  await target.arrived("POST /held");
  await expect.poll(() => clientSpans().length).toBe(1);
  await instance.kill();
  await instance.start();
  await target.arrived("POST /held", 2);
  held.resolve();
  await until(instance, executionId, ({ waitingFor }) => waitingFor.length > 0);
  await expect.poll(() => clientSpans().length).toBe(2);

  // Both are journaled.
  await instance.kill();
  await instance.start();
  await instance.request("POST", `/executions/${executionId}/events/go`, { body: null });
  const { status, steps } = await untilEnded(instance, executionId);
  expect(status).toBe("completed");
  const sent = target.seen.map(
    ({ path, headers }) => [path, String(headers["traceparent"]).split("-")] as const,
  );
  const [first, second, again] = sent.map(([, [, trace, span]]) => ({ traceId: trace, spanId: span }));
  expect(sent.map(([path]) => path)).toEqual(["/first?token=1", "/held?token=2", "/held?token=2"]);
  expect(again).toEqual(second);
  expect(clientSpans()).toMatchObject([
    {
      ...first,
      attributes: { "url.full": `${target.url}/first?REDACTED`, "http.response.status_code": 200 },
    },
    {
      ...second,
      attributes: { "url.full": `${target.url}/held?REDACTED`, "http.response.status_code": 200 },
    },
  ]);
  for (const [step, path] of [
    [steps[0], "/first?token=1"],
    [steps[1], "/held?token=2"],
  ])
    expect(step).toMatchObject({
      outcome: "succeeded",
      request: {
        method: "POST",
        url: `${target.url}${path}`,
        headers: expect.arrayContaining([["x-step", path]]) as unknown,
        body: path,
      },
    });
});
