import { rename } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startExecution, deploy, execute, until, untilEnded } from "../support/executions.ts";
import { startInstance } from "../support/instance.ts";
import type { Instance } from "../support/instance.ts";
import { startOtlpCollector } from "../support/otlp-collector.ts";
import type { CollectedSpan, OtlpCollector } from "../support/otlp-collector.ts";
import { startTarget } from "../support/target.ts";
import type { Target } from "../support/target.ts";

/** The response for one execution. */
describe("the details of an execution", () => {
  let instance: Instance;
  let target: Target;
  let collector: OtlpCollector;
  beforeAll(async () => {
    collector = await startOtlpCollector();
    instance = await startInstance({
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_EXPORTER_OTLP_HEADERS: "authorization=Basic%20YQ%3D%3D",
      OTEL_EXPORTER_OTLP_COMPRESSION: "gzip",
      OTEL_SERVICE_NAME: "shop",
      OTEL_RESOURCE_ATTRIBUTES: "deployment.environment.name=test",
      OTEL_BSP_SCHEDULE_DELAY: "200",
    });
    target = await startTarget({
      "GET /stock": () => ({ stock: "x".repeat(500) }),
      "GET /flaky": (_request, response) =>
        void (response.statusCode = target.count("GET /flaky") % 2 === 1 ? 503 : 200),
      "GET /page": () => "p".repeat(60_000),
      "GET /never": () => new Promise(() => {}),
    });
  });
  afterAll(async () => {
    await target[Symbol.asyncDispose]();
    await instance[Symbol.asyncDispose]();
    await collector[Symbol.asyncDispose]();
  });

  test("an execution and its operations are counted once in the metrics, whatever the number of replays", async () => {
    await deploy(
      instance,
      "counted",
      `export async function run(ctx, url) {
          await fetch(url + "/stock");
          await ctx.sleep(1);
          await ctx.sleep(1);
          await fetch("http://127.0.0.1:1/").catch(() => null);
          throw new Error("at last");
        }`,
    );
    const before = await metricsOf(instance);
    await execute(instance, "counted", target.url);
    const after = await metricsOf(instance);
    const added = (name: string) => (after.get(name) ?? 0) - (before.get(name) ?? 0);
    const operation = (name: string, outcome: string) =>
      added(`duranium_operations_total{operation="${name}",outcome="${outcome}"}`);
    expect(added('duranium_executions_total{outcome="failed"}')).toBe(1);
    expect(added('duranium_executions_total{outcome="completed"}')).toBe(0);
    expect([operation("fetch", "succeeded"), operation("fetch", "failed")]).toEqual([1, 1]);
    expect([operation("sleep", "succeeded"), operation("sleep", "failed")]).toEqual([2, 0]);
    expect(added("duranium_turn_duration_seconds_count")).toBeGreaterThanOrEqual(5);
    expect(added('duranium_instance_acquire_duration_seconds_count{outcome="succeeded"}')).toBeGreaterThan(0);
    expect(
      added('duranium_http_request_duration_seconds_count{operation="executeWorkflow",status="202"}'),
    ).toBe(1);
    expect(after.get("duranium_executions_queued")).toBe(0);
  });

  test("a timer that was not awaited is shown as abandoned, and a sleep has no size", async () => {
    await deploy(
      instance,
      "races",
      "export const run = async (ctx) => void (await Promise.race([ctx.sleep('1h'), ctx.sleep(1)]));",
    );
    const { steps, completedAt } = await execute(instance, "races");
    expect(steps).toMatchObject([{ outcome: "abandoned", endedAt: completedAt }, { outcome: "succeeded" }]);
    expect(steps[1]).not.toHaveProperty("resultBytes");
  });

  test("one trace leads from the caller's span to each effect, once, and to the children", async () => {
    await deploy(instance, "traced-child", "export const run = () => 7;");
    await deploy(
      instance,
      "traced",
      `export async function run(ctx, url) {
          await fetch(url + "/stock?secret=1");
          await ctx.sleep(1);
          return await ctx.call("traced-child");
        }`,
    );
    const [traceId, callerSpan] = ["0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"];
    const { body } = await instance.request("POST", "/workflows/traced/execute", {
      body: target.url,
      headers: { traceparent: `00-${traceId}-${callerSpan}-01` },
    });
    await untilEnded(instance, body.executionId);
    const spans = () => collector.spans.filter((span) => span.traceId === traceId);
    await expect.poll(() => isWhole(spans())).toBe(true);
    const all = spans();
    const named = (name: string) => all.filter((span) => span.name === name);
    const [request, ...others] = named("POST /workflows/:workflowId/execute");
    expect(request?.parentSpanId).toBe(callerSpan);
    expect(others).toEqual([]);
    const attempts = ["traced", "traced-child"].flatMap((id) => named(`attempt Workflow/${id}/execute`));
    expect(new Set(attempts.map(({ parentSpanId }) => parentSpanId))).toEqual(new Set([request?.spanId]));
    const [fetched, ...again] = named(`run (fetch GET ${target.url}/stock?…)`);
    expect(again).toEqual([]);
    expect(attempts.map(({ spanId }) => spanId)).toContain(fetched?.parentSpanId);
    expect(named("run (start)")).toHaveLength(2);
  });

  test("spans follow the HTTP conventions, and fetches have a traceparent if the settings enable it", async () => {
    await deploy(
      instance,
      "propagates",
      `export async function run(ctx, url) {
          await fetch(url + "/stock?token=secret");
          await fetch(url + "/flaky", { retry: { limit: 1, delay: 1 } });
          await fetch(url + "/stock", { headers: { traceparent: "own" } });
          await fetch("http://127.0.0.1:1/").catch(() => null);
        }`,
    );
    const set = async (traceparent: boolean) =>
      await instance.request("PUT", "/workflows/propagates/settings", { body: { traceparent } });
    const executed = async (caller: string) => {
      const { body } = await instance.request("POST", "/workflows/propagates/execute", {
        body: target.url,
        headers: { traceparent: `00-${caller}-b7ad6b7169203331-01` },
      });
      return await untilEnded(instance, body.executionId);
    };
    const seenBefore = target.seen.length;
    await executed("1af7651916cd43dd8448eb211c80319c");
    expect(target.seen.slice(seenBefore).map(({ headers }) => headers["traceparent"])).toEqual([
      undefined,
      undefined,
      undefined,
      "own",
    ]);
    await set(true);
    const traceId = "2af7651916cd43dd8448eb211c80319c";
    const { executionId } = await executed(traceId);
    const sent = target.seen.slice(seenBefore + 4).map(({ headers }) => headers["traceparent"]?.toString());
    const [first, flaky, again, own] = sent;
    expect(sent).toHaveLength(4);
    expect(first).toMatch(new RegExp(`^00-${traceId}-[0-9a-f]{16}-01$`));
    expect([again, own]).toEqual([flaky, "own"]);
    expect(flaky).not.toBe(first);

    const clients = () => collector.spans.filter((span) => span.traceId === traceId && span.kind === 3);
    await expect.poll(() => clients().length).toBe(5);
    const [stock, failed, retried, , refused] = clients();
    const subject = {
      "duranium.workflow.id": "propagates",
      "duranium.workflow.version": 1,
      "duranium.execution.id": executionId,
    };
    const { hostname, port } = new URL(target.url);
    const place = { "server.address": hostname, "server.port": Number(port) };
    expect(stock).toMatchObject({
      name: "GET",
      spanId: first?.split("-")[2],
      statusCode: 0,
      attributes: {
        ...subject,
        ...place,
        "http.request.method": "GET",
        "url.full": `${target.url}/stock?REDACTED`,
        "http.response.status_code": 200,
      },
      resource: { "service.name": "shop", "deployment.environment.name": "test" },
    });
    expect(failed).toMatchObject({
      spanId: flaky?.split("-")[2],
      statusCode: 2,
      attributes: { "http.response.status_code": 503, "error.type": "503" },
    });
    expect(retried).toMatchObject({
      attributes: { "http.request.resend_count": 1, "http.response.status_code": 200 },
    });
    expect(refused).toMatchObject({
      statusCode: 2,
      attributes: { ...subject, "error.type": "fetch-failed" },
    });
    // The collector knows the ways, and no query, body or token.
    expect(JSON.stringify(collector.spans)).not.toContain("secret");

    const of = (name: string) =>
      collector.spans.filter((span) => span.traceId === traceId && span.name === name);
    expect(of("POST /workflows/:workflowId/execute")).toMatchObject([
      {
        kind: 2,
        attributes: {
          "http.request.method": "POST",
          "http.route": "/workflows/:workflowId/execute",
          "url.path": "/workflows/propagates/execute",
          "url.scheme": "http",
          "http.response.status_code": 202,
          "network.protocol.version": "1.1",
          "client.address": "127.0.0.1",
          "duranium.workflow.id": "propagates",
        },
      },
    ]);
    // An attempt that is suspended before it has read its version does not know that.
    await expect.poll(() => of("attempt Workflow/propagates/execute")).not.toEqual([]);
    const attempts = of("attempt Workflow/propagates/execute").map(({ attributes }) => attributes);
    expect(attempts).toContainEqual(expect.objectContaining(subject));
    expect(collector.headers[0]).toMatchObject({ authorization: "Basic YQ==", "content-encoding": "gzip" });
  });

  test("requests are traced, and health checks are not", async () => {
    for (const path of ["/healthz", "/readyz", "/metrics"]) await instance.request("GET", path);
    await instance.request("GET", "/workflows");
    await expect.poll(() => routesSeen(collector)).toContain("/workflows");
    expect(routesSeen(collector).filter((route) => /healthz|readyz|metrics/.test(String(route)))).toEqual([]);
  });

  test("the key that started an execution is shown, and none if it was started through Restate", async () => {
    await deploy(instance, "asked", "export const run = (ctx) => ctx.call('asked-child');");
    await deploy(instance, "asked-child", "export const run = () => 1;");
    const name = "Zoë's läptop ✓";
    const { body: apiKey } = await instance.request("POST", "/api-keys", { body: { name } });
    const { body } = await instance.request("POST", "/workflows/asked/execute", {
      body: null,
      // What a caller sends along is not what the API says.
      headers: { authorization: `Bearer ${apiKey.key}`, "duranium-caller": "root root" },
    });
    const asked = await untilEnded(instance, body.executionId);
    expect(asked.caller).toEqual({ id: apiKey.id, name });
    const child = await untilEnded(instance, asked.children[0].executionId);
    expect(child).not.toHaveProperty("caller");
    const direct = await fetch(`${instance.restateIngressUrl}/Workflow/asked/execute/send`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: "{}",
    });
    const { invocationId } = (await direct.json()) as { invocationId: string };
    expect(await untilEnded(instance, invocationId)).not.toHaveProperty("caller");
  });

  test("the parent, the children and the retried execution are shown", async () => {
    await deploy(
      instance,
      "kid",
      "export const run = (ctx, fails) => { if (fails) throw new Error('no'); };",
    );
    await deploy(
      instance,
      "mother",
      `export async function run(ctx) {
          await ctx.call("kid");
          const { executionId } = await ctx.send("kid", { delay: 5 });
          await ctx.state.set("sent", executionId);
          await ctx.call("kid", { payload: true });
        }`,
    );
    const mother = await execute(instance, "mother");
    expect(mother.status).toBe("failed");
    const parent = { executionId: mother.executionId, workflowId: "mother" };
    expect(mother.children).toHaveLength(3);
    for (const { executionId, workflowId } of mother.children) {
      expect(workflowId).toBe("kid");
      expect((await untilEnded(instance, executionId)).parent).toEqual(parent);
    }
    const calls = mother.steps.filter(({ child }: { child?: unknown }) => child !== undefined);
    expect(calls.map(({ child }: { child: unknown }) => child)).toEqual(mother.children);
    expect(mother).not.toHaveProperty("parent");
    expect(mother).toMatchObject({ retries: [] });

    const path = `/executions/${mother.executionId}`;
    const first = (await instance.request("POST", `${path}/retry`)).body.executionId;
    const second = (await instance.request("POST", `${path}/retry`)).body.executionId;
    expect((await instance.request("GET", path)).body.retries).toEqual([second, first]);
    expect(await untilEnded(instance, second)).toMatchObject({ retryOf: mother.executionId });
  });

  test("each step has its duration, its outcome and the size of its result", async () => {
    await deploy(
      instance,
      "measured",
      `export async function run(ctx, url) {
          await ctx.sleep(500);
          await fetch(url + "/stock");
        }`,
    );
    const { steps, version } = await execute(instance, "measured", target.url);
    expect(version).toBe(1);
    const [sleep, stock] = steps;
    expect(sleep).toMatchObject({ name: "sleep", outcome: "succeeded", wakesAt: expect.any(String) });
    expect(Date.parse(sleep.wakesAt)).toBeGreaterThan(Date.parse(sleep.startedAt));
    expect(Date.parse(sleep.endedAt)).toBeGreaterThan(Date.parse(sleep.startedAt));
    expect(stock).toMatchObject({ operation: "fetch", outcome: "succeeded" });
    // The body has 512 bytes; status and headers are around it.
    expect(stock.resultBytes).toBeGreaterThan(512);
    expect(stock.resultBytes).toBeLessThan(2_000);
  });

  test("results are shown up to a total limit, and each has its size", async () => {
    await deploy(
      instance,
      "reads",
      `export async function run(ctx, url) {
          await Promise.all(Array.from({ length: 80 }, () => fetch(url + "/page")));
          await fetch(url + "/stock");
        }`,
    );
    const { steps } = await execute(instance, "reads", target.url);
    const shown = steps.filter(({ result }: { result?: unknown }) => result !== undefined);
    // 4 MiB of answers of 60,000 bytes, and the small one that came after them.
    expect(shown.length).toBeGreaterThan(60);
    expect(shown.length).toBeLessThan(71);
    expect(shown.at(-1).name).toContain("/stock");
    expect(steps.every(({ resultBytes }: { resultBytes: number }) => resultBytes > 500)).toBe(true);
  });

  test("waitingFor describes what an execution waits for", async () => {
    await deploy(instance, "sleeper", "export const run = (ctx) => ctx.sleep('1h');");
    await deploy(
      instance,
      "waits",
      `export async function run(ctx, url) {
          const cleared = setTimeout(() => {}, 3_600_000);
          await ctx.sleep(1);
          clearTimeout(cleared);
          const waits = [
            ctx.waitForEvent("approved", { timeout: "1h" }),
            ctx.waitForEvent("paid"),
            ctx.createCallback().promise,
            ctx.sleep("2h"),
            ctx.call("sleeper"),
          ];
          if (url !== null) waits.push(fetch(url + "/never"));
          await Promise.all(waits);
        }`,
    );
    const id = await startExecution(instance, "waits");
    const asleep = await until(
      instance,
      id,
      ({ status, steps }) => status === "suspended" && steps.length === 8,
    );
    const [timeout, sleep] = asleep.steps
      .slice(3)
      .flatMap(({ wakesAt }: { wakesAt?: string }) => wakesAt ?? []);
    const waited = [
      `event "approved" until ${timeout}`,
      'event "paid"',
      "callback",
      `sleep until ${sleep}`,
      "call sleeper",
    ];
    expect(asleep.waitingFor).toEqual(waited);
    const busy = await startExecution(instance, "waits", target.url);
    await target.arrived("GET /never");
    const { waitingFor } = (await instance.request("GET", `/executions/${busy}`)).body;
    expect(waitingFor).toContain(`fetch GET ${target.url}/never`);
    for (const each of [id, busy]) await instance.request("POST", `/executions/${each}/cancel`);
    expect(await untilEnded(instance, id)).toMatchObject({ status: "cancelled", waitingFor: [] });
  });

  test("a scheduled execution has its start time", async () => {
    await deploy(instance, "later", "export const run = (ctx) => ctx.send('sleeper', { delay: '1h' });");
    const { executionId } = (await execute(instance, "later")).result;
    const { body } = await instance.request("GET", `/executions/${executionId}`);
    expect(body).toMatchObject({
      status: "scheduled",
      waitingFor: [expect.stringMatching(/^start at 2/)],
    });
  });

  test("a failed attempt has its reason, a hint, and the time of the next attempt", async () => {
    await deploy(instance, "broken", `export const run = () => "well again";`);
    // The process that deployed it would have the image at hand.
    await instance.stop();
    await instance.start();
    const artifacts = join(instance.dataDir, "artifacts");
    await rename(artifacts, `${artifacts}-away`);
    const id = await startExecution(instance, "broken");
    const retrying = await until(instance, id, ({ lastFailure }) => lastFailure?.attempts > 1);
    expect(retrying.lastFailure).toMatchObject({
      code: "artifact-missing",
      message: expect.stringMatching(/^There is no artifact [0-9a-f]{64} at \S+$/),
      hint: expect.stringContaining("resume"),
      nextAttemptAt: expect.any(String),
    });
    expect(retrying.waitingFor).toEqual([`next attempt at ${retrying.lastFailure.nextAttemptAt}`]);
    await instance.request("POST", `/executions/${id}/pause`);
    const paused = await until(instance, id, ({ status }) => status === "paused");
    expect(paused.lastFailure).toMatchObject({ code: "artifact-missing", hint: expect.any(String) });
    expect(paused.lastFailure).not.toHaveProperty("nextAttemptAt");
    expect(paused.waitingFor).toEqual(["resume"]);
    // Restate's own memory of attempts does not outlive it.
    await instance.stop();
    await instance.start({ args: ["--accept-lost-artifacts"] });
    const later = (await instance.request("GET", `/executions/${id}`)).body;
    expect(later.lastFailure).toMatchObject({
      code: "artifact-missing",
      message: paused.lastFailure.message,
    });
    await rename(`${artifacts}-away`, artifacts);
    await instance.request("POST", `/executions/${id}/resume`);
    const ended = await untilEnded(instance, id);
    expect(ended).toMatchObject({ result: "well again" });
    expect(ended).not.toHaveProperty("lastFailure");
  });
});

/** The value of each line. */
async function metricsOf(instance: Instance): Promise<ReadonlyMap<string, number>> {
  const { body } = await instance.request("GET", "/metrics");
  const lines = (body as string).split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return new Map(
    lines.map((line) => {
      const space = line.lastIndexOf(" ");
      return [line.slice(0, space), Number(line.slice(space))];
    }),
  );
}

function routesSeen({ spans }: OtlpCollector): readonly unknown[] {
  return spans.map(({ attributes }) => attributes["http.route"]);
}

/** Whether the spans include the end of the execution and everything before it. */
function isWhole(spans: readonly CollectedSpan[]): boolean {
  const effects = spans.filter(({ name }) => name.startsWith("run ("));
  const ended = spans.some(
    ({ statusCode, name }) => statusCode === 1 && name.endsWith("Workflow/traced/execute"),
  );
  return effects.length >= 4 && ended;
}
