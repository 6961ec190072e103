import { describe, expect, test } from "vitest";
import { parseEgressAllow } from "../../src/host/network/egress.ts";
import type { HttpClient, HttpRequest } from "../../src/host/network/http-client.ts";
import { createHttpClient } from "../../src/host/network/undici-client.ts";
import { startLoopbackDns } from "../../src/host/testing/loopback-dns.ts";
import { startHttpServer } from "../../src/host/testing/loopback-server.ts";

/**
 * A name that leads to a permitted address while it is judged, and to a forbidden one a moment later: real sockets,
 * and a real resolver that asks a real name server. 127.0.0.2 stands for an address that may be reached, 127.0.0.1 for
 * the machine's own.
 */
const policy = parseEgressAllow("127.0.0.2:*");

describe("a name whose IP address changes between lookups", () => {
  test("is connected to the address that was checked", async () => {
    await using inner = await startHttpServer((_request, response) => response.end("secret"));
    await using outer = await startHttpServer((_request, response) => response.end("public"), {
      host: "127.0.0.2",
      port: inner.port,
    });
    let answers = 0;
    await using dns = await startLoopbackDns(() => (answers++ === 0 ? "127.0.0.2" : "127.0.0.1"));
    await using http = createHttpClient({ policy, resolve: dns.resolve });
    const url = `http://rebind.example.com:${inner.port}/`;
    const first = await fetchFrom(http, url);
    expect(new TextDecoder().decode(first.body)).toBe("public");
    expect(dns.asked).toEqual(["rebind.example.com"]);
    // A connection that is kept is one to the address that was judged; a new one asks again.
    outer.closeConnections();
    await expect(fetchFrom(http, url)).rejects.toMatchObject({ code: "egress-refused" });
    expect(inner.connections()).toBe(0);
  });

  test("is checked again after a redirect to itself", async () => {
    await using inner = await startHttpServer((_request, response) => response.end("secret"));
    await using outer = await startHttpServer(
      (_request, response) => {
        response.setHeader("connection", "close");
        response.writeHead(302, { location: `http://rebind.example.com:${inner.port}/again` }).end();
      },
      { host: "127.0.0.2", port: inner.port },
    );
    let answers = 0;
    await using dns = await startLoopbackDns(() => (answers++ === 0 ? "127.0.0.2" : "127.0.0.1"));
    await using http = createHttpClient({ policy, resolve: dns.resolve });
    await expect(fetchFrom(http, `http://rebind.example.com:${inner.port}/`)).rejects.toMatchObject({
      code: "egress-refused",
    });
    expect(outer.requests).toHaveLength(1);
    expect(inner.connections()).toBe(0);
  });

  test("is rejected if its first address is internal", async () => {
    await using inner = await startHttpServer((_request, response) => response.end("secret"));
    await using dns = await startLoopbackDns(() => "127.0.0.1");
    await using http = createHttpClient({ policy, resolve: dns.resolve });
    await expect(fetchFrom(http, `http://inside.example.com:${inner.port}/`)).rejects.toMatchObject({
      code: "egress-refused",
      message: expect.stringContaining("inside.example.com is a name of a loopback address"),
    });
    expect(inner.connections()).toBe(0);
  });
});

describe("a name with internal addresses", () => {
  test.each([
    ["an address of IPv6", ["::1"]],
    ["addresses of both kinds", ["127.0.0.1", "::1"]],
    ["a private address", ["10.0.0.1"]],
    ["a private address of IPv6", ["fd00::1"]],
    ["an address of metadata", ["169.254.169.254"]],
    ["an address of IPv4 in IPv6", ["::ffff:127.0.0.1"]],
    ["the same in another form", ["64:ff9b::7f00:1"]],
    ["several addresses, none of them outside", ["10.0.0.1", "192.168.0.1", "fe80::1"]],
  ])("is rejected: %s", async (_what, addresses) => {
    await using inner = await startHttpServer((_request, response) => response.end("secret"));
    await using dns = await startLoopbackDns(() => addresses, [4, 6]);
    await using http = createHttpClient({ policy, resolve: dns.resolve });
    await expect(fetchFrom(http, `http://inside.example.com:${inner.port}/`)).rejects.toMatchObject({
      code: "egress-refused",
    });
    expect(dns.asked).toHaveLength(2);
    expect(inner.connections()).toBe(0);
  });

  test("is connected only to its allowed addresses", async () => {
    await using inner = await startHttpServer((_request, response) => response.end("secret"));
    await using outer = await startHttpServer((_request, response) => response.end("public"), {
      host: "127.0.0.2",
      port: inner.port,
    });
    await using dns = await startLoopbackDns(() => ["127.0.0.1", "::1", "127.0.0.2"], [4, 6]);
    await using http = createHttpClient({ policy, resolve: dns.resolve });
    const { body } = await fetchFrom(http, `http://mixed.example.com:${inner.port}/`);
    expect(new TextDecoder().decode(body)).toBe("public");
    expect(outer.connections()).toBe(1);
    expect(inner.connections()).toBe(0);
  });
});

async function fetchFrom(http: HttpClient, url: string) {
  const request: HttpRequest = {
    url,
    method: "GET",
    headers: [],
    redirect: "follow",
    body: new Uint8Array(),
  };
  return await http.fetch(request, new AbortController().signal);
}
