import { expect, test } from "vitest";
import { freePorts } from "./free-ports.ts";
import { createPostgresDatabase, describeWithPostgres, startPostgres } from "./postgres.ts";

describeWithPostgres("the PostgreSQL server of the tests", () => {
  test("each database of the shared server has a URL of its own", async () => {
    const urls = [await createPostgresDatabase(), await createPostgresDatabase()];
    expect(new Set(urls).size).toBe(2);
    expect(new Set(urls.map((url) => new URL(url).host)).size).toBe(1);
  });

  test("a server that was killed or stopped starts again with its data", async () => {
    await using server = await startPostgres();
    const first = await server.createDatabase();
    for (const signal of ["kill", "stop"] as const) {
      await server[signal]();
      await expect(server.createDatabase()).rejects.toThrow();
      await server.start();
      expect(await server.createDatabase()).not.toBe(first);
    }
  });

  test("a standby takes no changes before it is promoted", async () => {
    const [port = 0] = await freePorts(1);
    await using original = await startPostgres();
    await using standby = await original.startStandby(port);
    await original.createDatabase();
    await original.kill();
    await expect(standby.createDatabase()).rejects.toThrow("read-only");
    await standby.promote();
    await standby.createDatabase();
  });
});
