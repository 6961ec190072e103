import { createSocket } from "node:dgram";
import { mkdtempDisposable, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { maxDnsTtlMs, maxLookupsPerWorkflow, minDnsTtlMs } from "../limits.ts";
import { startLoopbackDns } from "../testing/loopback-dns.ts";
import { openHostsFile, openSearchList } from "./hosts-file.ts";
import { createNameResolver } from "./name-resolver.ts";

const noHosts = { read: () => new Map<string, readonly string[]>() };
const noSearch = { read: () => ({ domains: [], ndots: 1 }) };

function resolverOf(servers: readonly string[], more: Parameters<typeof createNameResolver>[0] = {}) {
  return createNameResolver({ hosts: noHosts, search: noSearch, servers, ...more });
}

describe("a name", () => {
  test("concurrent lookups share one query, and the result is cached for its TTL within bounds", async () => {
    await using dns = await startLoopbackDns((name) =>
      name.startsWith("a.") ? ["10.0.0.1", "fd00::1"] : [],
    );
    let now = 0;
    const resolve = resolverOf([dns.server], { elapsed: () => now });
    const found = await Promise.all([resolve("a.example"), resolve("A.example"), resolve("a.example")]);
    expect(found[0]).toEqual([
      { address: "10.0.0.1", family: 4 },
      { address: "fd00::1", family: 6 },
    ]);
    expect(new Set(found.map((each) => JSON.stringify(each))).size).toBe(1);
    expect(dns.asked).toHaveLength(2);
    // The server says zero seconds.
    now = minDnsTtlMs - 1;
    await resolve("a.example");
    expect(dns.asked).toHaveLength(2);
    now = minDnsTtlMs;
    await resolve("a.example");
    expect(dns.asked).toHaveLength(4);
    expect(maxDnsTtlMs).toBeGreaterThan(minDnsTtlMs);
  });

  test("without an address rejects with that reason", async () => {
    await using dns = await startLoopbackDns(() => []);
    await expect(resolverOf([dns.server])("nothing.example")).rejects.toMatchObject({ code: "ENODATA" });
  });

  test("in the hosts file, and localhost, are resolved without a DNS server", async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), "duranium-hosts-"));
    const path = join(folder.path, "hosts");
    await writeFile(
      path,
      "# comment\n127.0.0.1 localhost\n10.0.0.9\tShop shop.internal # the shop\nbroken line\n",
    );
    const resolve = resolverOf(["127.0.0.1:9"], { hosts: openHostsFile(path) });
    expect(await resolve("shop")).toEqual([{ address: "10.0.0.9", family: 4 }]);
    expect(await resolve("SHOP.internal.")).toEqual([{ address: "10.0.0.9", family: 4 }]);
    expect(await resolve("localhost")).toEqual([{ address: "127.0.0.1", family: 4 }]);
    expect(await resolve("app.localhost")).toEqual([
      { address: "127.0.0.1", family: 4 },
      { address: "::1", family: 6 },
    ]);
    await writeFile(path, "10.0.0.10 shop\n10.0.0.11 shop\n");
    expect((await resolve("shop")).map(({ address }) => address)).toEqual(["10.0.0.10", "10.0.0.11"]);
  });

  test("that is not fully qualified uses the search list", async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), "duranium-resolv-"));
    const path = join(folder.path, "resolv.conf");
    await writeFile(path, "nameserver 10.0.0.1\nsearch one.test two.test\noptions timeout:1 ndots:2\n");
    await using dns = await startLoopbackDns((name) => (name === "shop.ns.two.test" ? ["10.0.0.7"] : []));
    const resolve = resolverOf([dns.server], { search: openSearchList(path) });
    expect(await resolve("shop.ns")).toEqual([{ address: "10.0.0.7", family: 4 }]);
    expect(dns.asked.filter((name) => !name.endsWith(".test"))).toEqual([]);
    await expect(resolve("shop.ns.")).rejects.toMatchObject({ code: "ENODATA" });
  });
});

test("pending lookups of one workflow do not delay those of another", async () => {
  // Takes questions and never answers.
  const silent = createSocket("udp4");
  const asked = new Set<string>();
  silent.on("message", (query) => asked.add(query.toString("latin1", 13, 24)));
  await new Promise<void>((resolve) => silent.bind(0, "127.0.0.1", resolve));
  const resolve = createNameResolver({
    hosts: { read: () => new Map([["honest.example", ["10.0.0.1"]]]) },
    search: noSearch,
    servers: [`127.0.0.1:${silent.address().port}`],
  });
  const names = Array.from({ length: 128 }, (_, index) => `silent-${String(index).padStart(4, "0")}.example`);
  const greedy = Promise.allSettled(names.map(async (name) => await resolve(name, "greedy")));
  await expect.poll(() => asked.size).toBe(maxLookupsPerWorkflow);
  const honest = resolve("other.example", "honest").catch(() => "no answer");
  await expect.poll(() => asked.size).toBe(maxLookupsPerWorkflow + 1);
  expect(await resolve("honest.example", "honest")).toEqual([{ address: "10.0.0.1", family: 4 }]);
  silent.close();
  await Promise.race([greedy, honest]);
});
