import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import Database from "better-sqlite3";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Recording } from "../../src/recordings/recording.ts";
import { testEnginesDirectory } from "../support/engine.ts";
import { deploy, execute } from "../support/executions.ts";
import { startInstance } from "../support/instance.ts";
import type { Instance } from "../support/instance.ts";
import { mutations, original } from "./replay-mutations.ts";
import { expectSameReplay, recordExecution } from "../support/recordings.ts";
import { runReplayCheck, untilChecked } from "../support/replay-checks.ts";
import { openReplayer } from "../support/replayed-versions.ts";
import type { Replayer } from "../support/replayed-versions.ts";
import { startTarget } from "../support/target.ts";
import type { Target } from "../support/target.ts";

/** Recordings of real executions, replayed in the process of the test on their own version and on changed ones. */
describe("a recording", () => {
  let instance: Instance;
  let target: Target;
  let replayer: Replayer;
  /** The target's response to `/charges`. */
  let chargeStatus = 200;
  beforeAll(async () => {
    // All executions of this file are replayed in the background as well.
    instance = await startInstance({
      DURANIUM_SHADOW_REPLAY_PERCENT: "100",
      DURANIUM_SHADOW_REPLAYS_PER_MINUTE: "600",
    });
    target = await startTarget({
      "POST /note": () => ({ noted: true }),
      "POST /charges": (_request, response) => {
        response.statusCode = chargeStatus;
        return { id: "ch_1" };
      },
      "POST /order": () => ({ id: 7 }),
      "GET /stock/7": () => ({ left: 3 }),
      "GET /price/7": () => ({ price: 21 }),
      "PUT /note": () => null,
      "POST /hook": () => ({ ok: true }),
    });
    replayer = await openReplayer();
  });
  afterAll(async () => {
    await replayer[Symbol.asyncDispose]();
    await target[Symbol.asyncDispose]();
    await instance[Symbol.asyncDispose]();
  });

  const check = async (body: unknown) => await runReplayCheck(instance, "checked-here", body);

  /** Starts a check without waiting for its end. */
  const startCheck = async (body: unknown) =>
    await instance.request("POST", "/workflows/checked-here/replay-checks", { body });

  const record = async (name: string, source: string, payload: unknown = target.url) =>
    await recordExecution(instance, { name, source, payload });

  test("shows each of the changes to a workflow, at its line", async () => {
    await deploy(instance, "pays", "export const run = async (ctx, { amount }) => amount;");
    const recording = await record("mutated", original);
    expect(recording.outcome).toMatchObject({ kind: "completed" });
    await expectSameReplay(replayer, recording, original);
    const found = [];
    for (const { from, to } of mutations) {
      const item = await replayer.check(recording, original, original.replace(from, to));
      found.push({ from, outcome: item.outcome, line: item.place?.line });
    }
    expect(mutations.length).toBeGreaterThanOrEqual(20);
    expect(found).toEqual(mutations.map(({ from, outcome, line }) => ({ from, outcome, line })));
  });

  test("has what its calls asked for, and where they were made", async () => {
    const { calls } = await record("mutated", original);
    expect(calls[1]).toMatchObject({
      arguments: { url: `${target.url}/order`, method: "POST" },
      body: { text: "order", bytes: 5 },
      stack: [{ file: "workflow.ts", line: 3 }],
    });
  });

  describe("on a changed version", () => {
    const source = `import { total } from "./total.ts";
      export async function run(ctx, url) {
        const amount = total([4, 6]);
        const [note] = await Promise.all([
          fetch(url + "/note", { method: "POST", body: "a" }),
          fetch(url + "/note", { method: "POST", body: "b" }),
        ]);
        const charge = await fetch(url + "/charges", { method: "POST", body: JSON.stringify({ amount }) });
        if (!charge.ok) throw new Error("no charge: " + charge.status);
        await ctx.sleep("5ms");
        return { amount, status: charge.status };
      }`.replace(
      'import { total } from "./total.ts";',
      "const total = (list) => list.reduce((a, b) => a + b, 0);",
    );
    let recording: Recording;
    beforeAll(async () => {
      recording = await record("checked", source);
    });
    const changed = async (from: string, to: string) => {
      expect(source).toContain(from);
      return await replayer.check(recording, source, source.replace(from, to));
    };

    test("an order of parallel calls is the same", async () => {
      const order = `[
          fetch(url + "/note", { method: "POST", body: "a" }),
          fetch(url + "/note", { method: "POST", body: "b" }),
        ]`;
      const other = order.replace('"a"', '"x"').replace('"b"', '"a"').replace('"x"', '"b"');
      expect(await changed(order, other)).toMatchObject({ outcome: "same" });
    });

    test("another result has its differences", async () => {
      expect(await changed("return { amount,", "return { amount: 11, extra: [1],")).toMatchObject({
        outcome: "otherResult",
        differences: expect.arrayContaining([
          { path: "/amount", before: 10, after: 11 },
          { path: "/extra", after: [1] },
        ]),
      });
    });

    test("a different call has what was expected, what is made now, and its line", async () => {
      expect(
        await changed("JSON.stringify({ amount })", "JSON.stringify({ amount: amount + 2 })"),
      ).toMatchObject({
        outcome: "different",
        step: 2,
        expected: { name: expect.stringContaining("/charges"), body: { text: '{"amount":10}' } },
        actual: { name: expect.stringContaining("/charges"), body: { text: '{"amount":12}' } },
        place: { file: "workflow.ts", line: 8 },
      });
    });

    test("a further call asks for more, at its line", async () => {
      expect(await changed("return {", 'await ctx.state.set("k", 1); return {')).toMatchObject({
        outcome: "asksForMore",
        step: 4,
        actual: { name: "state set k" },
        place: { line: 11 },
      });
    });

    test("a missing call ends earlier, with the line of the recorded version", async () => {
      expect(await changed('await ctx.sleep("5ms");', "")).toMatchObject({
        outcome: "endsEarlier",
        step: 3,
        expected: { name: "sleep" },
        place: { line: 10 },
      });
    });

    test("an error has its message and line", async () => {
      expect(await changed("return {", 'throw new RangeError("no"); return {')).toMatchObject({
        outcome: "throws",
        failure: { name: "RangeError", message: "no" },
        place: { line: 11 },
      });
    });

    test("a result that the recording lacks is not comparable", async () => {
      const lacking = structuredClone<Recording>(recording);
      for (const call of lacking.calls)
        if (call.name.includes("/charges")) call.result = { omitted: "too-large" };
      expect(await replayer.check(lacking, source, source)).toMatchObject({
        outcome: "notComparable",
        reason: expect.stringContaining("is too large"),
      });
    });

    test("a malformed result is not comparable", async () => {
      const broken = structuredClone<Recording>(recording);
      for (const call of broken.calls) if (call.name.includes("/charges")) call.result = { value: "broken" };
      expect(await replayer.check(broken, source, source)).toMatchObject({
        outcome: "notComparable",
        reason: expect.stringContaining("malformed"),
      });
    });

    test("30 % more fuel is reported", async () => {
      const busy = "for (let n = 0, s = 0; n < 3e5; n += 1) s += n; return {";
      expect(await changed("return {", busy)).toMatchObject({
        outcome: "same",
        fuel: { before: expect.any(Number), after: expect.any(Number) },
      });
    });

    test("a recorded failure that no longer happens is fixed", async () => {
      chargeStatus = 503;
      const failing = await record("checked", source).finally(() => (chargeStatus = 200));
      expect(failing.outcome).toMatchObject({ kind: "failed" });
      const fixed = source.replace("throw new Error", "return new Error");
      expect(await replayer.check(failing, source, fixed)).toMatchObject({
        outcome: "otherResult",
        fixed: true,
      });
    });

    test("without its own version, a recording is compared by names", async () => {
      const candidate = await replayer.version(source);
      const { checkRecording } = await import("../../src/replay/check-recording.ts");
      expect(await checkRecording({ recording, candidate })).toMatchObject({ outcome: "same" });
    });
  });

  test("is downloaded, replayed on a source and checked before a deploy, on the command line", async () => {
    await deploy(instance, "pays", "export const run = async (ctx, { amount }) => amount;");
    await deploy(instance, "on-disk", original);
    await execute(instance, "on-disk", target.url);
    const folder = await mkdtemp(join(tmpdir(), "duranium-replay-"));
    const run = async (...args: string[]) => await runCommand(instance, folder, args);
    try {
      await writeFile(join(folder, "on-disk.ts"), original);
      await writeFile(join(folder, "changed.ts"), original.replace(".price * 2", ".price * 3"));
      expect(await run("recordings", "download", "--workflow", "on-disk", "--out", "tests")).toMatchObject({
        code: 0,
        stdout: expect.stringContaining("Wrote 1 recording"),
      });
      const recordings = ["--recordings", "tests/*.json"];
      expect(await run("replay", "on-disk.ts", ...recordings)).toMatchObject({ code: 0, stdout: "1 same\n" });
      const report = await run("replay", "changed.ts", ...recordings, "--junit", "report.xml");
      expect(report).toMatchObject({
        code: 1,
        stdout: expect.stringContaining("different call, step 6 at changed.ts:12"),
      });
      expect(await readFile(join(folder, "report.xml"), "utf8")).toContain('failures="1"');
      const checked = ["deploy", "changed.ts", "--workflow", "on-disk", "--check", "5"];
      expect(await run(...checked)).toMatchObject({
        code: 1,
        stderr: expect.stringContaining("Not deployed"),
      });
      expect(await run(...checked, "--fail-on", "throws")).toMatchObject({
        code: 0,
        stdout: expect.stringContaining("version 2"),
      });
      expect(await run("deploy", "on-disk.ts", "--workflow", "brand-new", "--check", "5")).toMatchObject({
        code: 0,
        stderr: expect.stringContaining("Not checked: the workflow is new"),
      });
      await writeFile(join(folder, "tests/broken.json"), "{}");
      expect(await run("replay", "on-disk.ts", ...recordings)).toMatchObject({
        code: 2,
        stderr: expect.stringContaining("broken.json: Cannot read the recording"),
      });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  test("is replayed in the background after its execution, and an alert tells if the platform is not deterministic", async () => {
    await deploy(instance, "steady", "export const run = async (ctx) => { await ctx.sleep(1); return 1; };");
    await execute(instance, "steady");
    await poll(async () => ((await shadowReplays(instance)).get("same") ?? 0) > 0);
    expect((await shadowReplays(instance)).get("different")).toBeUndefined();
    const rule = {
      on: { kind: "not-deterministic" },
      channels: [{ kind: "webhook", url: `${target.url}/hook` }],
    };
    const put = await instance.request("PUT", "/alerts/rules/determinism", { body: rule });
    expect(put.status).toBe(201);
    const secret = "s3cr3t-value-of-the-test";
    const secretBody = { value: secret, hosts: [target.url] };
    await instance.request("PUT", "/workflows/swapped/secrets/KEY", { body: secretBody });
    const swapped = `export async function run(ctx, url) {
      const headers = { authorization: ctx.secrets.KEY };
      await fetch(url + "/note", { method: "POST", headers, body: ctx.secrets.KEY });
      return 1;
    }`;
    await deploy(instance, "swapped", swapped);
    await deploy(instance, "swapped", swapped.replace("return 1", "return 2"));
    await instance.request("POST", "/workflows/swapped/activate", { body: { version: 1 } });
    // The execution runs on the image of version 1. Its replay finds that of version 2 in its place.
    exchangeImages(instance, "swapped");
    const { executionId, result } = await execute(instance, "swapped", target.url);
    expect(result).toBe(1);
    await poll(async () => (await shadowReplays(instance)).get("different") === 1);
    const hook = await poll(async () => target.seen.find(({ path }) => path === "/hook"));
    expect(hook?.body).toContain("not deterministic");
    expect(hook?.body).toContain(executionId);
    const file = join(instance.dataDir, "shadow", `${executionId}.json`);
    const kept = JSON.parse(await readFile(file, "utf8"));
    expect(kept).toMatchObject({
      what: expect.stringContaining("ends in another way"),
      recording: { executionId },
    });
    expect((await stat(file)).mode & 0o077).toBe(0);
    expect(target.seen.some(({ body }) => body === secret)).toBe(true);
    const texts = [JSON.stringify(kept), instance.output(), JSON.stringify(hook)];
    expect(texts.filter((text) => text.includes(secret))).toEqual([]);
  });

  describe("checked on the server", () => {
    const source = original;
    const endless = source.replace("return {", "for (;;); return {");
    beforeAll(async () => {
      await deploy(instance, "pays", "export const run = async (ctx, { amount }) => amount;");
      await deploy(instance, "checked-here", source);
      for (let n = 0; n < 6; n += 1) await execute(instance, "checked-here", target.url);
    });

    test("is the same on its own source, and different on another one", async () => {
      const changed = source.replace(".price * 2", ".price * 3");
      const { status, body } = await check({ source: changed, select: { last: 5 } });
      expect([status, body.status, body.total]).toEqual([200, "completed", 5]);
      expect(body.summary).toMatchObject({ different: 5, same: 0 });
      expect(body.items[0]).toMatchObject({ step: 5, place: { file: "workflow.ts", line: 12 } });
      const same = await check({ version: 1 });
      expect(same.body.summary).toMatchObject({ same: 6, notComparable: 0 });
    });

    test("is required before a deploy by a setting, for the same source", async () => {
      const path = "/workflows/checked-here";
      const put = async (settings: object) =>
        await instance.request("PUT", `${path}/settings`, { body: settings });
      const changed = source.replace(".price * 2", ".price * 4");
      const deployed = async (query = "") =>
        await instance.request("POST", `${path}/deploy${query}`, { body: { source: changed } });
      await put({ deploy: { requireReplayCheck: { last: 5 } } });
      expect((await deployed()).body).toMatchObject({ code: "replay-check-required" });
      await check({ source, select: { last: 5 } });
      expect((await deployed()).body).toMatchObject({ detail: expect.stringContaining("latest 5") });
      await check({ source: changed, select: { last: 4 } });
      await check({ source: changed, select: { last: 5, status: "failed" } });
      expect((await deployed()).body).toMatchObject({ detail: expect.stringContaining("latest 5") });
      await check({ source: changed, select: { last: 5 } });
      expect((await deployed()).body).toMatchObject({
        code: "replay-check-required",
        detail: expect.stringContaining("5 different"),
      });
      await put({ deploy: { requireReplayCheck: { last: 5, allow: ["different"] } } });
      expect((await deployed()).status).toBe(201);
      await put({ deploy: { requireReplayCheck: { last: 5 } } });
      expect((await deployed("?skip-replay-check=hotfix")).status).toBe(201);
      await put({});
    });

    test("redacts its report by the rules of the workflow", async () => {
      await instance.request("PUT", "/workflows/checked-here/settings", {
        body: { recordings: { redact: { body: ["/amount"] } } },
      });
      const changed = source.replace(".price * 2", ".price * 5");
      const { body } = await check({ source: changed, select: { last: 1 } });
      await instance.request("PUT", "/workflows/checked-here/settings", { body: {} });
      expect(body).toMatchObject({ items: [{ outcome: "different" }] });
      const { expected, actual } = body.items[0];
      const shown = JSON.stringify([expected, actual]);
      expect(shown).toContain('"amount":0');
      expect(shown).not.toMatch(/"amount":[1-9]/);
    });

    test("is deleted when a workflow of the same name follows the deleted one", async () => {
      await deploy(instance, "deleted", source);
      await runReplayCheck(instance, "deleted", { source });
      await instance.request("DELETE", "/workflows/deleted");
      await deploy(instance, "deleted", source);
      expect((await instance.request("GET", "/workflows/deleted/replay-checks")).body.items).toEqual([]);
    });

    test("is refused while four of the workflow are in progress", async () => {
      const path = "/workflows/checked-here/replay-checks";
      const running: string[] = [];
      try {
        while (running.length < 4) {
          const { body } = await startCheck({ source: endless, select: { last: 1 } });
          running.push(body.id);
          await poll(async () => (await instance.request("GET", `${path}/${body.id}`)).status === 200);
        }
        const refused = await startCheck({ source: endless, select: { last: 1 } });
        expect(refused).toMatchObject({ status: 503, body: { code: "overloaded" } });
      } finally {
        for (const id of running) await instance.request("POST", `${path}/${id}/cancel`);
        for (const id of running) await untilChecked(instance, "checked-here", id);
      }
    });

    test("reports a source that does not compile, and a deleted draft", async () => {
      const { body } = await check({ source: "export const run = (" });
      expect(body).toMatchObject({ status: "failed", problem: { code: "compile-failed" } });
      expect((await check({ draft: true })).body).toMatchObject({ code: "draft-not-found" });
    });

    test("can be cancelled, and keeps what it has found", async () => {
      const changed = source.replace("return {", "for (let n = 0; n < 3e7; n += 1); return {");
      const { body } = await startCheck({ source: changed, select: { last: 6 } });
      const path = `/workflows/checked-here/replay-checks/${body.id}`;
      expect((await instance.request("POST", `${path}/cancel`)).status).toBe(200);
      const report = await untilChecked(instance, "checked-here", body.id);
      expect(report.body).toMatchObject({ status: "cancelled", endedAt: expect.any(String) });
    });

    test("continues after the process was killed", async () => {
      const { body, status } = await startCheck({ version: 1, select: { last: 6 } });
      expect(status).toBe(202);
      await instance.kill();
      await instance.start();
      const path = `/workflows/checked-here/replay-checks/${body.id}`;
      const report = await untilChecked(instance, "checked-here", body.id);
      expect(report.body).toMatchObject({ status: "completed", summary: { same: 6 } });
      expect(
        (await instance.request("GET", "/workflows/checked-here/replay-checks")).body.items.length,
      ).toBeGreaterThan(0);
      const cancelled = await instance.request("POST", `${path}/cancel`);
      expect(cancelled.body.status).toBe("completed");
    });
  });
});

/** Looks again until there is something. The test's time limit ends it. */
async function poll<T>(look: () => Promise<T>): Promise<T> {
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    await delay(100);
  }
}

/** Gives version 1 the image of version 2 in the database, behind the back of the server. */
function exchangeImages({ dataDir }: Instance, workflow: string): void {
  const database = new Database(join(dataDir, "duranium.sqlite"));
  try {
    const newer = "SELECT image_digest FROM versions WHERE workflow_id = ? AND version = 2";
    database
      .prepare(`UPDATE versions SET image_digest = (${newer}) WHERE workflow_id = ? AND version = 1`)
      .run(workflow, workflow);
  } finally {
    database.close();
  }
}

/** The number of replays in the background, by their outcome. */
async function shadowReplays({ url, rootKey }: Instance): Promise<ReadonlyMap<string, number>> {
  const response = await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${rootKey}` } });
  const lines = (await response.text()).matchAll(
    /^duranium_shadow_replays_total\{outcome="(\w+)"\} (\d+)$/gm,
  );
  return new Map(Array.from(lines, ([, outcome = "", count]) => [outcome, Number(count)]));
}

/** Runs `npx duranium` to its end. */
async function runCommand(
  { url, rootKey }: Instance,
  cwd: string,
  args: readonly string[],
): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> {
  const program = fileURLToPath(new URL("../../bin/duranium.js", import.meta.url));
  const env = {
    PATH: process.env["PATH"],
    XDG_CONFIG_HOME: join(cwd, "config"),
    DURANIUM_ENGINES_DIR: testEnginesDirectory,
    DURANIUM_URL: url,
    DURANIUM_API_KEY: rootKey,
  };
  return await new Promise((resolve) => {
    execFile(process.execPath, [program, ...args], { cwd, env }, (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === "number" ? error.code : 0, stdout, stderr }),
    );
  });
}
