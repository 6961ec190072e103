import { afterAll, beforeAll, expect, test } from "vitest";
import { generateKey } from "../../src/stores/data-directory/key-ring.ts";
import { deploy, execute } from "../support/executions.ts";
import { createInstance } from "../support/instance.ts";
import type { Instance } from "../support/instance.ts";
import { createPostgresDatabase, describeWithPostgres } from "../support/postgres.ts";
import { startTarget } from "../support/target.ts";
import type { Target } from "../support/target.ts";

/** The second API changes something; the first API and the executor in its process follow. */
describeWithPostgres("an installation of two processes on PostgreSQL", () => {
  let first: Instance;
  let second: Instance;
  let target: Target;
  /** What the last fetch sent. An echo in its response would be redacted. */
  let received: string | undefined;

  beforeAll(async () => {
    target = await startTarget({
      "GET /": ({ headers }) => {
        received = headers["authorization"];
        return "done";
      },
    });
    const shared = {
      DURANIUM_DATABASE_URL: await createPostgresDatabase(),
      DURANIUM_MASTER_KEY: generateKey(),
    };
    first = await createInstance(shared);
    await first.start();
    second = await createInstance({
      ...shared,
      DURANIUM_ROLE: "api",
      DURANIUM_ARTIFACTS_DIR: `${first.dataDir}/artifacts`,
      RESTATE_INGRESS_URL: first.restateIngressUrl,
      RESTATE_ADMIN_URL: first.restateAdminUrl,
    });
    await second.start();
    await deploy(
      first,
      "narrow",
      "export const run = async (ctx, url) => await (await fetch(url, { headers: { authorization: ctx.secrets.TOKEN } })).json();",
    );
    await setSecret("secret-before");
  });
  afterAll(async () => {
    for (const each of [second, first, target]) await each?.[Symbol.asyncDispose]();
  });

  async function setSecret(value: string): Promise<void> {
    const body = { value, hosts: [target.url] };
    const { status } = await second.request("PUT", "/workflows/narrow/secrets/TOKEN", { body });
    expect(status).toBe(200);
  }

  async function sent(): Promise<string | undefined> {
    await execute(first, "narrow", target.url);
    return received;
  }

  async function failure(): Promise<string | undefined> {
    return (await execute(first, "narrow", target.url)).failure?.code;
  }

  test("a key that one API revokes stops working at the other", async () => {
    const { body } = await second.request("POST", "/api-keys", {
      body: { name: "ci", scopes: ["workflows:read"] },
    });
    const headers = { authorization: `Bearer ${body.key}` };
    const status = async () => (await first.request("GET", "/workflows", { headers })).status;
    expect(await status()).toBe(200);
    await second.request("DELETE", `/api-keys/${body.id}`);
    await expect.poll(status, { interval: 10 }).toBe(401);
  });

  test("a secret that one API replaces is sent by the executor of the other", async () => {
    expect(await sent()).toBe("secret-before");
    await setSecret("secret-after");
    await expect.poll(sent, { interval: 10 }).toBe("secret-after");
  });

  test("an egress rule that one API changes holds for the executor of the other", async () => {
    expect(await failure()).toBeUndefined();
    await second.request("PUT", "/workflows/narrow/settings", {
      body: { egress: { allow: ["a.example.com"] } },
    });
    await expect.poll(failure, { interval: 10 }).toBe("egress-refused");
  });
});
