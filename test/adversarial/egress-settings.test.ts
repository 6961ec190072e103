import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startExecution, deploy, execute, until, untilEnded } from "../support/executions.ts";
import { startInstance } from "../support/instance.ts";
import type { Instance } from "../support/instance.ts";
import { handled, startTarget } from "../support/target.ts";
import type { Target } from "../support/target.ts";

describe("a workflow whose settings list allowed hosts", () => {
  let instance: Instance;
  let own: Target;
  let foreign: Target;

  beforeAll(async () => {
    foreign = await startTarget({ "GET /": () => "foreign", "POST /": () => "foreign" });
    own = await startTarget({
      "GET /": () => "own",
      "GET /away": (_request, response) => {
        response.writeHead(302, { location: foreign.url }).end();
        return handled;
      },
    });
    instance = await startInstance({
      DURANIUM_EGRESS_ALLOW: "127.0.0.0/8:*,0.0.0.0:*,localhost:*,[::1]:*,[::]:*,[::ffff:0:0/96]:*",
    });
    await deploy(
      instance,
      "narrow",
      `export async function run(ctx, { url, method = "GET" }) {
         return await (await fetch(url, { method })).json();
       }`,
    );
  });
  afterAll(async () => {
    for (const each of [instance, own, foreign]) await each?.[Symbol.asyncDispose]();
  });

  async function set(settings: object): Promise<number> {
    return (await instance.request("PUT", "/workflows/narrow/settings", { body: settings })).status;
  }

  test("reaches only those hosts, also by redirects and other methods", async () => {
    expect(await execute(instance, "narrow", { url: foreign.url })).toMatchObject({ result: "foreign" });
    const seen = foreign.seen.length;
    const egress = { allow: [own.url], methods: ["GET"] };
    expect(await set({ egress })).toBe(200);
    expect((await instance.request("GET", "/workflows/narrow/settings")).body).toEqual({ egress });

    expect(await execute(instance, "narrow", { url: own.url })).toMatchObject({ result: "own" });
    for (const url of [foreign.url, `${own.url}/away`]) {
      const { failure } = await execute(instance, "narrow", { url });
      expect(failure).toMatchObject({
        code: "egress-refused",
        message: expect.stringContaining(foreign.url),
      });
    }
    const { failure } = await execute(instance, "narrow", { url: own.url, method: "POST" });
    expect(failure).toMatchObject({ code: "egress-refused", message: expect.stringContaining("POST") });
    expect(foreign.seen).toHaveLength(seen);
    expect(own.count("POST /")).toBe(0);
  });

  test("reaches nothing with an empty list, and never more than the operator allows", async () => {
    expect(await set({ egress: { allow: [] } })).toBe(200);
    expect(await execute(instance, "narrow", { url: own.url })).toMatchObject({
      failure: { code: "egress-refused" },
    });
    expect(await set({ egress: { allow: ["http://10.0.0.1"] } })).toBe(200);
    expect(await execute(instance, "narrow", { url: "http://10.0.0.1/" })).toMatchObject({
      failure: { code: "egress-refused", message: expect.stringContaining("a private address") },
    });
  });

  test.each([{ egress: { allow: ["https://x/path"] } }, { egress: {} }, { limits: 1 }])(
    "rejects the settings %j",
    async (settings) => {
      expect(await set(settings)).toBe(400);
    },
  );

  test("cannot reach the installation itself, even if the operator allows the whole machine", async () => {
    await deploy(
      instance,
      "wide",
      `export async function run(ctx, urls) {
         return await Promise.all(urls.map(async (url) => {
           try { return (await fetch(url)).status; } catch (error) { return error.message; }
         }));
       }`,
    );
    const ports = [instance.url, instance.restateAdminUrl, instance.restateIngressUrl].map(
      (url) => new URL(url).port,
    );
    const hosts = ["127.0.0.1", "127.1", "127.9.9.9", "2130706433", "0.0.0.0", "localhost", "[::1]", "[::]"];
    const mapped = ["[::ffff:127.0.0.1]", "[::ffff:0:0]"];
    const urls = ports.flatMap((port) =>
      [...hosts, ...mapped].map((host) => `http://${host}:${port}/health`),
    );
    const redirect = await startTarget({
      "GET /": (_request, response) => {
        response.writeHead(307, { location: `${instance.restateAdminUrl}/query` }).end();
        return handled;
      },
    });
    const { result } = await execute(instance, "wide", [...urls, redirect.url, foreign.url]);
    await redirect[Symbol.asyncDispose]();
    expect(result.at(-1)).toBe(200);
    for (const refusal of result.slice(0, -1)) expect(refusal).toContain("an address of this installation");
  });

  test("keeps its rules after its deletion, and a new workflow of the same name inherits nothing", async () => {
    await deploy(
      instance,
      "leaving",
      `export async function run(ctx, { url }) {
         await ctx.state.set("private", "of the first owner");
         await ctx.waitForEvent("go");
         return await (await fetch(url)).json();
       }`,
    );
    const egress = { allow: [own.url], methods: ["GET"] };
    await instance.request("PUT", "/workflows/leaving/settings", { body: { egress } });
    const id = await startExecution(instance, "leaving", { url: foreign.url });
    await until(instance, id, ({ steps }) => steps.length > 1);
    const keyFor = async () =>
      await instance.request("POST", "/api-keys", { body: { name: "bound", workflows: ["leaving"] } });
    const { body: former } = await keyFor();
    const listed = async () => {
      const headers = { authorization: `Bearer ${former.key}` };
      return (await instance.request("GET", "/executions", { headers })).body.items;
    };
    expect((await instance.request("DELETE", "/workflows/leaving")).status).toBe(204);
    expect(await listed()).toHaveLength(1);
    const late = await keyFor();
    expect([late.status, late.body.detail]).toEqual([400, expect.stringContaining("it was deleted")]);
    const source = `export async function run(ctx) { return await ctx.state.get("private") ?? "nothing"; }`;
    const early = await instance.request("POST", "/workflows/leaving/deploy", { body: { source } });
    expect(early.body).toMatchObject({ status: 409, code: "workflow-name-in-use" });

    await instance.request("POST", `/executions/${id}/events/go`, { body: {} });
    expect(await untilEnded(instance, id)).toMatchObject({ failure: { code: "egress-refused" } });
    expect(await deploy(instance, "leaving", source)).toMatchObject({ version: 2 });
    const paths = [
      "/executions?workflow=leaving",
      "/workflows/leaving/versions",
      "/workflows/leaving/settings",
      "/failures?workflow=leaving",
      "/alerts?workflow=leaving",
    ];
    const [executions, versions, settings, failures, alerts] = await Promise.all(
      paths.map(async (path) => (await instance.request("GET", path)).body),
    );
    expect(executions.items).toEqual([]);
    expect(versions.items).toMatchObject([{ version: 2 }]);
    expect(settings).toEqual({});
    expect([failures.items, alerts.items]).toEqual([[], []]);
    expect((await instance.request("GET", `/executions/${id}`)).status).toBe(404);
    const { executionId, ...executed } = await execute(instance, "leaving");
    expect(executed).toMatchObject({ result: "nothing" });
    // The key was made for the workflow that had this name.
    expect(await listed()).toEqual([]);
    const headers = { authorization: `Bearer ${former.key}` };
    for (const path of [`/executions/${executionId}`, "/workflows/leaving"])
      expect((await instance.request("GET", path, { headers })).status).toBe(403);
    expect((await keyFor()).status).toBe(201);
  });
});
