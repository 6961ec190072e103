import { createHmac } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { deploy, untilEnded } from "../support/executions.ts";
import { startInstance } from "../support/instance.ts";
import type { Instance } from "../support/instance.ts";

describe("a hook", () => {
  let instance: Instance;
  beforeAll(async () => {
    instance = await startInstance();
    await deploy(
      instance,
      "receive",
      "export function run(ctx, payload) { return { entryPoint: ctx.entryPoint, payload }; }",
    );
  });
  afterAll(async () => {
    await instance?.[Symbol.asyncDispose]();
  });

  async function create(asked: object): Promise<{ readonly id: string; readonly url: string }> {
    const { status, body } = await instance.request("POST", "/workflows/receive/hooks", { body: asked });
    expect(status).toBe(201);
    return body;
  }

  async function resultOf({ body }: Awaited<ReturnType<typeof post>>): Promise<unknown> {
    return (await untilEnded(instance, body.executionId)).result;
  }

  test("executes its workflow for whoever has the address", async () => {
    const { url } = await create({ entryPoint: "order-created" });
    expect(url).toMatch(new RegExp(`^${instance.url}/hooks/[A-Za-z0-9_-]{22}$`));
    const posted = await post(url, '{"order":4711}');
    expect(posted.status).toBe(202);
    expect(await resultOf(posted)).toEqual({ entryPoint: "order-created", payload: { order: 4711 } });
    const listed = await instance.request("GET", "/workflows/receive/hooks");
    expect(JSON.stringify(listed.body)).not.toContain(url.split("/").at(-1));
  });

  test("hands over the whole request where that is wanted, and forms as well", async () => {
    const { url } = await create({ payload: "request" });
    const headers = { "content-type": "application/x-www-form-urlencoded", "x-github-event": "push" };
    expect(await resultOf(await post(`${url}?a=1`, "text=hello+you&b=2", headers))).toMatchObject({
      payload: {
        headers: { "x-github-event": "push" },
        query: { a: "1" },
        body: { text: "hello you", b: "2" },
      },
    });
  });

  test("takes only what is signed, and each message once", async () => {
    const secret = "it is a secret";
    const { url } = await create({ scheme: "github", secret });
    const text = '{"ref":"main"}';
    const signature = `sha256=${createHmac("sha256", secret).update(text).digest("hex")}`;
    const first = await post(url, text, { "x-hub-signature-256": signature });
    const second = await post(url, text, { "x-hub-signature-256": signature, "x-github-delivery": "again" });
    expect(first.status).toBe(202);
    expect(second.body.executionId).toBe(first.body.executionId);
    expect(await post(url, `${text} `, { "x-hub-signature-256": signature })).toMatchObject({
      status: 401,
      body: { code: "signature-invalid" },
    });
    expect((await post(url, text)).status).toBe(401);
  });

  test("works at no address but its newest, and at none once it is removed", async () => {
    const hook = await create({});
    const path = `/workflows/receive/hooks/${hook.id}`;
    const { body: rotated } = await instance.request("POST", `${path}/rotate`);
    expect(await post(hook.url, "{}")).toMatchObject({ status: 404, body: { code: "hook-not-found" } });
    expect((await post(rotated.url, "{}")).status).toBe(202);
    expect((await instance.request("DELETE", path)).status).toBe(204);
    expect((await post(rotated.url, "{}")).status).toBe(404);
  });

  test.each([
    [{ scheme: "github" }, "needs the secret"],
    [{ secret: "for nothing" }, "a secret is for a scheme that signs"],
    [{ scheme: "md5", secret: "x" }, "scheme"],
    [{ scheme: "standard-webhooks", secret: "no base 64!" }, "is base 64"],
  ])("cannot be made of %j", async (asked, said) => {
    const { status, body } = await instance.request("POST", "/workflows/receive/hooks", { body: asked });
    expect(status).toBe(400);
    expect(body.detail).toContain(said);
  });
});

/** As another system would: with no key. */
async function post(url: string, body: string, headers: Record<string, string> = {}) {
  const response = await fetch(url, {
    method: "POST",
    body,
    headers: { "content-type": "application/json", ...headers },
  });
  return {
    status: response.status,
    body: (await response.json()) as { executionId: string; code: string },
  };
}
