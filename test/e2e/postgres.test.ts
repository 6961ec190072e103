import { expect, test } from "vitest";
import { deploy, startExecution, untilEnded } from "../support/executions.ts";
import { createInstance } from "../support/instance.ts";
import { createPostgresDatabase, describeWithPostgres } from "../support/postgres.ts";

describeWithPostgres("an installation on PostgreSQL", () => {
  test("deploys, executes, and shows console lines, also after a restart", async () => {
    await using instance = await createInstance({
      DURANIUM_DATABASE_URL: await createPostgresDatabase(),
      DURANIUM_MASTER_KEY: Buffer.alloc(32, 1).toString("base64"),
    });
    await instance.start();
    await deploy(
      instance,
      "orders",
      "export const run = (ctx, name) => { console.log('hello'); return name; };",
    );
    const first = await startExecution(instance, "orders", "one");
    expect(await untilEnded(instance, first)).toMatchObject({ result: "one" });
    await instance.stop();
    await instance.start();
    const second = await startExecution(instance, "orders", "two");
    expect(await untilEnded(instance, second)).toMatchObject({ result: "two", version: 1 });
    const logs = await instance.request("GET", `/executions/${first}/logs`);
    expect(JSON.stringify(logs.body)).toContain("hello");
  });
});
