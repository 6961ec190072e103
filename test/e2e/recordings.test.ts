import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { replayOwnVersion } from "../../src/replay/own-version.ts";
import { deploy, execute, startExecution, until, untilEnded } from "../support/executions.ts";
import { sharedInstance } from "../support/instance.ts";
import type { Instance } from "../support/instance.ts";
import { expectSameReplay, recordExecution, recordingOf } from "../support/recordings.ts";
import { openReplayer } from "../support/replayed-versions.ts";
import type { Replayer } from "../support/replayed-versions.ts";
import { startTarget } from "../support/target.ts";
import type { Target } from "../support/target.ts";

/** Recordings of real executions, replayed in the process of the test on their own version, where nothing may differ. */
describe("a recording", () => {
  let instance: Instance;
  let target: Target;
  let replayer: Replayer;
  /** The target's response to `/charges`. */
  let chargeStatus = 200;
  beforeAll(async () => {
    instance = await sharedInstance();
    target = await startTarget({
      "POST /note": () => ({ noted: true }),
      "POST /charges": (_request, response) => {
        response.statusCode = chargeStatus;
        return { id: "ch_1" };
      },
      "POST /echo": ({ body }) => ({ echo: body }),
      "POST /session": ({ body }, response) => {
        response.setHeader("set-cookie", `sid=${sessionToken}; HttpOnly`);
        return { token: sessionToken, card: JSON.parse(body).card };
      },
      "GET /large": () => "y".repeat(300_000),
    });
    replayer = await openReplayer();
  });
  afterAll(async () => {
    await replayer[Symbol.asyncDispose]();
    await target[Symbol.asyncDispose]();
  });

  const record = async (name: string, source: string, payload: unknown = target.url) =>
    await recordExecution(instance, { name, source, payload });

  test("of parallel fetches, timers, logs, tags, state, calls and sends is replayed without a difference", async () => {
    await deploy(
      instance,
      "recorded-child",
      "export const run = async (ctx, n) => { await ctx.sleep(n); if (n > 3) throw new RangeError('too large'); return n; };",
    );
    const source = `export async function run(ctx, url) {
      const post = (path, body) => fetch(url + path, { method: "POST", body: JSON.stringify(body) });
      console.log("start", Date.now(), Math.random(), ctx.executionId);
      const notes = await Promise.all(Array.from({ length: 20 }, (_, n) => post("/note?" + n, { n })));
      await Promise.all([ctx.tag("varied", "n:1"), ctx.tag("n:1")]);
      const texts = await Promise.all(notes.map((note) => note.json()));
      const timers = Array.from({ length: 40 }, (_, n) => new Promise((done) => setTimeout(() => done(n), 50 - n)));
      console.log(await Promise.race(timers), await Promise.all(timers));
      const large = await (await fetch(url + "/large")).text();
      const count = await ctx.state.update("count", (count = 0) => count + 1);
      const children = await Promise.allSettled([1, 2, 5].map((payload) => ctx.call("recorded-child", { payload })));
      const { executionId } = await ctx.send("recorded-child", { payload: 1, delay: "1s" });
      const lost = await fetch("http://127.0.0.1:1/").catch((error) => error.message);
      void post("/note?late", {});
      console.warn(children.map(({ reason, value }) => reason?.name ?? value), Date.now());
      return { texts, count, executionId, lost, large: large.length, at: Date.now(), random: Math.random() };
    }`;
    const recording = await record("varied", source);
    expect(recording.outcome).toMatchObject({ kind: "completed" });
    expect(recording.logs.length).toBeGreaterThan(2);
    await expectSameReplay(replayer, recording, source);
  });

  test("of events, a callback and a cancellation with cleanup is replayed without a difference", async () => {
    const source = `export async function run(ctx, url) {
      const { url: address, promise } = ctx.createCallback();
      try {
        const first = await ctx.waitForEvent("go");
        const both = await Promise.all([ctx.waitForEvent("b"), ctx.waitForEvent("a")]);
        const controller = new AbortController();
        const slow = ctx.call("forever", { signal: controller.signal }).catch((error) => error.name);
        await ctx.sleep(5);
        controller.abort();
        console.log(first, both, await slow, await Promise.race([promise, ctx.sleep("1h")]));
        await ctx.waitForEvent("never");
      } finally {
        await fetch(url + "/note", { method: "POST", body: "cleanup" });
        console.log("cleaned up", Date.now());
      }
    }`;
    await deploy(instance, "forever", "export const run = async (ctx) => { await ctx.sleep('1h'); };");
    await deploy(instance, "recorded-waits", source);
    const id = await startExecution(instance, "recorded-waits", target.url);
    const send = async (name: string) =>
      await instance.request("POST", `/executions/${id}/events/${name}`, { body: name });
    await send("a");
    await send("b");
    await send("go");
    await until(instance, id, ({ steps }) =>
      steps.some(({ name }: { name: string }) => name === "call forever"),
    );
    const { body } = await instance.request("GET", `/executions/${id}/callbacks`);
    await fetch(body.items[0].url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: '"called"',
    });
    await until(instance, id, ({ waitingFor }) => waitingFor.includes('event "never"'));
    const running = await recordingOf(instance, id);
    expect(running.outcome).toBeUndefined();
    const waiting = await replayOwnVersion(running, await replayer.version(source), { hasCallSites: true });
    expect(waiting.contradiction).toBeUndefined();
    expect(waiting.recording.calls.at(-1)).toMatchObject({
      name: "wait for event never",
      stack: [{ line: 11 }],
    });
    await instance.request("POST", `/executions/${id}/cancel`);
    await untilEnded(instance, id);
    const recording = await recordingOf(instance, id);
    expect(recording.outcome).toEqual({ kind: "cancelled" });
    await expectSameReplay(replayer, recording, source);
  });

  test("of a retry from the failed step is replayed with the results that it reused", async () => {
    const source = `export async function run(ctx, url) {
      const noted = fetch(url + "/note", { method: "POST", body: "1" });
      await ctx.sleep(1);
      console.log((await noted).status, await ctx.state.update("n", (n = 0) => n + 1));
      const charge = await fetch(url + "/charges", { method: "POST", body: '{"amount":10}' });
      if (!charge.ok) throw new Error("no charge: " + charge.status);
      await fetch(url + "/note", { method: "POST", body: "2" });
      return { status: charge.status, at: Date.now() };
    }`;
    await deploy(instance, "charges", source);
    chargeStatus = 503;
    const failed = await execute(instance, "charges", target.url);
    chargeStatus = 200;
    await expectSameReplay(replayer, await recordingOf(instance, failed.executionId), source);
    const retry = await instance.request("POST", `/executions/${failed.executionId}/retry`, {
      body: { from: "failed-step" },
    });
    await untilEnded(instance, retry.body.executionId);
    const recording = await recordingOf(instance, retry.body.executionId);
    expect(recording.outcome).toMatchObject({ kind: "completed" });
    await expectSameReplay(replayer, recording, source);
  });

  test("of another workflow's secrets has none of them", async () => {
    const source = `export async function run(ctx, url) {
      const key = ctx.secrets.API_KEY;
      const answer = await fetch(url + "/echo", { method: "POST", headers: { authorization: key }, body: key });
      console.log("key", key);
      return [key, await answer.text()];
    }`;
    await deploy(instance, "secretive", source);
    const secret = "s3cr3t-value-of-the-test";
    const { status } = await instance.request("PUT", "/workflows/secretive/secrets/API_KEY", {
      body: { value: secret, hosts: [target.url] },
    });
    expect(status).toBeLessThan(300);
    const { executionId } = await execute(instance, "secretive", target.url);
    const recording = await recordingOf(instance, executionId);
    expect(recording.outcome).toMatchObject({ kind: "completed" });
    expect(JSON.stringify(recording)).not.toContain(secret);
  });

  test("of executions that release their slots while they wait is replayed without a difference", async () => {
    const source = `export const flow = { concurrency: { total: 1, holds: "active" } };
    export async function run(ctx, url) {
      const post = (body) => fetch(url + "/note", { method: "POST", body });
      const slow = ctx.call("recorded-child", { payload: 2 });
      const go = ctx.waitForEvent("go");
      await Promise.race([ctx.sleep(20), go]);
      const noted = post("a");
      console.log(await slow, await ctx.sleep(5), (await noted).status, Date.now());
      const first = await Promise.race([go.then(() => "go"), ctx.sleep(30).then(() => "late")]);
      await Promise.all([post("b"), ctx.sleep(3), ctx.call("recorded-child", { payload: 1 })]);
      return { first, at: Date.now() };
    }`;
    await deploy(
      instance,
      "recorded-child",
      "export const run = async (ctx, n) => { await ctx.sleep(n); return n; };",
    );
    await deploy(instance, "in-turns", source);
    const ids = await Promise.all(
      [1, 2, 3].map(async () => await startExecution(instance, "in-turns", target.url)),
    );
    for (const id of ids) await instance.request("POST", `/executions/${id}/events/go`, { body: 1 });
    for (const id of ids) {
      await untilEnded(instance, id);
      const recording = await recordingOf(instance, id);
      expect(recording.arrivals).toContainEqual({ barrier: "slots" });
      await expectSameReplay(replayer, recording, source);
    }
  });

  test("of a batch, and of fetches to a host with a rate, is replayed without a difference", async () => {
    const source = `export const flow = { batch: { size: 2, period: "PT10S" } };
    export async function run(ctx, urls) {
      const answers = await Promise.all([0, 1, 2].flatMap((n) => urls.map((url) => fetch(url + "/note?" + n, { method: "POST" }))));
      return [urls.length, answers.map(({ status }) => status), Date.now()];
    }`;
    await deploy(instance, "in-batches", source);
    const rate = { [new URL(target.url).hostname]: { concurrency: 2 } };
    const settings = { egress: { rate } };
    expect((await instance.request("PUT", "/workflows/in-batches/settings", { body: settings })).status).toBe(
      200,
    );
    const ids = await Promise.all(
      [1, 2].map(async () => await startExecution(instance, "in-batches", target.url)),
    );
    const ended = await Promise.all(ids.map(async (id) => await untilEnded(instance, id)));
    const ran = ids[ended.findIndex(({ status }) => status === "completed")] ?? "";
    const recording = await recordingOf(instance, ran);
    expect(recording.payload).toEqual([target.url, target.url]);
    expect(recording.arrivals.filter((arrival) => "slot" in arrival)).toHaveLength(6);
    await expectSameReplay(replayer, recording, source);
  });

  test("of a payload with white space uses the same fuel", async () => {
    const source = "export const run = async (ctx, { list }) => list.length;";
    await deploy(instance, "spacious", source);
    const response = await fetch(`${instance.url}/workflows/spacious/execute`, {
      method: "POST",
      headers: { authorization: `Bearer ${instance.rootKey}`, "content-type": "application/json" },
      body: `{ "list" :   [1,   2,\n 3] }`,
    });
    const { executionId } = (await response.json()) as { executionId: string };
    await untilEnded(instance, executionId);
    const recording = await recordingOf(instance, executionId);
    expect(recording.payloadText).toContain('"list" :   [');
    await expectSameReplay(replayer, recording, source);
  });

  test("is redacted by the rules of its workflow, and still compared by what does not depend on them", async () => {
    const source = `export async function run(ctx, { url, customer }) {
      const headers = { authorization: "Bearer " + customer.key, "x-trace": "t-1" };
      const session = await fetch(url + "/session", { method: "POST", headers, body: JSON.stringify({ card: customer.card }) });
      const { token } = await session.json();
      console.log("session", token, customer.card);
      await fetch(url + "/note", { method: "POST", headers: { cookie: "sid=" + token }, body: JSON.stringify({ token }) });
      const last = customer.card.slice(-4);
      await fetch(url + "/note?" + last, { method: "POST", body: "10" });
      return { card: customer.card, paid: true };
    }`;
    const customer = { key: "key-of-the-customer-4711", card: "4242-4242-4242-4242" };
    await deploy(instance, "redacted", source);
    const redact = { body: ["/customer/card", "/card"] };
    const put = await instance.request("PUT", "/workflows/redacted/settings", {
      body: { recordings: { redact } },
    });
    expect(put.status).toBe(200);
    const { executionId } = await execute(instance, "redacted", { url: target.url, customer });
    const recording = await recordingOf(instance, executionId);
    for (const secret of [customer.card, customer.key, sessionToken]) {
      expect(JSON.stringify(recording)).not.toContain(secret);
    }
    const candidate = (from: string, to: string) => source.replace(from, to);
    const check = async (changed: string) => await replayer.check(recording, undefined, changed);
    // The last digits of the card are in the URL of the last call.
    expect(await check(source)).toMatchObject({
      outcome: "notComparable",
      reason: expect.stringContaining("redacted"),
    });
    expect(await check(candidate('"x-trace": "t-1"', '"x-trace": "t-2"'))).toMatchObject({
      outcome: "different",
      step: 0,
    });
  });
});

const sessionToken = "session-0123456789abcdef";
