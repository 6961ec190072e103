import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { serve } from "@hono/node-server";
import { buildSchema, graphql } from "graphql";
import { exportJWK, generateKeyPair, jwtVerify, SignJWT } from "jose";
import { Stripe } from "stripe";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readProject } from "../../src/cli/shared/project.ts";
import { startRegistry } from "../../src/packages/testing/registry-server.ts";
import type { RegistryServer } from "../../src/packages/testing/registry-server.ts";
import { packed } from "../../src/packages/testing/tarball.ts";
import { shop } from "../fixtures/packages/hono-shop.ts";
import { execute } from "../support/executions.ts";
import { startInstance } from "../support/instance.ts";
import type { Instance } from "../support/instance.ts";
import { onceNotBusy } from "../support/once-not-busy.ts";
import { startTarget } from "../support/target.ts";
import type { Answer } from "../support/target.ts";
import { testTimeoutMs } from "../support/time-limits.ts";

const packagesDirectory = fileURLToPath(new URL("../../node_modules", import.meta.url));

let instance: Instance;
let registry: RegistryServer;
beforeAll(async () => {
  registry = await startRegistry();
  // Every answer that a package waits for ends the attempt: what it does is replayed from its start each time.
  instance = await startInstance({
    DURANIUM_PACKAGES_DIR: packagesDirectory,
    DURANIUM_PACKAGES_REGISTRY: registry.url,
    DURANIUM_MAX_MEMORY_MIB: "256",
    RESTATE_WORKER__INVOKER__INACTIVITY_TIMEOUT: "0s",
  });
});
afterAll(async () => {
  await instance[Symbol.asyncDispose]();
  await registry[Symbol.asyncDispose]();
});

describe("a workflow runs unmodified", () => {
  test("stripe: customers, pages, idempotent charges, errors, and the signature of a webhook", async () => {
    await using stripe = await startTarget({
      "POST /v1/customers": ({ body }) => ({ id: "cus_new", object: "customer", sent: body }),
      "GET /v1/customers": ({ path }) => customerPage(path.includes("starting_after=cus_2")),
      "POST /v1/payment_intents": ({ headers }) => ({ id: `pi_${String(headers["idempotency-key"])}` }),
      "POST /v1/charges": declineCard,
    });
    const webhook = await signedWebhook();
    const { result } = await runWorkflow("stripe", ["stripe"], { port: portOf(stripe.url), webhook });
    expect(result).toEqual({
      customer: "cus_new",
      intents: ["pi_charge-cus_1", "pi_charge-cus_2", "pi_charge-cus_3"],
      declined: "card_declined",
      event: "charge.succeeded",
    });
    expect(stripe.seen[0]).toMatchObject({
      body: "email=ann%40example.com&metadata[plan]=basic",
      headers: { authorization: "Bearer sk_test_fixture" },
    });
  });

  test("@octokit/rest: pagination by links, comments, and missing resources", async () => {
    await using github = await startTarget({
      "GET /repos/acme/shop/issues": issuePage,
      "POST /repos/acme/shop/issues/1/comments": () => ({ id: 1 }),
      "POST /repos/acme/shop/issues/3/comments": () => ({ id: 2 }),
    });
    const { result } = await runWorkflow("octokit", ["@octokit/rest"], github.url);
    expect(result).toEqual({ issues: [1, 2, 3], missing: 404 });
    expect(github.count("POST /repos/acme/shop/issues/1/comments")).toBe(1);
    expect(github.seen[0]?.headers.authorization).toBe("token fixture-token");
  });

  test("zod: formats, transforms, and Unicode in regular expressions", async () => {
    const order = {
      id: "6b2e6b0e-4f0a-4f6e-9d6a-0d8f5c1c9b7a",
      email: "ann@example.com",
      placedAt: "2026-01-02T03:04:05Z",
      mood: "🚚",
      name: "Zoe\u0301 Å",
      items: [{ sku: "A-1", quantity: 2 }],
    };
    const { result } = await runWorkflow("zod", ["zod"], order);
    expect(result).toEqual({ ...order, placedAt: 1_767_323_045_000, name: "Zoé Å" });
    const wrong = await execute(instance, "zod", { ...order, email: "ann", name: "R2D2", items: [] });
    expect(wrong.result).toEqual(["email: invalid_format", "name: invalid_format", "items: too_small"]);
  });

  test("date-fns: calendars, locales and Intl", async () => {
    const { result } = await runWorkflow("date-fns", ["date-fns"], "2026-03-05T10:00:00Z");
    expect(result).toEqual({
      day: "Donnerstag, 12. März 2026",
      days: 7,
      distance: "in 7 days",
      intl: "March 12, 2026",
    });
  });

  test("lodash-es: collections, words and templates", async () => {
    const lines = [
      { shop: "Café du Nord", amount: 5 },
      { shop: "Kiosk", amount: 30 },
      { shop: "Café du Nord", amount: 7 },
    ];
    const { result } = await runWorkflow("lodash-es", ["lodash-es"], lines, "lodash-es.js");
    expect(result).toEqual({
      totals: { cafeDuNord: 12, kiosk: 30 },
      pages: [["Kiosk", "Café du Nord"]],
      merged: { a: { b: 1, c: 2 } },
      said: "3 lines",
    });
  });

  test("hono: the typed client of another service", async () => {
    await using service = await startShop();
    const { result } = await runWorkflow("hono", ["hono"], service.url);
    expect(result).toEqual({ status: 201, order: { id: "A-1x2", fields: "sku", caller: "Bearer fixture" } });
  });

  test("graphql-request: variables, headers and errors", async () => {
    await using endpoint = await startTarget({ "POST /graphql": answerGraphql });
    const packages = ["graphql-request", "graphql"];
    const { result } = await runWorkflow("graphql-request", packages, `${endpoint.url}/graphql`);
    expect(result).toEqual({ total: 12.5, missing: "There is no order 9" });
    expect(endpoint.seen[0]?.headers["x-tenant"]).toBe("acme");
  });

  test("jose: keys from an issuer, RS256 and ES256, and HS256 of its own", async () => {
    const [rsa, ec, foreign] = await Promise.all([
      generateKeyPair("RS256"),
      generateKeyPair("ES256"),
      generateKeyPair("RS256"),
    ]);
    const keys = [
      { ...(await exportJWK(rsa.publicKey)), kid: "rsa", alg: "RS256" },
      { ...(await exportJWK(ec.publicKey)), kid: "ec", alg: "ES256" },
    ];
    await using issuer = await startTarget({ "GET /.well-known/jwks.json": () => ({ keys }) });
    const sign = async (alg: string, kid: string, key: CryptoKey) =>
      await new SignJWT({ sub: kid })
        .setProtectedHeader({ alg, kid })
        .setIssuer(issuer.url)
        .setExpirationTime("1h")
        .sign(key);
    const tokens = [await sign("RS256", "rsa", rsa.privateKey), await sign("ES256", "ec", ec.privateKey)];
    const forged = await sign("RS256", "rsa", foreign.privateKey);
    const { result } = await runWorkflow("jose", ["jose"], { issuer: issuer.url, tokens, forged });
    expect(result).toMatchObject({
      subjects: ["rsa", "ec"],
      refused: "ERR_JWS_SIGNATURE_VERIFICATION_FAILED",
    });
    const own = await jwtVerify(result.own, new TextEncoder().encode("fixture-secret-of-32-bytes-or-so"));
    expect(own.payload["subjects"]).toEqual(["rsa", "ec"]);
    expect(issuer.count("GET /.well-known/jwks.json")).toBe(1);
  });
});

test("axios and qs, which replace files for browsers, run when deployed by the command line", async () => {
  await using orders = await startTarget({
    "GET /orders": ({ path }) => ({ path }),
    "POST /orders": ({ body }) => ({ body }),
  });
  const path = fileURLToPath(new URL("../fixtures/packages/axios.ts", import.meta.url));
  const { entry, files } = await onceNotBusy(async () => await readProject(path));
  const { status } = await instance.request("POST", "/workflows/axios/deploy", { body: { entry, files } });
  expect(status).toBe(201);
  expect((await execute(instance, "axios", orders.url)).result).toEqual({
    data: { path: "/orders?state%5B%5D=open&state%5B%5D=paid" },
    made: { body: '{"sku":"A-1"}' },
    missing: ["AxiosError", 404],
    parsed: { a: { b: "1" }, c: "2" },
  });
});

// Bundling them takes most of a minute of one processor where it is slow, here and on the server.
test(
  "SDKs of a language model and a cloud, tokens and time zones run when deployed by the command line",
  async () => {
    await using services = await startTarget({
      "POST /groq/openai/v1/chat/completions": streamGreeting,
      "GET /groq/openai/v1/models/none": (_request, response) => {
        response.statusCode = 404;
        return { error: { message: "no such model" } };
      },
      "POST /sqs/": ({ body }) => ({
        MessageId: "m1",
        MD5OfMessageBody: md5Of(JSON.parse(body).MessageBody),
      }),
    });
    const path = fileURLToPath(new URL("../fixtures/packages/sdks.js", import.meta.url));
    const { entry, files } = await onceNotBusy(async () => await readProject(path));
    const limits = { memoryMib: 256 };
    const settings = await instance.request("PUT", "/workflows/sdks/settings", { body: { limits } });
    expect(settings.status).toBe(200);
    const { status } = await instance.request("POST", "/workflows/sdks/deploy", { body: { entry, files } });
    expect(status).toBe(201);
    const secret = "fixture-secret-of-32-bytes-or-so";
    const payload = { url: services.url, at: "2026-03-07T12:00:00", secret };
    const { result } = await execute(instance, "sdks", payload);
    expect(result).toMatchObject({
      said: "Hello",
      missing: 404,
      messageId: "m1",
      subject: "Hello",
      next: "2026-03-08T12:00:00.000-04:00",
      shown: "8. März 2026 um 17:00 MEZ",
    });
    const { payload: claims } = await jwtVerify(result.token, new TextEncoder().encode(secret));
    expect(claims).toEqual({ sub: "Hello" });
    expect(services.count("POST /sqs/")).toBe(1);
  },
  2 * testTimeoutMs,
);

describe("a deploy with dependencies", () => {
  test("stores them with its version", async () => {
    await runWorkflow("kept", ["zod"], {}, "zod.ts");
    const { body } = await instance.request("GET", "/workflows/kept/versions/1");
    expect(body.source.dependencies).toEqual({ zod: await installedVersion("zod") });
  });

  test("is rejected with a hint if the installed version differs", async () => {
    const answer = await instance.request("POST", "/workflows/refused/deploy", {
      body: { source: "export const run = () => 1;", dependencies: { zod: "0.0.1" } },
    });
    expect(answer).toMatchObject({ status: 422, body: { code: "compile-failed" } });
    expect(answer.body.diagnostics[0].message).toContain('Cannot supply "zod" 0.0.1: this installation has');
  });

  test("is rejected if a version is not exact", async () => {
    const answer = await instance.request("POST", "/workflows/refused/deploy", {
      body: { source: "export const run = () => 1;", dependencies: { zod: "^4.0.0" } },
    });
    expect(answer).toMatchObject({ status: 400, body: { code: "invalid-request" } });
  });
});

describe("packages that are added to a source", () => {
  const greeting = {
    name: "greeting",
    version: "1.0.0",
    manifest: { dependencies: { punctuation: "^1.0.0" }, type: "module", exports: "./index.js" },
    files: {
      "index.js": 'import { mark } from "punctuation";\nexport const greet = (who) => "Hello " + who + mark;',
    },
  };
  const punctuation = {
    name: "punctuation",
    version: "1.0.0",
    files: { "index.js": 'exports.mark = "!";' },
  };
  const source =
    'import { greet } from "greeting";\nimport { distance } from "fastest-levenshtein";\n' +
    'export const run = async (ctx, who) => { await ctx.sleep(1); return greet(who) + distance("a", "ab"); };';

  test("come from the registry and the folder, and a deploy with the lock has the same files again", async () => {
    registry.publish(greeting, punctuation);
    const packages = { greeting: "^1.0.0", "fastest-levenshtein": "latest" };
    const first = await deploy("greeter", { source, packages });
    expect((await execute(instance, "greeter", "Ann")).result).toBe("Hello Ann!1");
    const version = await instance.request("GET", "/workflows/greeter/versions/1");
    const { packageLock } = version.body.source;
    expect(version.body.source).toMatchObject({
      packages,
      packageLock: {
        "node_modules/fastest-levenshtein": {
          from: "folder",
          version: await installedVersion("fastest-levenshtein"),
        },
        "node_modules/greeting": {
          from: "registry",
          version: "1.0.0",
          integrity: expect.stringMatching(/^sha512-/),
        },
        "node_modules/punctuation": { from: "registry", name: "punctuation" },
      },
    });
    registry.publish({ ...punctuation, version: "1.1.0", files: { "index.js": 'exports.mark = "?";' } });
    expect(await deploy("greeter", { source, packages, packageLock })).toMatchObject({
      unchanged: true,
      bundleDigest: first.bundleDigest,
    });
    const check = await instance.request("POST", "/workflows/greeter/replay-checks?wait=60", {
      body: { source, packages, packageLock, select: { last: 5 } },
    });
    expect(check.body).toMatchObject({ status: "completed", summary: { same: 1 } });
    const newest = await instance.request("POST", "/packages/resolve", { body: { packages } });
    expect(newest.body.packageLock).toMatchObject({ "node_modules/punctuation": { version: "1.1.0" } });
  });

  test("are uploaded as npm packs them, and their files are served by their digest", async () => {
    const bytes = packed(
      { name: "own", version: "0.1.0", dependencies: { punctuation: "1.0.0" } },
      { "index.js": 'module.exports = require("punctuation").mark;' },
    );
    const uploaded = await instance.request("POST", "/packages", {
      body: bytes,
      headers: { "content-type": "application/gzip" },
    });
    expect(uploaded).toMatchObject({ status: 201, body: { name: "own", version: "0.1.0", files: 2 } });
    const { digest } = uploaded.body;
    const files = await instance.request("GET", `/packages/${digest}`);
    expect(files.body["index.js"]).toContain("punctuation");
    expect((await instance.request("GET", `/packages/${"0".repeat(64)}`)).body.code).toBe(
      "package-not-found",
    );
    await deploy("uploader", {
      source: 'import own from "own";\nexport const run = () => own;',
      packages: { own: `upload:${digest}` },
    });
    expect((await execute(instance, "uploader", null)).result).toBe("!");
  });

  test("are refused with the package and the reason, and the digest of an artifact that is no package is not read", async () => {
    const missing = await instance.request("POST", "/workflows/refused/deploy", {
      body: { source, packages: { "does-not-exist": "^1.0.0" } },
    });
    expect(missing).toMatchObject({
      status: 422,
      body: {
        code: "package-refused",
        diagnostics: [{ message: expect.stringContaining("does-not-exist") }],
      },
    });
    const { bundleDigest } = (await instance.request("GET", "/workflows/greeter/versions/1")).body;
    const locked = { name: "greeting", version: "1.0.0", digest: bundleDigest, from: "upload" };
    const stolen = await instance.request("POST", "/workflows/refused/deploy", {
      body: { source, packages: { greeting: "*" }, packageLock: { "node_modules/greeting": locked } },
    });
    expect(stolen).toMatchObject({ status: 422, body: { code: "package-refused" } });
    expect((await instance.request("GET", `/packages/${bundleDigest}`)).status).toBe(404);
    const escaping = await instance.request("POST", "/workflows/refused/deploy", {
      body: { source, packages: { greeting: "*" }, packageLock: { "node_modules/../../etc": locked } },
    });
    expect(escaping).toMatchObject({ status: 400, body: { code: "invalid-request" } });
  });

  test("are refused if a lock says more about their origin than is known, or has more files than a deploy may", async () => {
    const both = { name: "both", version: "1.0.0" };
    const files = Object.fromEntries(Array.from({ length: 4_000 }, (_, number) => [`${number}.js`, ""]));
    const bytes = packed(both, files);
    const headers = { "content-type": "application/gzip" };
    const { digest, integrity } = (await instance.request("POST", "/packages", { body: bytes, headers }))
      .body;
    const locked = { ...both, digest, integrity, from: "registry" };
    const body = { source: "export const run = () => 1;", packages: { both: "*" } };
    const send = async (packageLock: object) =>
      await instance.request("POST", "/workflows/claims/deploy", { body: { ...body, packageLock } });
    expect(await send({ "node_modules/both": locked })).toMatchObject({
      status: 422,
      body: {
        code: "package-refused",
        detail: expect.stringContaining("an origin or integrity that these files do not have"),
      },
    });
    const folders = ["both", "a", "b", "c", "d"].map((name) => `node_modules/${name}`);
    const copies = Object.fromEntries(folders.map((folder) => [folder, { ...locked, from: "upload" }]));
    expect((await send(copies)).body.detail).toContain("more than 20000 files");
    registry.publish({ ...both, files });
    const { packageLock } = (
      await instance.request("POST", "/packages/resolve", { body: { packages: body.packages } })
    ).body;
    expect(packageLock).toEqual({ "node_modules/both": locked });
    expect((await send(packageLock)).status).toBe(201);
  });

  test("are found by a part of their name in the folder and in the registry", async () => {
    const found = await instance.request("GET", "/packages?query=greet");
    expect(found.body).toMatchObject({
      items: [{ name: "greeting", version: "1.0.0", from: "registry" }],
      folder: true,
      registry: registry.url,
    });
    const installed = await instance.request("GET", "/packages?query=date-fns");
    expect(installed.body.items[0]).toMatchObject({ name: "date-fns", from: "folder" });
  });
});

async function deploy(workflow: string, body: unknown) {
  const deployed = await instance.request("POST", `/workflows/${workflow}/deploy`, { body });
  expect(deployed.body.detail).toBeUndefined();
  return deployed.body as { readonly bundleDigest: string; readonly unchanged: boolean };
}

/** Deploys a fixture with packages of the installation and executes it. */
async function runWorkflow(
  workflow: string,
  packages: readonly string[],
  payload: unknown,
  fixture = `${workflow}.ts`,
) {
  const path = new URL(`../fixtures/packages/${fixture}`, import.meta.url);
  const versions = packages.map(async (name) => [name, await installedVersion(name)] as const);
  const { status, body } = await instance.request("POST", `/workflows/${workflow}/deploy`, {
    body: {
      source: await readFile(path, "utf8"),
      dependencies: Object.fromEntries(await Promise.all(versions)),
    },
  });
  if (status !== 201) throw new Error(`deploy answered ${status}: ${JSON.stringify(body)}`);
  const ended = await execute(instance, workflow, payload);
  if (ended.status !== "completed") throw new Error(`it ended as ${JSON.stringify(ended)}`);
  return ended;
}

async function installedVersion(name: string): Promise<string> {
  const manifest = await readFile(`${packagesDirectory}/${name}/package.json`, "utf8");
  return (JSON.parse(manifest) as { version: string }).version;
}

function customerPage(isLast: boolean) {
  const ids = isLast ? ["cus_3"] : ["cus_1", "cus_2"];
  return {
    object: "list",
    url: "/v1/customers",
    has_more: !isLast,
    data: ids.map((id) => ({ id, object: "customer" })),
  };
}

const declineCard: Answer = (_request, response) => {
  response.statusCode = 402;
  return { error: { type: "card_error", code: "card_declined", message: "Your card was declined." } };
};

async function signedWebhook() {
  const body = JSON.stringify({ id: "evt_1", object: "event", type: "charge.succeeded" });
  const { webhooks } = new Stripe("sk_test_fixture");
  const signature = await webhooks.generateTestHeaderStringAsync({ payload: body, secret: "whsec_fixture" });
  return { body, signature };
}

const issuePage: Answer = ({ path, headers }, response) => {
  if (/[?&]page=2/.test(path)) return [{ number: 3, comments: 0 }];
  const next = `http://${headers.host}/repos/acme/shop/issues?per_page=2&page=2`;
  response.setHeader("link", `<${next}>; rel="next", <${next}>; rel="last"`);
  return [
    { number: 1, comments: 0 },
    { number: 2, comments: 4 },
  ];
};

async function startShop() {
  const server = await new Promise<ReturnType<typeof serve>>((resolve) => {
    const started = serve({ fetch: shop.fetch, port: 0, hostname: "127.0.0.1" }, () => resolve(started));
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const schema = buildSchema(`
  type Order { id: ID! total: Float! }
  type Query { order(id: ID!): Order }
`);

const answerGraphql: Answer = async ({ body }) => {
  const { query, variables } = JSON.parse(body) as { query: string; variables: Record<string, unknown> };
  const rootValue = {
    order({ id }: { id: string }) {
      if (id === "1") return { id, total: 12.5 };
      throw new Error(`There is no order ${id}`);
    },
  };
  return await graphql({ schema, source: query, variableValues: variables, rootValue });
};

const streamGreeting: Answer = (_request, response) => {
  response.setHeader("content-type", "text/event-stream");
  const deltas = ["Hel", "lo"].map((content) => ({ choices: [{ index: 0, delta: { content } }] }));
  response.end(`${deltas.map((each) => `data: ${JSON.stringify(each)}\n\n`).join("")}data: [DONE]\n\n`);
};

function md5Of(text: string): string {
  return createHash("md5").update(text).digest("hex");
}

function portOf(url: string): number {
  return Number(new URL(url).port);
}
