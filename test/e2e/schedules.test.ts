import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { deploy, untilEnded } from "../support/executions.ts";
import { createInstance } from "../support/instance.ts";
import type { ApiAnswer, Instance } from "../support/instance.ts";
import { startTarget } from "../support/target.ts";
import type { Target } from "../support/target.ts";

/**
 * Schedules over the API, with a real Restate server. The clock of the process is shifted by a file; Restate's is not, and
 * finds a schedule that is late by the process's clock with the sweep.
 */
describe("a schedule", () => {
  let instance: Instance;
  let target: Target;
  let folder: string;
  let offsetMs = 0;
  /** Each releases the request of a run that waits, the oldest first. */
  const waiting: (() => void)[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "duranium-clock-"));
    await writeFile(join(folder, "offset"), "0");
    target = await startTarget({
      "POST /run": () => null,
      "POST /wait": async () => await new Promise<void>((resolve) => waiting.push(resolve)),
      "POST /fail": (_request, response) => void (response.statusCode = 500),
    });
    instance = await createInstance({
      DURANIUM_SCHEDULE_SWEEP_MS: "300",
      DURANIUM_RETENTION_DAYS: "3650",
      SHIFTED_CLOCK: join(folder, "offset"),
    });
    await instance.start({
      execArgv: ["--import", fileURLToPath(new URL("../support/shifted-clock.mjs", import.meta.url))],
    });
    await deploy(instance, "report", reportSource(target.url));
  });
  afterAll(async () => {
    for (const release of waiting) release();
    await instance[Symbol.asyncDispose]();
    await target[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });

  /** Sets the clock of the process, which goes on from there. */
  async function setClock(time: string): Promise<void> {
    offsetMs = Date.parse(time) - Date.now();
    await writeFile(join(folder, "offset"), String(offsetMs));
    process.kill(instance.pid ?? 0, "SIGUSR2");
    await delay(50);
  }

  async function releaseRun(): Promise<void> {
    while (waiting.length === 0) await delay(10);
    waiting.shift()?.();
  }

  const now = () => Date.now() + offsetMs;

  async function put(id: string, definition: object): Promise<ApiAnswer["body"]> {
    const body = { workflowId: "report", payload: id, ...definition };
    const answer = await instance.request("PUT", `/schedules/${id}`, { body });
    if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
    return answer.body;
  }

  async function post(id: string, verb: string, body: object = {}): Promise<ApiAnswer["body"]> {
    const answer = await instance.request(
      "POST",
      `/schedules/${id}/${verb}`,
      verb === "trigger" ? {} : { body },
    );
    if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
    return answer.body;
  }

  async function until(
    id: string,
    isWanted: (schedule: ApiAnswer["body"]) => boolean,
  ): Promise<ApiAnswer["body"]> {
    for (;;) {
      const { body } = await instance.request("GET", `/schedules/${id}`);
      if (isWanted(body)) return body;
      await delay(50);
    }
  }

  /** The instants at which the target was called by runs of a schedule, in the order of the calls. */
  const calls = (id: string): string[] =>
    target.seen
      .map(({ body }) => JSON.parse(body) as { id: string; schedule?: { scheduledAt: string } })
      .filter((call) => call.id === id)
      .map(({ schedule }) => schedule?.scheduledAt ?? "none");

  test.each([
    [
      "Europe/Berlin",
      "30 2 * * *",
      "2027-03-28T00:59:57Z",
      "2027-03-28T01:00:00.000Z",
      "2027-03-29T00:30:00.000Z",
      "02:30 does not exist on 28 March 2027: runs at 03:00",
    ],
    [
      "Europe/Berlin",
      "30 2 * * *",
      "2027-10-31T00:29:57Z",
      "2027-10-31T00:30:00.000Z",
      "2027-11-01T01:30:00.000Z",
      "02:30 occurs twice on 31 October 2027: runs the first time",
    ],
    [
      "America/New_York",
      "15 2 * * *",
      "2028-03-12T06:59:57Z",
      "2028-03-12T07:00:00.000Z",
      "2028-03-13T06:15:00.000Z",
      "02:15 does not exist on 12 March 2028: runs at 03:00",
    ],
    [
      "America/New_York",
      "15 1 * * *",
      "2028-11-05T05:14:57Z",
      "2028-11-05T05:15:00.000Z",
      "2028-11-06T06:15:00.000Z",
      "01:15 occurs twice on 5 November 2028: runs the first time",
    ],
    [
      "Australia/Lord_Howe",
      "45 1 * * *",
      "2029-03-31T14:44:57Z",
      "2029-03-31T14:45:00.000Z",
      "2029-04-01T15:15:00.000Z",
      "01:45 occurs twice on 1 April 2029: runs the first time",
    ],
    [
      "Australia/Lord_Howe",
      "15 2 * * *",
      "2029-10-06T15:29:57Z",
      "2029-10-06T15:30:00.000Z",
      "2029-10-07T15:15:00.000Z",
      "02:15 does not exist on 7 October 2029: runs at 02:30",
    ],
  ])(
    "in %s with %s runs once across the clock change after %s",
    async (timeZone, pattern, clock, expected, following, note) => {
      await setClock(clock);
      const id = `dst-${clock.slice(0, 10)}`;
      const created = await put(id, { spec: { cron: [pattern], timeZone } });
      expect(created.info.next.slice(0, 2)).toEqual([{ at: expected, note }, { at: following }]);
      await until(id, ({ info }) => info.started === 1 && info.recent[0].status === "completed");
      // Past the second pass of a repeated hour, and past the time that was skipped.
      await setClock(new Date(Date.parse(expected) + 3 * 3_600_000).toISOString());
      const after = await post(id, "pause");
      expect(after.info).toMatchObject({ started: 1, skipped: 0, missed: 0 });
      expect(calls(id)).toEqual([expected]);
    },
  );

  test("is armed again after its pending tick was killed in Restate", async () => {
    await put("killed", { spec: { every: "PT1S" }, overlap: "allow" });
    await until("killed", ({ info }) => info.started >= 1);
    const [tick] = await query(
      instance,
      "SELECT id FROM sys_invocation WHERE target = 'Schedule/killed/tick' AND status = 'scheduled'",
    );
    await fetch(`${instance.restateAdminUrl}/invocations/${String(tick?.["id"])}/kill`, { method: "PATCH" });
    const { info } = await instance.request("GET", "/schedules/killed").then(({ body }) => body);
    const later = await until("killed", (schedule) => schedule.info.started >= info.started + 3);
    await post("killed", "pause");
    expect(later.info.missed).toBe(0);
    const instants = calls("killed");
    expect(new Set(instants).size).toBe(instants.length);
    expect(areConsecutive(instants, 1_000)).toBe(true);
  });

  test("keeps every instant once while its definition changes over and over", async () => {
    await put("changed", { spec: { every: "PT1S" }, overlap: "allow" });
    for (let change = 0; change < 12; change += 1) {
      await put("changed", { spec: { every: "PT1S" }, overlap: "allow", note: `change ${change}` });
      await delay(170);
    }
    const { info } = await post("changed", "pause");
    await until("changed", (schedule) =>
      schedule.info.recent.every((run: { status?: string }) => run.status === "completed"),
    );
    const instants = calls("changed");
    expect(instants).toHaveLength(info.started);
    expect(areConsecutive(instants, 1_000)).toBe(true);
  });

  test("skips an instant while a run is in progress", async () => {
    await put("skips", { spec: { every: "PT1S" }, entryPoint: "wait" });
    await until("skips", ({ info }) => info.skipped >= 2);
    const paused = await post("skips", "pause");
    expect(paused.info).toMatchObject({ started: 1, buffered: 0, running: [expect.any(String) as string] });
    await releaseRun();
  });

  test("with buffer-one runs one instant after the end of the running one", async () => {
    await put("buffers", { spec: { every: "PT1S" }, entryPoint: "wait", overlap: "buffer-one" });
    const { info } = await until("buffers", (schedule) => schedule.info.skipped >= 1);
    expect(info).toMatchObject({ started: 1, buffered: 1 });
    await post("buffers", "pause");
    await post("buffers", "resume");
    await releaseRun();
    await until("buffers", (schedule) => schedule.info.started >= 2);
    await post("buffers", "pause");
    await releaseRun();
    const [first = "", second = ""] = calls("buffers");
    expect(Date.parse(second) - Date.parse(first)).toBe(1_000);
  });

  test("with buffer-all runs each instant, one after the end of the other, in order", async () => {
    const endAt = new Date(now() + 3_500).toISOString();
    await put("queues", { spec: { every: "PT1S", endAt }, entryPoint: "wait", overlap: "buffer-all" });
    const { info } = await until("queues", (schedule) => schedule.info.next.length === 0);
    expect(info).toMatchObject({ started: 1, skipped: 0, missed: 0 });
    expect(info.buffered).toBeGreaterThanOrEqual(2);
    while (calls("queues").length === 0) await delay(10);
    for (let ran = 1; ran <= info.buffered; ran += 1) {
      expect(calls("queues")).toHaveLength(ran);
      await releaseRun();
      const after = await until("queues", (schedule) => schedule.info.started === ran + 1);
      expect(after.info.buffered).toBe(info.buffered - ran);
      while (calls("queues").length === ran) await delay(10);
    }
    await releaseRun();
    expect(areConsecutive(calls("queues"), 1_000)).toBe(true);
    expect(calls("queues")).toEqual(calls("queues").toSorted());
  });

  test("with cancel-running cancels the running execution, and runs after its end", async () => {
    await put("cancels", { spec: { every: "PT2S" }, entryPoint: "sleep", overlap: "cancel-running" });
    const { info } = await until("cancels", (schedule) => schedule.info.started === 1);
    await until("cancels", (schedule) => schedule.info.started >= 2);
    await post("cancels", "pause");
    expect((await untilEnded(instance, info.recent[0].executionId)).status).toBe("cancelled");
  });

  test("catches up on instants within the window after an outage, and counts those before as missed", async () => {
    await put("outage", { spec: { every: "PT10M" }, overlap: "allow", catchUp: "PT35M" });
    const start = now();
    await setClock(new Date(start + 2 * 3_600_000).toISOString());
    const { info } = await until("outage", (schedule) => schedule.info.started > 0);
    await post("outage", "pause");
    expect(info.started).toBeGreaterThanOrEqual(3);
    expect(info.started).toBeLessThanOrEqual(4);
    expect(info.started + info.missed).toBe(12);
  });

  test("ends after its last instant, and after its remaining runs", async () => {
    const at = new Date(now() + 1_000).toISOString();
    await put("once", { spec: { at: [at] } });
    await put("thrice", { spec: { every: "PT1S" }, overlap: "allow", remaining: 3 });
    const once = await until("once", ({ info }) => info.started === 1);
    expect(once.info.next).toEqual([]);
    const thrice = await until("thrice", ({ info }) => info.started === 3);
    expect(thrice).toMatchObject({ remaining: 0, info: { next: [] } });
    expect(calls("once")).toEqual([at]);
  });

  test("is paused after failures in a row, and continues when it is resumed", async () => {
    await put("fails", { spec: { every: "PT1S" }, entryPoint: "fail", overlap: "allow", pauseOnFailure: 2 });
    const { paused } = await until("fails", (schedule) => schedule.paused !== undefined);
    expect(paused).toMatchObject({ by: "pauseOnFailure", note: "2 failures in a row" });
    const resumed = await post("fails", "resume");
    expect(resumed.paused).toBeUndefined();
    expect(resumed.info).toMatchObject({ failuresInRow: 0, next: expect.any(Array) as unknown });
    await post("fails", "pause", { note: "by hand" });
  });

  test("backfills a period one run after the other, and never an instant that ran", async () => {
    await put("filled", { spec: { every: "PT1H" } });
    const end = now();
    const period = { start: new Date(end - 3 * 3_600_000).toISOString(), end: new Date(end).toISOString() };
    expect(await post("filled", "backfill", period)).toEqual({ started: 1, buffered: 2, skipped: 0 });
    await until("filled", ({ info }) => info.started === 3 && info.running.length === 0);
    await post("filled", "backfill", period);
    await until("filled", ({ info }) => info.buffered === 0 && info.running.length === 0);
    expect(calls("filled")).toHaveLength(3);
    expect(areConsecutive(calls("filled"), 3_600_000)).toBe(true);
  });

  test("runs at once when it is triggered, also while it is paused", async () => {
    await put("triggered", { spec: { cron: ["0 0 1 1 *"] } });
    await post("triggered", "pause", { note: "not now" });
    const { executionId } = await post("triggered", "trigger");
    const detail = await untilEnded(instance, executionId);
    expect(detail).toMatchObject({ status: "completed", schedule: { id: "triggered" } });
    expect((await instance.request("GET", "/schedules/triggered")).body.paused).toMatchObject({
      by: "root",
      note: "not now",
    });
  });

  test("executes the version that it names, with the instant of the run before", async () => {
    await put("pinned", { spec: { every: "PT1S" }, overlap: "allow", version: 1 });
    await deploy(instance, "report", `${reportSource(target.url)}\n// another version`);
    const { info } = await until("pinned", (schedule) => schedule.info.started >= 2);
    await post("pinned", "pause");
    const detail = await untilEnded(instance, info.recent[0].executionId);
    expect(detail.version).toBe(1);
    expect(detail.result).toEqual({
      id: "pinned",
      scheduledAt: info.recent[0].scheduledAt,
      previousAt: info.recent[1].scheduledAt,
    });
  });

  test("is not needed to start an execution once, later", async () => {
    const path = "/workflows/report/execute";
    const later = await instance.request("POST", `${path}?delay=PT1H`, { body: "later" });
    const { executionId } = later.body;
    const scheduled = await instance.request("GET", `/executions/${executionId}`);
    expect(scheduled.body).toMatchObject({ status: "scheduled", scheduledAt: expect.any(String) as string });
    const sooner = { body: { scheduledAt: new Date(now() + 500).toISOString() } };
    const moved = await instance.request("PATCH", `/executions/${executionId}`, sooner);
    expect(moved).toMatchObject({ status: 200, body: { executionId } });
    expect(await untilEnded(instance, executionId)).toMatchObject({ status: "completed", input: "later" });
    const started = await instance.request("PATCH", `/executions/${executionId}`, sooner);
    expect(started).toMatchObject({ status: 409, body: { code: "execution-started" } });
    const at = new Date(now() + 3_600_000).toISOString();
    const cancelled = await instance.request("POST", `${path}?at=${at}`, { body: null });
    await instance.request("POST", `/executions/${cancelled.body.executionId}/cancel`);
    const gone = await instance.request("GET", `/executions/${cancelled.body.executionId}`);
    expect(gone.status).toBe(404);
    expect((await instance.request("POST", `${path}?at=${at}&delay=PT1H`, { body: null })).status).toBe(400);
  });

  test("is not needed to move an execution to another time, which keeps its ID, key and input", async () => {
    const path = "/workflows/report/execute?tag=moved&entry-point=monthly";
    // A number that JavaScript would round shows that the payload is passed on as it is.
    const payload = `{"id":12345678901234567890,"text":"${"x".repeat(100_000)}"}`;
    const post = async (query: string) => {
      const response = await fetch(`${instance.url}${path}&${query}`, {
        method: "POST",
        headers: {
          authorization: `Bearer ${instance.rootKey}`,
          "content-type": "application/json",
          "idempotency-key": "moved",
        },
        body: payload,
      });
      return {
        replayed: response.headers.get("idempotency-replayed"),
        body: (await response.json()) as { executionId: string },
      };
    };
    const { body } = await post("delay=PT1H");
    const url = `/executions/${body.executionId}`;
    const before = await instance.request("GET", url);
    for (const hours of [3, 2]) {
      const scheduledAt = new Date(now() + hours * 3_600_000).toISOString();
      const moved = await instance.request("PATCH", url, { body: { scheduledAt } });
      expect(moved).toMatchObject({ status: 200, body: { executionId: body.executionId } });
    }
    const { body: after } = await instance.request("GET", url);
    const {
      scheduledAt,
      createdAt: _createdAt,
      modifiedAt: _modifiedAt,
      waitingFor: _waits,
      ...same
    } = after;
    expect(before.body).toMatchObject(same);
    expect(same).toMatchObject({ status: "scheduled", tags: ["moved"], entryPoint: "monthly" });
    expect(Date.parse(scheduledAt) - Date.parse(before.body.scheduledAt)).toBeGreaterThan(3_500_000);
    expect(await post("delay=PT0S")).toMatchObject({
      replayed: "true",
      body: { executionId: body.executionId },
    });
    const { body: listed } = await instance.request("GET", "/executions?tag=moved");
    expect(listed.items).toHaveLength(1);
    expect((await instance.request("POST", `${url}/cancel`)).status).toBe(202);
  });

  test("is not needed to start an execution later, which stays one if its time is changed several times at once", async () => {
    await deploy(instance, "moved", "export const run = () => 1;");
    const { body } = await instance.request("POST", "/workflows/moved/execute?delay=PT1H", { body: null });
    const times = [1, 2, 3, 4].map((hours) => new Date(now() + hours * 3_600_000).toISOString());
    const answers = await Promise.all(
      times.map((scheduledAt) =>
        instance.request("PATCH", `/executions/${body.executionId}`, { body: { scheduledAt } }),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    const left = await instance.request("GET", "/executions?workflow=moved");
    expect(left.body.items).toMatchObject([{ executionId: body.executionId, status: "scheduled" }]);
  });

  test("whose interval is no whole number of milliseconds is refused at once", async () => {
    const body = { workflowId: "report", spec: { every: "1000.3ms", skip: ["2027-01-01"] } };
    expect((await instance.request("PUT", "/schedules/parts", { body })).status).toBe(400);
    const source = `${reportSource(target.url)}\nexport const schedules = [{ every: "1000.3ms" }];`;
    const deployed = await instance.request("POST", "/workflows/parts/deploy", { body: { source } });
    expect(deployed).toMatchObject({ status: 422, body: { code: "invalid-declaration" } });
  });

  test("of examples/weekly-report.ts is deployed with it", async () => {
    const example = await readFile(new URL("../../examples/weekly-report.ts", import.meta.url), "utf8");
    await deploy(instance, "weekly-report", example);
    const { spec, catchUp } = await until("weekly-report.mondays", ({ id }) => id !== undefined);
    expect(spec).toMatchObject({ cron: ["0 9 * * 1"], timeZone: "Europe/Berlin" });
    expect(catchUp).toBe("P1D");
  });

  test("is not needed to send to a workflow at a time", async () => {
    await deploy(
      instance,
      "sender",
      `export const run = async (ctx, at) => {
        const late = await ctx.send("report", { payload: "sent", at: new Date(Date.parse(at) + 3_600_000) });
        const soon = await ctx.send("report", { payload: "sent", at });
        const both = await ctx.send("report", { at, delay: "1s" }).catch((error) => error.message);
        return { late, soon, both };
      };`,
    );
    const { body } = await instance.request("POST", "/workflows/sender/execute", {
      body: new Date(now() + 300).toISOString(),
    });
    const { result } = await untilEnded(instance, body.executionId);
    expect(result.both).toBe("Give either `delay` or `at`, not both");
    expect((await untilEnded(instance, result.soon.executionId)).status).toBe("completed");
    const late = await instance.request("GET", `/executions/${result.late.executionId}`);
    expect(late.body.status).toBe("scheduled");
    // It has no key that keeps its ID: the former ID refers to it.
    const url = `/executions/${result.late.executionId}`;
    const time = { body: { scheduledAt: new Date(now() + 7_200_000).toISOString() } };
    const { body: moved } = await instance.request("PATCH", url, time);
    expect(moved.executionId).not.toBe(result.late.executionId);
    const replaced = { executionId: moved.executionId, movedFrom: result.late.executionId, input: "sent" };
    expect((await instance.request("GET", url)).body).toMatchObject({ ...replaced, status: "scheduled" });
    expect((await instance.request("PATCH", url, time)).body).toEqual(moved);
    const { body: listed } = await instance.request("GET", "/executions?workflow=report&status=scheduled");
    expect(listed.items).toContainEqual(
      expect.objectContaining({ executionId: moved.executionId, movedFrom: result.late.executionId }),
    );
    expect((await instance.request("POST", `${url}/cancel`)).status).toBe(202);
    expect((await instance.request("GET", `/executions/${moved.executionId}`)).status).toBe(404);
  });

  test("of the code is created, changed, protected and removed by deploys, and goes with its workflow", async () => {
    await deploy(
      instance,
      "coded",
      source(`[{ cron: "0 9 * * 1-5", timeZone: "Europe/Berlin", entryPoint: "report" }, { every: "1h" }]`),
    );
    const daily = await until("coded.report", ({ id }) => id !== undefined);
    expect(daily).toMatchObject({
      managedBy: { workflow: "coded", version: 1 },
      spec: { cron: ["0 9 * * 1-5"] },
    });
    const put409 = await instance.request("PUT", "/schedules/coded.report", {
      body: { workflowId: "coded", spec: { every: "1m" } },
    });
    expect(put409).toMatchObject({ status: 409, body: { code: "schedule-managed" } });
    await post("coded.report", "pause", { note: "kept over deploys" });
    await deploy(instance, "coded", source(`[{ cron: "0 10 * * 1-5", entryPoint: "report" }]`));
    await until("coded.2", ({ code }) => code === "schedule-not-found");
    const changed = await until("coded.report", ({ managedBy }) => managedBy.version === 2);
    expect(changed).toMatchObject({ revision: 2, paused: { note: "kept over deploys" } });
    await instance.request("POST", "/workflows/coded/activate", { body: { version: 1 } });
    await until("coded.2", ({ id }) => id !== undefined);
    expect((await instance.request("DELETE", "/workflows/coded")).status).toBe(204);
    await until("coded.report", ({ code }) => code === "schedule-not-found");
  });
});

function reportSource(url: string): string {
  return `export async function run(ctx, id) {
    if (ctx.entryPoint === "sleep") await ctx.sleep("1h");
    const path = ctx.entryPoint === undefined ? "/run" : "/" + ctx.entryPoint;
    const response = await fetch("${url}" + path, { method: "POST", body: JSON.stringify({ id, schedule: ctx.schedule }) });
    if (!response.ok) throw new Error("failed");
    return ctx.schedule;
  }`;
}

function source(schedules: string): string {
  return `export const schedules = ${schedules};\nexport const run = () => 1;`;
}

function areConsecutive(instants: readonly string[], intervalMs: number): boolean {
  const times = instants.map((instant) => Date.parse(instant)).toSorted((a, b) => a - b);
  return times.every((time, index) => index === 0 || time - (times[index - 1] ?? 0) === intervalMs);
}

async function query(instance: Instance, sql: string): Promise<readonly Record<string, unknown>[]> {
  const response = await fetch(`${instance.restateAdminUrl}/query`, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json" },
    body: JSON.stringify({ query: sql }),
  });
  return ((await response.json()) as { rows: Record<string, unknown>[] }).rows;
}
