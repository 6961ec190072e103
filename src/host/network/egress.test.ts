import { describe, expect, test } from "vitest";
import { startHttpServer } from "../testing/loopback-server.ts";
import { egressDenialReason, parseEgressAllow } from "./egress.ts";
import type { HttpRequest } from "./http-client.ts";
import type { ResolvedAddress } from "./name-resolver.ts";
import { createHttpClient } from "./undici-client.ts";
import type { HttpClientOptions } from "./undici-client.ts";

const closed = parseEgressAllow("");

async function fetchWith(options: HttpClientOptions, url: string): Promise<unknown> {
  await using http = createHttpClient(options);
  const request: HttpRequest = {
    url,
    method: "GET",
    headers: [],
    redirect: "follow",
    body: new Uint8Array(),
  };
  return await http.fetch(request, new AbortController().signal);
}

/** A resolver that knows these names and no others. */
function resolving(names: Readonly<Record<string, readonly string[]>>) {
  return async (hostname: string): Promise<readonly ResolvedAddress[]> =>
    (names[hostname] ?? []).map((address) => ({ address, family: address.includes(":") ? 6 : 4 }));
}

describe("with no exceptions, a workflow reaches nothing but the public internet", () => {
  const names = {
    localhost: ["127.0.0.1", "::1"],
    "localhost.": ["127.0.0.1"],
    "app.localhost": ["::1"],
    "private.example.com": ["10.1.2.3"],
    "metadata.google.internal": ["169.254.169.254"],
    "127.0.0.1.nip.io": ["127.0.0.1"],
    "both.example.com": ["192.168.0.1", "fd00::1"],
    "zone.example.com": ["fe80::1%eth0"],
    "mapped.example.com": ["::ffff:10.0.0.1"],
  };
  const refused: readonly [url: string, why: RegExp][] = [
    ["http://127.0.0.1/", /loopback/],
    ["http://127.0.0.1:8080/", /port 8080 are refused/],
    ["https://127.0.0.1/", /port 443 are refused: 127.0.0.1 is a loopback address/],
    ["http://127.255.255.254/", /loopback/],
    ["http://127.1/", /loopback/],
    ["http://127.0.1/", /loopback/],
    ["http://2130706433/", /loopback/],
    ["http://0x7f000001/", /loopback/],
    ["http://0x7f.0.0.1/", /loopback/],
    ["http://0177.0.0.1/", /loopback/],
    ["http://017700000001/", /loopback/],
    ["http://0x7f.1/", /loopback/],
    ["http://%31%32%37.0.0.1/", /loopback/],
    ["http://１２７.0.0.1/", /loopback/],
    ["http://127。0。0。1/", /loopback/],
    ["http://①②⑦.0.0.1/", /loopback/],
    ["http://127.0.0.1./", /loopback/],
    ["http:\\\\127.0.0.1\\", /loopback/],
    ["http:127.0.0.1", /loopback/],
    ["http://\t127.0.0.1/", /loopback/],
    ["http://0/", /unspecified/],
    ["http://0.0.0.0/", /unspecified/],
    ["http://0.1.2.3/", /unspecified/],
    ["http://10.0.0.1/", /private/],
    ["http://172.16.0.1/", /private/],
    ["http://172.31.255.255/", /private/],
    ["http://192.168.1.1/", /private/],
    ["http://100.64.0.1/", /carrier-grade NAT/],
    ["http://169.254.1.1/", /link-local/],
    ["http://169.254.169.254/latest/meta-data/", /metadata/],
    ["http://0xa9fea9fe/", /metadata/],
    ["http://100.100.100.200/", /metadata/],
    ["http://168.63.129.16/", /metadata/],
    ["http://192.0.0.192/", /metadata/],
    ["http://192.0.2.1/", /reserved/],
    ["http://198.18.0.1/", /reserved/],
    ["http://203.0.113.9/", /reserved/],
    ["http://224.0.0.1/", /multicast/],
    ["http://240.0.0.1/", /reserved/],
    ["http://255.255.255.255/", /broadcast/],
    ["http://[::1]/", /loopback/],
    ["http://[0:0:0:0:0:0:0:1]/", /loopback/],
    ["http://[::]/", /unspecified/],
    ["http://[::ffff:127.0.0.1]/", /IPv4 address in IPv6 form/],
    ["http://[::ffff:7f00:1]/", /IPv4 address in IPv6 form/],
    ["http://[::ffff:0:127.0.0.1]/", /IPv4 address in IPv6 form/],
    ["http://[::127.0.0.1]/", /not public/],
    ["http://[64:ff9b::7f00:1]/", /IPv4 address in IPv6 form/],
    ["http://[64:ff9b:1::1]/", /IPv4 address in IPv6 form/],
    ["http://[2002:7f00:1::]/", /IPv4 address in IPv6 form/],
    ["http://[2001:0:7f00:1::]/", /IPv4 address in IPv6 form/],
    ["http://[fe80::1]/", /link-local/],
    ["http://[fec0::1]/", /private/],
    ["http://[fc00::1]/", /private/],
    ["http://[fd00:ec2::254]/", /metadata/],
    ["http://[ff02::1]/", /multicast/],
    ["http://[2001:db8::1]/", /reserved/],
    ["http://[100::1]/", /not public/],
    ["http://[5f00::1]/", /not public/],
    ["http://[4000::1]/", /not public/],
    ["http://[3fff::1]/", /reserved/],
    ["http://[2001:20::1]/", /not public/],
    ["http://[::ffff:169.254.169.254]/", /IPv4 address in IPv6 form/],
    ["http://[64:ff9b::a9fe:a9fe]/", /IPv4 address in IPv6 form/],
    ["http://0251.0376.0251.0376/", /metadata/],
    ["http://2852039166/", /metadata/],
    ["http://169.254.170.2/", /link-local/],
    ["http://192.88.99.1/", /reserved/],
    ["http://localhost/", /localhost is a name of a loopback address/],
    ["http://LOCALHOST:9070/", /port 9070 are refused/],
    ["http://localhost./", /loopback/],
    ["http://app.localhost/", /loopback/],
    ["http://127.0.0.1.nip.io/", /loopback/],
    ["http://private.example.com/", /private/],
    ["http://metadata.google.internal/computeMetadata/v1/", /metadata/],
    ["http://both.example.com/", /private/],
    ["http://zone.example.com/", /link-local/],
    ["http://mapped.example.com/", /IPv4 address in IPv6 form/],
  ];

  test.each(refused)("%s is refused", async (url, message) => {
    const fetched = fetchWith({ policy: closed, resolve: resolving(names) }, url);
    await expect(fetched).rejects.toMatchObject({
      code: "egress-refused",
      message: expect.stringMatching(message),
    });
  });

  const invalid: readonly [url: string, why: RegExp][] = [
    ["http://user@127.0.0.1/", /user name or a password/],
    ["http://example.com@127.0.0.1/", /user name or a password/],
    ["http://example.com:80@127.0.0.1/", /user name or a password/],
    ["http://:secret@example.com/", /user name or a password/],
    ["http://example.com#@127.0.0.1:99999/", /has no address/],
    ["http://127.0.0.1:99999/", /cannot be parsed/],
    ["http://127.0.0.256/", /cannot be parsed/],
    ["http://[::1/", /cannot be parsed/],
    ["http://[fe80::1%25eth0]/", /cannot be parsed/],
    ["http://", /cannot be parsed/],
    ["/orders", /cannot be parsed/],
    ["file:///etc/passwd", /"file:" are not supported/],
    ["ftp://127.0.0.1/", /"ftp:"/],
    ["gopher://127.0.0.1:6379/_INFO", /"gopher:"/],
    ["data:text/plain,hello", /"data:"/],
    ["blob:http://127.0.0.1/1", /"blob:"/],
    ["unix:/var/run/docker.sock", /"unix:"/],
    ["javascript:alert(1)", /"javascript:"/],
    ["ws://127.0.0.1/", /"ws:"/],
    ["http://nowhere.example.com/", /has no address/],
  ];

  test.each(invalid)("%s is rejected as an invalid URL", async (url, message) => {
    const fetched = fetchWith({ policy: closed, resolve: resolving({}) }, url);
    await expect(fetched).rejects.toMatchObject({
      code: expect.stringMatching(/^fetch-(invalid|failed)$/),
      message: expect.stringMatching(message),
    });
  });

  test.each([
    "1.1.1.1",
    "8.8.8.8",
    "100.63.255.255",
    "172.32.0.1",
    "169.253.1.1",
    "126.255.255.255",
    "223.255.255.255",
    "2606:4700:4700::1111",
    "2a00:1450:4001::200e",
  ])("%s is public", (address) => {
    expect(egressDenialReason(closed, { hostname: "example.com", address, port: 443 })).toBeUndefined();
  });

  test("the rejection of a name does not reveal its IP address", async () => {
    const options = { policy: closed, resolve: resolving(names) };
    await expect(fetchWith(options, "http://private.example.com/")).rejects.toMatchObject({
      message: expect.not.stringContaining("10.1.2.3"),
    });
  });
});

describe("a redirect is checked like a first request", () => {
  test.each([
    "http://127.0.0.1:PORT/",
    "//127.0.0.1:PORT/",
    "http://2130706433:PORT/",
    "http://localhost:PORT/",
    "http://[::ffff:127.0.0.1]:PORT/",
    "http://rebound.example.com:PORT/",
    "http://0:PORT/",
    "http://user:password@127.0.0.1:PORT/",
    "file:///etc/passwd",
    "data:text/plain,hello",
    "http://127.0.0.1:99999/",
  ])("to %s", async (location) => {
    await using inner = await startHttpServer((_request, response) => response.end("secret"));
    await using outer = await startHttpServer((_request, response) => {
      response.writeHead(302, { location: location.replace("PORT", String(inner.port)) }).end();
    });
    const resolve = resolving({ localhost: ["127.0.0.1"], "rebound.example.com": ["127.0.0.1"] });
    const policy = parseEgressAllow(`127.0.0.1:${outer.port}`);
    const fetched = fetchWith({ policy, resolve }, outer.origin);
    await expect(fetched).rejects.toMatchObject({ code: "egress-refused" });
    expect(outer.requests).toHaveLength(1);
    expect(inner.connections()).toBe(0);
  });
});

test.each([301, 302, 303, 307, 308])(
  "a redirect with status %i cannot reach an internal address",
  async (status) => {
    await using inner = await startHttpServer((_request, response) => response.end("secret"));
    await using outer = await startHttpServer((_request, response) => {
      response.writeHead(status, { location: `http://localhost:${inner.port}/` }).end();
    });
    const resolve = resolving({ localhost: ["127.0.0.2"] });
    const policy = parseEgressAllow(`127.0.0.1:${outer.port}`);
    await expect(fetchWith({ policy, resolve }, outer.origin)).rejects.toMatchObject({
      code: "egress-refused",
    });
    expect(inner.connections()).toBe(0);
  },
);

describe("the socket is opened to the address that was checked", () => {
  test("a name is resolved once per connection", async () => {
    await using server = await startHttpServer((_request, response) => {
      response.setHeader("connection", "close").end("hello");
    });
    const answers = [["127.0.0.1"], ["127.0.0.2"], ["10.0.0.1"]];
    const asked: string[] = [];
    const resolve = async (hostname: string) => {
      asked.push(hostname);
      return (answers.shift() ?? []).map((address) => ({ address, family: 4 as const }));
    };
    const options = { policy: parseEgressAllow("127.0.0.1:*"), resolve };
    const url = `http://rebinding.example.com:${server.port}/`;
    await expect(fetchWith(options, url)).resolves.toMatchObject({ status: 200 });
    expect(asked).toEqual(["rebinding.example.com"]);
    await expect(fetchWith(options, url)).rejects.toMatchObject({ code: "egress-refused" });
    await expect(fetchWith(options, url)).rejects.toMatchObject({ code: "egress-refused" });
    expect(server.connections()).toBe(1);
  });

  test("only the allowed addresses of a name are tried", async () => {
    await using forbidden = await startHttpServer((_request, response) => response.end("secret"), {
      host: "127.0.0.2",
    });
    const options = {
      policy: parseEgressAllow("127.0.0.1:*"),
      resolve: resolving({ "mixed.example.com": ["127.0.0.2", "127.0.0.1", "::1"] }),
    };
    const fetched = fetchWith(options, `http://mixed.example.com:${forbidden.port}/`);
    await expect(fetched).rejects.toMatchObject({
      code: "fetch-failed",
      message: expect.stringContaining("ECONNREFUSED 127.0.0.1:"),
    });
    expect(forbidden.connections()).toBe(0);
  });

  test("the Host header has the name, not the address", async () => {
    await using server = await startHttpServer((_request, response) => response.end());
    const options = {
      policy: parseEgressAllow("127.0.0.1:*"),
      resolve: resolving({ "orders.example.com": ["127.0.0.1"] }),
    };
    await fetchWith(options, `http://orders.example.com:${server.port}/`);
    expect(server.requests[0]?.headers.host).toBe(`orders.example.com:${server.port}`);
  });
});

describe("the list of allowed destinations", () => {
  const opened: readonly [allow: string, hostname: string, address: string, port: number][] = [
    ["127.0.0.1:*", "127.0.0.1", "127.0.0.1", 8080],
    ["127.0.0.1:*", "localhost", "127.0.0.1", 1],
    ["127.0.0.1:8080", "127.0.0.1", "127.0.0.1", 8080],
    ["localhost:3000", "localhost", "::1", 3000],
    ["LocalHost:3000", "localhost.", "127.0.0.1", 3000],
    ["my_service.internal:80", "my_service.internal", "10.0.0.1", 80],
    ["10.0.0.0/8:*", "10.255.0.1", "10.255.0.1", 5432],
    ["0.0.0.0/0:*", "169.254.169.254", "169.254.169.254", 80],
    ["[::1]:8080", "::1", "::1", 8080],
    ["[fd00::/8]:*", "fd12::1", "fd12::1", 1],
    ["[fd00::]/8:*", "fd12::1", "fd12::1", 1],
    [" 10.0.0.1:1 ,, 127.0.0.1:2 ,", "127.0.0.1", "127.0.0.1", 2],
  ];

  test.each(opened)("%s allows %s at %s, port %i", (allow, hostname, address, port) => {
    expect(egressDenialReason(parseEgressAllow(allow), { hostname, address, port })).toBeUndefined();
  });

  const stillClosed: readonly [allow: string, hostname: string, address: string, port: number][] = [
    ["127.0.0.1:8080", "127.0.0.1", "127.0.0.1", 8081],
    ["127.0.0.1:*", "127.0.0.2", "127.0.0.2", 80],
    ["127.0.0.1:*", "localhost", "::1", 80],
    ["127.0.0.1:*", "::ffff:127.0.0.1", "::ffff:127.0.0.1", 80],
    ["localhost:3000", "127.0.0.1", "127.0.0.1", 3000],
    ["example.com:80", "evil.example.com", "10.0.0.1", 80],
    ["10.0.0.0/8:*", "11.0.0.1.nip.io", "127.0.0.1", 80],
    ["[::]/0:*", "127.0.0.1", "127.0.0.1", 80],
    ["", "127.0.0.1", "127.0.0.1", 80],
  ];

  test.each(stillClosed)("%s does not allow %s at %s, port %i", (allow, hostname, address, port) => {
    expect(egressDenialReason(parseEgressAllow(allow), { hostname, address, port })).toBeDefined();
  });

  test.each([
    ["127.0.0.1", "write host:port"],
    ["localhost", "write host:port"],
    ["::1:80", "write host:port"],
    [":80", "write host:port"],
    ["http://localhost:80", "write host:port"],
    ["localhost:http", "write host:port"],
    ["localhost:0", "0 is not a port"],
    ["localhost:65536", "65536 is not a port"],
    ["127.1:80", '"127.1" is not a host name'],
    ["0177.0.0.1:80", "is not a host name"],
    ["2130706433:80", "is not a host name"],
    ["*:80", "is not a host name"],
    ["*.example.com:80", "is not a host name"],
    ["10.0.0.0/33:80", "is not a range"],
    ["10.0/8:80", "is not a range"],
    ["[fd00::]/129:80", "is not a range"],
    ["example.com/8:80", "is not a range"],
    ["[example.com]:80", "write host:port"],
  ])("%s is rejected", (entry, why) => {
    const read = () => parseEgressAllow(`127.0.0.1:*,${entry}`);
    expect(read).toThrow(`Cannot read "${entry}" in the list of allowed destinations`);
    expect(read).toThrow(why);
  });
});
