import { expect, test } from "vitest";
import { freePorts } from "../../../test/support/free-ports.ts";
import {
  createPostgresDatabase,
  describeWithPostgres,
  startPostgres,
} from "../../../test/support/postgres.ts";
import { digestOf } from "../../base/sha256.ts";
import { rows } from "./database.ts";
import type { Queries } from "./database.ts";
import { sql } from "./drizzle.ts";
import { silentLogger } from "../testing/logger.ts";
import { openPostgres } from "./postgres.ts";

const options = { logger: silentLogger };

describeWithPostgres("a PostgreSQL database", () => {
  test("several processes migrate the same database concurrently, and again later", async () => {
    const url = await createPostgresDatabase();
    const opened = await Promise.all([1, 2, 3].map(async () => await openPostgres(url, options)));
    for (const database of opened) await expect(database.check()).resolves.toBeUndefined();
    for (const database of opened) await database[Symbol.asyncDispose]();
    await expect(opened[0]?.check()).rejects.toMatchObject({ code: "database-unavailable" });
    await using again = await openPostgres(url, options);
    expect(await again.queries.select().from(again.tables.sources)).toEqual([]);
  });

  test("a snapshot may be idle for as long as what it has read takes to be written elsewhere", async () => {
    await using database = await openPostgres(await createPostgresDatabase(), options);
    const limit = sql<string>`current_setting('idle_in_transaction_session_timeout')`;
    const read = async (queries: Queries) => await queries.select({ limit }).from(sql`(SELECT 1) AS one`);
    expect(await database.snapshot(read)).toEqual([{ limit: "0" }]);
    expect(await read(database.queries)).toEqual([{ limit: "10s" }]);
  });

  test("a wrong password is reported without it", async () => {
    const url = new URL(await createPostgresDatabase());
    url.password = "not-the-password";
    const error = await openPostgres(url.href, options).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "internal", message: expect.stringContaining("authentication") });
    expect(String(error)).not.toContain("not-the-password");
  });

  test("statements and transactions continue after the server was killed, and nothing committed is lost", async () => {
    await using server = await startPostgres();
    await using database = await openPostgres(await server.createDatabase(), options);
    const { queries, tables } = database;
    const { sources } = tables;
    await queries.insert(sources).values(sourceOf("a"));
    await server.kill();
    const read = queries.select({ source: sources.source }).from(sources);
    const write = database.transaction(function* (tx) {
      return yield* rows(tx.insert(sources).values(sourceOf("b")).returning());
    });
    const found = read.then((all) => all);
    await server.start();
    expect(await found).toContainEqual({ source: "a" });
    expect(await write).toEqual([sourceOf("b")]);
  });

  test("of several hosts the primary is used, also after a standby was promoted", async () => {
    const [port = 0] = await freePorts(1);
    await using original = await startPostgres();
    const url = new URL(await original.createDatabase());
    await using standby = await original.startStandby(port);
    const hosts = `${url.hostname}:${standby.port},${url.host}`;
    await using database = await openPostgres(url.href.replace(url.host, hosts), options);
    const { sources } = database.tables;
    const write = async (source: string) =>
      await database.transaction(function* (tx) {
        return yield* rows(tx.insert(sources).values(sourceOf(source)).returning());
      });
    expect(await write("before")).toEqual([sourceOf("before")]);
    await original.kill();
    const isStandby = sql`pg_is_in_recovery()`;
    const read = Promise.resolve(database.queries.select({ isStandby }).from(one));
    await standby.promote();
    expect(await read).toEqual([{ isStandby: false }]);
    expect(await write("after")).toEqual([sourceOf("after")]);
    expect(await database.queries.select().from(sources)).toHaveLength(2);
  });

  test("a transaction whose session ends between two statements is repeated on another one", async () => {
    await using database = await openPostgres(await createPostgresDatabase(), options);
    const { sources } = database.tables;
    const ends = [true, false];
    const result = await database.transaction(function* (tx) {
      yield* rows(tx.insert(sources).values(sourceOf(`with ${ends.length} left`)));
      if (ends.shift() === true)
        yield* rows(tx.select({ is: sql`pg_terminate_backend(pg_backend_pid())` }).from(one));
      return yield* rows(tx.select({ source: sources.source }).from(sources));
    });
    expect(result).toEqual([{ source: "with 1 left" }]);
  });
});

const one = sql`(SELECT 1) AS one`;

function sourceOf(source: string) {
  return { digest: digestOf(source), source };
}
