import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startExecution, deploy, execute, until, untilEnded } from "../support/executions.ts";
import { startInstance } from "../support/instance.ts";
import type { Instance } from "../support/instance.ts";
import { startTarget } from "../support/target.ts";

describe("the API of a running instance", () => {
  let instance: Instance;
  beforeAll(async () => {
    instance = await startInstance({ DURANIUM_MAX_TURN_FUEL: "1e9" });
  });
  afterAll(async () => await instance[Symbol.asyncDispose]());

  test("stores a small workflow as a small image, and recognizes an unchanged source by its digest", async () => {
    const first = await deploy(instance, "small", returning("small"));
    expect(first).toMatchObject({ workflowId: "small", version: 1, unchanged: false, deployedBy: "root" });
    expect(first.sizes.imageBytes).toBeLessThan(200 * 1024);
    const second = await deploy(instance, "small", returning("small"));
    expect(second).toMatchObject({
      version: 2,
      unchanged: true,
      digest: first.digest,
      imageDigest: first.imageDigest,
    });
  });

  test("rolls back and forward between versions", async () => {
    for (const value of ["one", "two"]) await deploy(instance, "rolled", returning(value));
    const activate = async (version: number) =>
      await instance.request("POST", "/workflows/rolled/activate", { body: { version } });
    expect((await execute(instance, "rolled")).result).toBe("two");
    expect((await activate(1)).body).toMatchObject({ version: 1, current: true });
    expect((await execute(instance, "rolled")).result).toBe("one");
    expect((await instance.request("GET", "/workflows/rolled")).body).toMatchObject({ currentVersion: 1 });
    await activate(2);
    expect((await execute(instance, "rolled")).result).toBe("two");
    expect((await activate(3)).body).toMatchObject({ status: 404, code: "version-not-found" });
  });

  test("lists versions newest first, page by page, and returns the source of a version", async () => {
    for (const value of ["a", "b", "c"]) await deploy(instance, "listed", returning(value));
    const first = await instance.request("GET", "/workflows/listed/versions?limit=2");
    expect(first.body.items.map(({ version }: { version: number }) => version)).toEqual([3, 2]);
    const rest = await instance.request(
      "GET",
      `/workflows/listed/versions?limit=2&cursor=${first.body.cursor}`,
    );
    expect(rest.body.items).toMatchObject([{ version: 1, current: false }]);
    expect(rest.body).not.toHaveProperty("cursor");
    const { body } = await instance.request("GET", "/workflows/listed/versions/2");
    expect(body.source).toEqual({ entry: "workflow.ts", files: { "workflow.ts": returning("b") } });
  });

  test("lists the latest executions of each workflow, newest first", async () => {
    for (const workflow of ["recent-a", "recent-b", "recent-c"])
      await deploy(
        instance,
        workflow,
        "export const run = (ctx, fails) => { if (fails) throw new Error(); };",
      );
    const ended: Record<string, string[]> = { "recent-a": [], "recent-b": [] };
    for (const fails of [false, false, true])
      for (const [workflow, ids] of Object.entries(ended))
        ids.unshift((await execute(instance, workflow, fails)).executionId);
    const { body } = await instance.request("GET", "/workflows?recent=2&limit=200");
    const told = new Map<string, { executionId: string; status: string; createdAt: string }[]>(
      body.items.map(({ workflowId, recent }: { workflowId: string; recent: object }) => [
        workflowId,
        recent,
      ]),
    );
    for (const [workflow, [last, previous]] of Object.entries(ended)) {
      expect(told.get(workflow)).toMatchObject([
        { executionId: last, status: "failed" },
        { executionId: previous, status: "completed" },
      ]);
    }
    expect(told.get("recent-c")).toEqual([]);
    expect((await instance.request("GET", "/workflows")).body.items[0]).not.toHaveProperty("recent");
  });

  test("responds to a repeated idempotency key with the same execution", async () => {
    await deploy(instance, "once", returning("once"));
    const ask = async (key: string, body: unknown = { n: 1 }) =>
      await instance.request("POST", "/workflows/once/execute", {
        body,
        headers: { "idempotency-key": key },
      });
    const [first, again, other] = [await ask("k-1"), await ask("k-1"), await ask("k-2")];
    expect(again.body.executionId).toBe(first.body.executionId);
    expect(again.headers.get("idempotency-replayed")).toBe("true");
    expect(other.body.executionId).not.toBe(first.body.executionId);
    expect((await ask("k-1", { n: 2 })).body).toMatchObject({ status: 422, code: "idempotency-conflict" });
  });

  test("waits for a result as long as the caller prefers, and no longer", async () => {
    await deploy(
      instance,
      "waits",
      "export async function run(ctx, ms) { await ctx.sleep(ms); return 'slept'; }",
    );
    const ask = async (sleepMs: number, waitSeconds: number) =>
      await instance.request("POST", "/workflows/waits/execute", {
        body: sleepMs,
        headers: { prefer: `wait=${waitSeconds}` },
      });
    const quick = await ask(10, 30);
    expect(quick).toMatchObject({ status: 200, body: { status: "completed", result: "slept" } });
    const slow = await ask(60_000, 1);
    expect(slow.status).toBe(202);
    expect(slow.headers.get("location")).toBe(`/executions/${slow.body.executionId}`);
    await instance.request("POST", `/executions/${slow.body.executionId}/cancel`);
    expect(await untilEnded(instance, slow.body.executionId)).toMatchObject({ status: "cancelled" });
    const again = await instance.request("POST", `/executions/${slow.body.executionId}/cancel`);
    expect(again.body).toMatchObject({ status: 409, code: "execution-ended" });
  });

  test("returns the same result to a waiting caller and to a later request", async () => {
    await deploy(
      instance,
      "told",
      `export async function run(ctx, how) {
        if (how === "throw") throw new TypeError("thrown");
        if (how === "nothing") return;
        return { how, at: ctx.entryPoint };
      }`,
    );
    const ask = async (how: string, key?: string) =>
      await instance.request("POST", "/workflows/told/execute?entry-point=here", {
        body: how,
        headers: { prefer: "wait=30", ...(key === undefined ? {} : { "idempotency-key": key }) },
      });
    const answers = [
      await ask("return", "told-1"),
      await ask("return", "told-1"),
      await ask("throw"),
      await ask("nothing"),
    ];
    expect(answers.map(({ body }) => body.status)).toEqual(["completed", "completed", "failed", "completed"]);
    for (const { status, body } of answers) {
      expect(status).toBe(200);
      const later = (await instance.request("GET", `/executions/${body.executionId}`)).body;
      const { createdAt: _c, modifiedAt: _m, completedAt: _e, ...told } = body;
      expect(later).toMatchObject(told);
      expect(Object.keys(told)).toEqual(expect.arrayContaining(["version", "entryPoint", "workflowId"]));
      expect("failure" in told).toBe("failure" in later);
    }
  });

  test("lists executions by workflow and status, page by page", async () => {
    await deploy(
      instance,
      "mixed",
      "export async function run(_ctx, ok) { if (!ok) throw new Error('no'); }",
    );
    for (const ok of [true, false, true]) await execute(instance, "mixed", ok);
    const list = async (query: string) =>
      (await instance.request("GET", `/executions?workflow=mixed${query}`)).body;
    expect((await list("")).items).toHaveLength(3);
    expect((await list("&status=failed")).items).toMatchObject([{ status: "failed", version: 1 }]);
    const first = await list("&limit=2");
    await execute(instance, "mixed", true);
    const second = await list(`&limit=2&cursor=${first.cursor}`);
    expect(second.items).toHaveLength(1);
    const ids = [...first.items, ...second.items].map(({ executionId }) => executionId);
    expect(new Set(ids).size).toBe(3);
  });

  test("shows a waiting execution with the step that it waits for", async () => {
    await deploy(instance, "waiting", "export async function run(ctx) { await ctx.sleep('1h'); }");
    const id = await startExecution(instance, "waiting", { a: 1 });
    const detail = await until(instance, id, ({ steps }) => steps.length > 0);
    expect(detail).toMatchObject({
      input: { a: 1 },
      attempts: 1,
      steps: [{ name: "sleep", outcome: "pending" }],
    });
    await until(instance, id, ({ status }) => status === "suspended");
    const early = await instance.request("POST", `/executions/${id}/retry`, { body: { from: "start" } });
    expect(early.body).toMatchObject({ status: 409, code: "execution-not-ended" });
    await instance.request("POST", `/executions/${id}/cancel`);
  });

  test("deletes a workflow, lets its executions complete, and continues its version numbers after a new deploy", async () => {
    await deploy(
      instance,
      "removed",
      "export async function run(ctx) { await ctx.waitForEvent('go'); return 'finished'; }",
    );
    const id = await startExecution(instance, "removed");
    await until(instance, id, ({ steps }) => steps.length > 0);
    expect((await instance.request("DELETE", "/workflows/removed")).status).toBe(204);
    for (const path of ["", "/versions", "/versions/1"]) {
      const gone = await instance.request("GET", `/workflows/removed${path}`);
      expect(gone.body).toMatchObject({ status: 404, code: "workflow-not-found" });
    }
    const refused = await instance.request("POST", "/workflows/removed/execute");
    expect(refused.body).toMatchObject({ status: 404, code: "workflow-not-found" });
    expect((await instance.request("POST", `/executions/${id}/events/go`, { body: null })).status).toBe(202);
    expect(await untilEnded(instance, id)).toMatchObject({ status: "completed", result: "finished" });
    expect(await deploy(instance, "removed", returning("back"))).toMatchObject({ version: 2 });
  });

  test("rejects a key as soon as it is revoked", async () => {
    const made = (await instance.request("POST", "/api-keys", { body: { name: "ci" } })).body;
    const ask = async () =>
      (await fetch(`${instance.url}/workflows`, { headers: { authorization: `Bearer ${made.key}` } })).status;
    expect(await ask()).toBe(200);
    expect((await instance.request("GET", "/api-keys")).body.items).toEqual(
      expect.arrayContaining([expect.objectContaining({ name: "ci", prefix: made.key.slice(0, 12) })]),
    );
    expect((await instance.request("DELETE", `/api-keys/${made.id}`)).status).toBe(204);
    expect(await ask()).toBe(401);
  });

  test("rejects requests without a key, except health checks", async () => {
    expect((await fetch(`${instance.url}/executions`)).status).toBe(401);
    for (const path of ["/healthz", "/readyz", "/openapi.json"]) {
      expect((await fetch(`${instance.url}${path}`)).status).toBe(200);
    }
  });

  test.each([
    ["a syntax error", "export async function run() {\n  return 1 +;\n}", "compile-failed", 2],
    [
      "a type where a value must be",
      "export async function run() {\n  const a: = 1;\n}",
      "compile-failed",
      2,
    ],
    [
      "a missing npm package",
      'import _ from "lodash";\nexport async function run() { return _; }',
      "compile-failed",
      1,
    ],
    [
      "a Node built-in that Node does not have",
      'import nothing from "node:nothing";\nexport async function run() { return nothing; }',
      "compile-failed",
      1,
    ],
    [
      "a file of the machine",
      'import x from "/etc/passwd";\nexport async function run() { return x; }',
      "compile-failed",
      1,
    ],
    [
      "a top-level await",
      "const x = await 1;\nexport async function run() { return x; }",
      "compile-failed",
      1,
    ],
    ["no run", "export async function main() {}", "missing-run", undefined],
    [
      "a top level that throws",
      "const a = 1;\nthrow new Error('at load');\nexport async function run() {}",
      "evaluation-failed",
      2,
    ],
    [
      "a top level that hangs",
      "for (;;) {}\nexport async function run() {}",
      "evaluation-out-of-fuel",
      undefined,
    ],
    [
      "a top level that eats memory",
      "const a = []; for (;;) a.push(new Uint8Array(1 << 20));\nexport async function run() {}",
      "evaluation-out-of-memory",
      undefined,
    ],
  ])(
    "rejects a deploy with %s and its position, and keeps the current version",
    async (_what, source, code, line) => {
      await deploy(instance, "kept", returning("kept"));
      const before = (await instance.request("GET", "/workflows/kept")).body;
      const { status, body } = await instance.request("POST", "/workflows/kept/deploy", { body: { source } });
      expect([status, body.code]).toEqual([422, code]);
      if (line !== undefined) expect(body.diagnostics[0]).toMatchObject({ file: "workflow.ts", line });
      expect((await instance.request("GET", "/workflows/kept")).body).toEqual(before);
      expect((await execute(instance, "kept")).result).toBe("kept");
    },
  );

  test("fails a workflow that exhausts its memory without affecting others", async () => {
    await deploy(
      instance,
      "bomb",
      "export async function run() { const a = []; for (;;) a.push(new Uint8Array(1 << 20)); }",
    );
    await deploy(instance, "calm", returning("calm"));
    const bomb = await startExecution(instance, "bomb");
    expect((await execute(instance, "calm")).result).toBe("calm");
    const { status, failure } = await untilEnded(instance, bomb);
    expect([status, failure.code]).toEqual(["failed", "out-of-memory"]);
    expect(failure.message).toBe("The workflow exceeded its memory limit of 64 MiB (memoryMib)");
    expect((await execute(instance, "calm")).result).toBe("calm");
  });

  test("rejects executions while too many are queued, and completes the accepted ones", async () => {
    const held = Promise.withResolvers<string>();
    await using target = await startTarget({ "GET /held": () => held.promise });
    await instance.stop();
    await instance.start({
      environment: {
        DURANIUM_MAX_QUEUED_EXECUTIONS: "1",
        RESTATE_WORKER__INVOKER__CONCURRENT_INVOCATIONS_LIMIT: "1",
      },
    });
    await deploy(
      instance,
      "holding",
      "export async function run(_ctx, url) { return url && (await (await fetch(url)).json()); }",
    );
    const running = await startExecution(instance, "holding", `${target.url}/held`);
    await target.arrived("GET /held");
    const waiting = await startExecution(instance, "holding");
    const refused = await instance.request("POST", "/workflows/holding/execute", { body: null });
    expect(refused).toMatchObject({ status: 503, body: { code: "overloaded" } });
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    held.resolve("let go");
    expect(await untilEnded(instance, running)).toMatchObject({ status: "completed", result: "let go" });
    expect(await untilEnded(instance, waiting)).toMatchObject({ status: "completed", result: null });
    expect((await execute(instance, "holding")).status).toBe("completed");
  });
});

function returning(value: string): string {
  return `export async function run() { return "${value}"; }`;
}
