import { createHmac } from "node:crypto";
import { request } from "node:http";
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { deploy, untilEnded } from "../support/executions.ts";
import { sharedInstance } from "../support/instance.ts";
import type { Instance } from "../support/instance.ts";

describe("a webhook", () => {
  let instance: Instance;
  beforeAll(async () => {
    instance = await sharedInstance();
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
    const { status, body } = await instance.request("POST", "/workflows/receive/webhooks", { body: asked });
    expect(status).toBe(201);
    return body;
  }

  async function resultOf({ body }: Awaited<ReturnType<typeof post>>): Promise<unknown> {
    return (await untilEnded(instance, body.executionId)).result;
  }

  test("executes its workflow for any client with the URL", async () => {
    const { url } = await create({ entryPoint: "order-created" });
    expect(url).toMatch(new RegExp(`^${instance.url}/webhooks/[A-Za-z0-9_-]{22}$`));
    const posted = await post(url, '{"order":4711}');
    expect(posted.status).toBe(202);
    expect(await resultOf(posted)).toEqual({ entryPoint: "order-created", payload: { order: 4711 } });
    const listed = await instance.request("GET", "/workflows/receive/webhooks");
    expect(JSON.stringify(listed.body)).not.toContain(url.split("/").at(-1));
  });

  test("has a name and a log of its requests", async () => {
    const { id, url } = await create({ name: "Orders", scheme: "hmac-sha256", secret: "s" });
    const path = `/workflows/receive/webhooks/${id}`;
    const signature = createHmac("sha256", "s").update("{}").digest("hex");
    const headers = { "x-signature": signature, "idempotency-key": "1", "content-type": "application/json" };
    const first = await post(url, "{}", headers);
    await post(url, "{}", headers);
    await post(url, "{}", { "x-signature": "0".repeat(64) });
    const { body } = await instance.request("GET", `${path}/deliveries`);
    expect(body.items).toMatchObject([
      { outcome: "rejected", status: 401, code: "signature-invalid", bytes: 2 },
      { outcome: "repeated", status: 202, executionId: first.body.executionId },
      { outcome: "accepted", status: 202, executionId: first.body.executionId, at: expect.any(String) },
    ]);
    const renamed = await instance.request("PATCH", path, { body: { name: " Orders, live " } });
    expect(renamed.body).toMatchObject({ id, name: "Orders, live" });
    await instance.request("DELETE", path);
    const gone = await instance.request("GET", `${path}/deliveries`);
    expect(gone.body).toMatchObject({ status: 404, code: "webhook-not-found" });
  });

  test("passes the whole request on request, with all values of a name", async () => {
    const { url } = await create({ payload: "request" });
    const headers = { "content-type": "application/x-www-form-urlencoded", "x-github-event": "push" };
    const body = "text=hello+you&b=2&to=a&to=b&__proto__=x";
    expect(await resultOf(await post(`${url}?a=1&q=x&q=y`, body, headers))).toMatchObject({
      payload: {
        method: "POST",
        headers: { "x-github-event": "push" },
        query: { a: "1", q: ["x", "y"] },
        body: { text: "hello you", b: "2", to: ["a", "b"], ["__proto__"]: "x" },
        rawBody: body,
        rawEncoding: "utf8",
      },
    });
  });

  test.each([
    ["text/plain", "2026-01-31 order 4711", "2026-01-31 order 4711"],
    ["application/xml; charset=utf-8", "<order id='1'/>", "<order id='1'/>"],
    ["text/csv; charset=iso-8859-1", Buffer.of(0x61, 0xe9), "aé"],
    ["application/pdf", Buffer.of(0xff, 0x00), { contentType: "application/pdf", base64: "/wA=" }],
    ["application/json", '\uFEFF{"a":1}', { a: 1 }],
    ["not a type", "text", "text"],
  ])("passes a body of type %s", async (type, body, wanted) => {
    const { url } = await create({});
    expect(await resultOf(await post(url, body, { "content-type": type }))).toMatchObject({
      payload: wanted,
    });
  });

  test("passes the fields and files of a form, as other systems send them", async () => {
    const { url } = await create({});
    const form = [
      "--X\r\nContent-Disposition: form-data; name=plain\r\n\r\n1",
      '--X\r\nContent-Disposition: form-data; name="to"\r\n\r\nä',
      '--X\r\nContent-Disposition: form-data; name="to"\r\n\r\nb',
      "--X\r\nContent-Disposition: form-data; name=f; filename*=UTF-8''%E6%97%A5.txt\r\nContent-Type: text/plain\r\n\r\nhi",
      "--X--\r\n",
    ].join("\r\n");
    const posted = await post(url, form, { "content-type": "multipart/form-data; boundary=X" });
    expect(await resultOf(posted)).toMatchObject({
      payload: {
        plain: "1",
        to: ["ä", "b"],
        f: { filename: "日.txt", contentType: "text/plain", base64: "aGk=" },
      },
    });
  });

  test("a workflow can check an unknown signature scheme itself", async () => {
    await deploy(
      instance,
      "check",
      `export async function run(ctx, { headers, rawBody, rawEncoding }) {
         const bytes = rawEncoding === "utf8"
           ? new TextEncoder().encode(rawBody)
           : Uint8Array.from(atob(rawBody), (character) => character.charCodeAt(0));
         const algorithm = { name: "HMAC", hash: "SHA-512" };
         const key = await crypto.subtle.importKey("raw", new TextEncoder().encode("shared"), algorithm, false, ["sign"]);
         const mac = new Uint8Array(await crypto.subtle.sign("HMAC", key, bytes));
         return { rawEncoding, right: mac.toHex() === headers["x-acme-signature"] };
       }`,
    );
    const { body } = await instance.request("POST", "/workflows/check/webhooks", {
      body: { payload: "request" },
    });
    const bodies = [Buffer.from('\uFEFF{"a":"é\\n"}'), Buffer.of(0xff, 0xfe, 0x00)];
    for (const [index, bytes] of bodies.entries()) {
      const signature = createHmac("sha512", "shared").update(bytes).digest("hex");
      const headers = { "x-acme-signature": signature, "content-type": "application/x-acme" };
      expect(await resultOf(await post(body.url, bytes, headers))).toEqual({
        rawEncoding: index === 0 ? "utf8" : "base64",
        right: true,
      });
    }
  });

  test("accepts only signed requests, and each delivery once", async () => {
    const secret = "it is a secret";
    const { url } = await create({ scheme: "github", secret });
    const text = '{"ref":"main"}';
    const signature = { "x-hub-signature-256": `sha256=${hmac(secret, text)}` };
    const deliver = async (id: string) => await post(url, text, { ...signature, "x-github-delivery": id });
    const [first, second, again] = [await deliver("1"), await deliver("2"), await deliver("1")];
    expect([first.status, second.status, again.status]).toEqual([202, 202, 202]);
    expect(again.body.executionId).toBe(first.body.executionId);
    expect(second.body.executionId).not.toBe(first.body.executionId);
    expect(await post(url, `${text} `, signature)).toMatchObject({
      status: 401,
      body: { code: "signature-invalid" },
    });
    expect((await post(url, text)).status).toBe(401);
  });

  test("treats a repeated signature without a delivery ID as a replay, also after a kill", async () => {
    const { url } = await create({ scheme: "hmac-sha256", secret: "it is a secret" });
    const signed = { "x-signature": hmac("it is a secret", "{}") };
    const first = await post(url, "{}", signed);
    await instance.kill();
    await instance.start();
    const replayed = await post(url, "{}", signed);
    expect([first.status, replayed.status]).toEqual([202, 202]);
    expect(replayed.body.executionId).toBe(first.body.executionId);
    const named = await post(url, "{}", { ...signed, "idempotency-key": "another" });
    expect(named.body.executionId).not.toBe(first.body.executionId);
  });

  test("answers the handshakes of Meta, Dropbox, Graph and Slack without an execution", async () => {
    const { url } = await create({ entryPoint: "handshake" });
    const slack = await create({ scheme: "slack", secret: "slack's secret", entryPoint: "handshake" });
    const asked = await Promise.all([
      fetch(`${url}?hub.mode=subscribe&hub.verify_token=x&hub.challenge=1158201444`),
      fetch(`${url}?challenge=dropbox`),
      fetch(`${url}?validationToken=Validation%3a+Testing+client%3Cscript%3E`, { method: "POST" }),
      fetch(url),
    ]);
    expect(await Promise.all(asked.map(async (response) => await response.text()))).toEqual([
      "1158201444",
      "dropbox",
      "Validation: Testing client<script>",
      "",
    ]);
    for (const { status, headers } of asked) {
      expect([status, headers.get("content-type"), headers.get("x-content-type-options")]).toEqual([
        200,
        expect.stringMatching(/^text\/plain; ?charset=UTF-8$/),
        "nosniff",
      ]);
    }
    const body = JSON.stringify({ type: "url_verification", token: "t", challenge: "3eZbrw1aB" });
    const time = String(Math.floor(Date.now() / 1_000));
    const signature = `v0=${hmac("slack's secret", `v0:${time}:${body}`)}`;
    const headers = { "x-slack-request-timestamp": time, "x-slack-signature": signature };
    expect(await post(slack.url, body, headers)).toEqual({ status: 200, body: { challenge: "3eZbrw1aB" } });
    expect((await post(slack.url, body)).status).toBe(401);
    const unknown = `${instance.url}/webhooks/${"x".repeat(22)}`;
    expect((await fetch(`${unknown}?hub.challenge=1`)).status).toBe(404);
    expect((await fetch(`${url}?hub.challenge=${"1".repeat(2_000)}`)).status).toBe(400);
    expect((await fetch(`${url}?hub.challenge=%0d%0aset-cookie`)).status).toBe(400);
    const executed = await instance.request("GET", "/executions?entry-point=handshake");
    expect(executed.body.items).toEqual([]);
  });

  test("answers the handshakes of Zoom, X and Event Grid without an execution", async () => {
    const made = { secret: "their secret", entryPoint: "handshake" };
    const zoom = await create({ ...made, scheme: "zoom" });
    const body = JSON.stringify({ event: "endpoint.url_validation", payload: { plainToken: "qgg8vlvZRS6" } });
    const time = String(Math.floor(Date.now() / 1_000));
    const signature = `v0=${hmac("their secret", `v0:${time}:${body}`)}`;
    const signed = { "x-zm-request-timestamp": time, "x-zm-signature": signature };
    expect(await post(zoom.url, body, signed)).toEqual({
      status: 200,
      body: { plainToken: "qgg8vlvZRS6", encryptedToken: hmac("their secret", "qgg8vlvZRS6") },
    });
    expect((await post(zoom.url, body)).status).toBe(401);

    const twitter = await create({ ...made, scheme: "twitter" });
    const asked = await fetch(`${twitter.url}?crc_token=dG9rZW4=&nonce=1`);
    const mac = Buffer.from(hmac("their secret", "dG9rZW4="), "hex").toString("base64");
    expect([asked.status, await asked.json()]).toEqual([200, { response_token: `sha256=${mac}` }]);
    // A value that could be an event is never signed.
    expect((await fetch(`${twitter.url}?crc_token=${encodeURIComponent('{"for":1}')}`)).status).toBe(400);

    const azure = await create({ entryPoint: "handshake" });
    const event = {
      eventType: "Microsoft.EventGrid.SubscriptionValidationEvent",
      data: { validationCode: "512d-1" },
    };
    expect(
      await post(azure.url, JSON.stringify([event]), { "aeg-event-type": "SubscriptionValidation" }),
    ).toEqual({
      status: 200,
      body: { validationResponse: "512d-1" },
    });
    const permitted = await fetch(azure.url, {
      method: "OPTIONS",
      headers: { "webhook-request-origin": "eventgrid.azure.net", "webhook-request-rate": "120" },
    });
    expect(permitted.status).toBe(200);
    expect(Object.fromEntries(permitted.headers)).toMatchObject({
      "webhook-allowed-origin": "eventgrid.azure.net",
      "webhook-allowed-rate": "*",
    });
    expect((await fetch(`${instance.url}/webhooks/${"x".repeat(22)}`, { method: "OPTIONS" })).status).toBe(
      404,
    );
    expect((await fetch(azure.url, { method: "OPTIONS" })).headers.has("webhook-allowed-origin")).toBe(false);
    const executed = await instance.request("GET", "/executions?entry-point=handshake");
    expect(executed.body.items).toEqual([]);
  });

  test("accepts compressed bodies, and checks signatures over the raw bytes", async () => {
    const { url } = await create({ scheme: "github", secret: "s", payload: "request" });
    const text = JSON.stringify({ order: 4711, note: "é".repeat(1_000) });
    const sent: readonly (readonly [string, Uint8Array<ArrayBuffer>])[] = [
      ["gzip", gzipSync(text)],
      ["deflate", deflateSync(text)],
      ["deflate", deflateRawSync(text)],
      ["br", brotliCompressSync(text)],
      ["gzip, br", brotliCompressSync(gzipSync(text))],
    ];
    for (const [coding, bytes] of sent) {
      const mac = createHmac("sha256", "s").update(bytes).digest("hex");
      const headers = { "content-encoding": coding, "x-hub-signature-256": `sha256=${mac}` };
      expect(await resultOf(await post(url, bytes, headers))).toMatchObject({
        payload: {
          body: { order: 4711 },
          rawBody: Buffer.from(bytes).toString("base64"),
          rawEncoding: "base64",
        },
      });
    }
    const signedText = { "content-encoding": "gzip", "x-hub-signature-256": `sha256=${hmac("s", text)}` };
    expect((await post(url, gzipSync(text), signedText)).status).toBe(401);
    const open = await create({});
    const bomb = gzipSync(Buffer.alloc(64 * 1_024 * 1_024));
    expect((await post(open.url, bomb, { "content-encoding": "gzip" })).body.code).toBe("body-too-large");
    expect((await post(open.url, "{}", { "content-encoding": "gzip" })).body.code).toBe("invalid-request");
    expect(
      (await post(open.url, gzipSync(text).subarray(0, 40), { "content-encoding": "gzip" })).status,
    ).toBe(400);
    expect((await post(open.url, "{}", { "content-encoding": "compress" })).status).toBe(415);
  });

  test("rejects an unknown token before it reads the body", async () => {
    const { promise, resolve } = Promise.withResolvers<number | undefined>();
    const asked = request(`${instance.url}/webhooks/${"x".repeat(22)}`, {
      method: "POST",
      headers: { "content-type": "application/json", "content-length": 4 * 1_024 * 1_024 },
    });
    asked.on("response", ({ statusCode }) => resolve(statusCode)).on("error", () => {});
    // The body never arrives.
    asked.write("[");
    expect(await promise).toBe(404);
    asked.destroy();
  });

  test("works only at its current URL, and not after deletion", async () => {
    const webhook = await create({});
    const path = `/workflows/receive/webhooks/${webhook.id}`;
    const { body: rotated } = await instance.request("POST", `${path}/rotate`);
    expect(await post(webhook.url, "{}")).toMatchObject({ status: 404, body: { code: "webhook-not-found" } });
    expect((await post(rotated.url, "{}")).status).toBe(202);
    expect((await instance.request("DELETE", path)).status).toBe(204);
    expect((await post(rotated.url, "{}")).status).toBe(404);
  });

  test.each([
    [{ scheme: "github" }, "needs the secret"],
    [{ secret: "for nothing" }, "the scheme none takes no secret"],
    [{ scheme: "md5", secret: "x" }, "scheme"],
    [{ scheme: "standard-webhooks", secret: "no base 64!" }, "is base64"],
  ])("cannot be created from %j", async (asked, said) => {
    const { status, body } = await instance.request("POST", "/workflows/receive/webhooks", { body: asked });
    expect(status).toBe(400);
    expect(body.detail).toContain(said);
  });
});

function hmac(secret: string, text: string): string {
  return createHmac("sha256", secret).update(text).digest("hex");
}

/** Like another system, without a key. */
async function post(
  url: string,
  body: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = {},
) {
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
