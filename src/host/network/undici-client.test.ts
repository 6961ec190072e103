import type { ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { gzipSync, brotliCompressSync, deflateRawSync, deflateSync, zstdCompressSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { parseHostPattern } from "../../domain/host-pattern.ts";
import { maxFetchHeaderBytes, maxFetchRedirects } from "../limits.ts";
import { createEnvelope } from "../secrets/secrets.ts";
import { placeholdersOf } from "../seed/secret-placeholder.ts";
import { orders } from "../testing/executions.ts";
import { startHttpServer, startSocketServer } from "../testing/loopback-server.ts";
import { parseEgressAllow } from "./egress.ts";
import type { HttpRequest, HttpResponse } from "./http-client.ts";
import { createHttpClient } from "./undici-client.ts";
import type { HttpLimits } from "./undici-client.ts";

const policy = parseEgressAllow("127.0.0.1:*");
const encoder = new TextEncoder();

type Given = Partial<Omit<HttpRequest, "body">> & { readonly url: string; readonly body?: string };

async function fetchOnce(given: Given, limits?: Partial<HttpLimits>): Promise<HttpResponse> {
  await using http = createHttpClient({ policy, ...(limits === undefined ? {} : { limits }) });
  return await http.fetch(requestOf(given), new AbortController().signal);
}

function requestOf({ body = "", ...given }: Given): HttpRequest {
  return { method: "GET", headers: [], redirect: "follow", body: encoder.encode(body), ...given };
}

function textOf({ body }: HttpResponse): string {
  return new TextDecoder().decode(body);
}

function endless(): Readable {
  return new Readable({
    read() {
      this.push(new Uint8Array(10_000));
    },
  });
}

/** RFC 8878, section 3.1.1: a frame whose window has 2^(10 + exponent) bytes, and that says one byte. */
function zstdFrame(exponent: number): Uint8Array {
  const emptyFlags = 0;
  const lastRawBlockOfOneByte = [0b1001, 0, 0];
  return Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, emptyFlags, exponent << 3, ...lastRawBlockOfOneByte, 0x61);
}

function failing(code: string, message: string | RegExp): object {
  return { code, message: expect.stringMatching(message) };
}

describe("a request", () => {
  test("is sent unchanged, with defaults for missing headers", async () => {
    await using server = await startHttpServer((_request, response) => response.end());
    const headers = [
      ["X-Order", "7"],
      ["x-order", "8"],
      ["content-type", "application/json"],
    ] as const;
    await fetchOnce({
      url: `${server.origin}/orders?page=2#top`,
      method: "POST",
      headers,
      body: '{"a":"ö"}',
    });
    expect(server.requests).toEqual([
      {
        method: "POST",
        url: "/orders?page=2",
        headers: {
          host: `127.0.0.1:${server.port}`,
          connection: "keep-alive",
          "x-order": "7, 8",
          "content-type": "application/json",
          "content-length": "10",
          accept: "*/*",
          "accept-encoding": "gzip, deflate, br, zstd",
          "accept-language": "*",
          "user-agent": "duranium/0.1",
        },
        body: '{"a":"ö"}',
      },
    ]);
  });

  test("headers of the workflow override the defaults", async () => {
    await using server = await startHttpServer((_request, response) => response.end());
    const headers = [
      ["User-Agent", "orders/1"],
      ["ACCEPT", "text/csv"],
      ["accept-encoding", "identity"],
    ] as const;
    await fetchOnce({ url: server.origin, headers });
    expect(server.requests[0]?.headers).toMatchObject({
      "user-agent": "orders/1",
      accept: "text/csv",
      "accept-encoding": "identity",
    });
  });

  test.each([
    "Host",
    "Connection",
    "Content-Length",
    "Transfer-Encoding",
    "Upgrade",
    "TE",
    "Trailer",
    "Expect",
    "Keep-Alive",
    "Proxy-Authorization",
    "Proxy-Anything",
    "Via",
    "HTTP2-Settings",
  ])("omits the connection header %s", async (name) => {
    await using server = await startHttpServer((_request, response) => response.end());
    await fetchOnce({ url: server.origin, method: "POST", headers: [[name, "x-smuggled"]], body: "four" });
    expect(JSON.stringify(server.requests)).not.toContain("x-smuggled");
    expect(server.requests[0]?.body).toBe("four");
  });

  test.each<[what: string, given: Partial<Given>, message: string]>([
    ["a line break in a value", { headers: [["x-a", "1\r\nx-b: 2"]] }, 'the header "x-a" cannot be sent'],
    ["a null in a value", { headers: [["x-a", "\0"]] }, "cannot be sent"],
    ["a value beyond Latin-1", { headers: [["x-a", "→"]] }, "cannot be sent"],
    ["a space in a name", { headers: [["x a", "1"]] }, 'the header "x a" cannot be sent'],
    ["an empty name", { headers: [["", "1"]] }, 'the header "" cannot be sent'],
    ["a space in the method", { method: "GET /evil HTTP/1.1\r\nx:" }, "is not a method"],
    ["no method", { method: "" }, "is not a method"],
    ["CONNECT", { method: "CONNECT" }, "CONNECT is not supported"],
    ["trace", { method: "trace" }, "trace is not supported"],
    ["a body for GET", { body: "x" }, "a GET request cannot have a body"],
    ["a body for HEAD", { method: "HEAD", body: "x" }, "a HEAD request cannot have a body"],
  ])("with %s is not sent", async (_what, given, message) => {
    await using server = await startHttpServer((_request, response) => response.end());
    const fetched = fetchOnce({ url: server.origin, ...given });
    await expect(fetched).rejects.toMatchObject(failing("fetch-invalid", message));
    expect(server.connections()).toBe(0);
  });

  test.each(["PUT", "PATCH", "DELETE", "OPTIONS", "QUERY", "PROPFIND"])(
    "can use the method %s",
    async (method) => {
      await using server = await startHttpServer((request, response) => response.end(request.method));
      // Node's server knows the method or answers 400: either way it was asked.
      const response = await fetchOnce({ url: server.origin, method });
      expect([method, ""]).toContain(textOf(response));
    },
  );
});

describe("a response", () => {
  test("has its status, separate headers and body", async () => {
    await using server = await startHttpServer((_request, response) => {
      response.writeHead(418, "Short and stout", { "X-One": "1", "set-cookie": ["a=1", "b=2"], date: "now" });
      response.end("tea");
    });
    const response = await fetchOnce({ url: `${server.origin}/pot?full#handle` });
    expect({ ...response, body: textOf(response) }).toEqual({
      status: 418,
      statusText: "Short and stout",
      url: `${server.origin}/pot?full`,
      redirected: false,
      headers: [
        ["x-one", "1"],
        ["set-cookie", "a=1"],
        ["set-cookie", "b=2"],
        ["date", "now"],
      ],
      body: "tea",
    });
  });

  test("has no connection headers", async () => {
    await using server = await startHttpServer((_request, response) => {
      response
        .writeHead(200, { connection: "keep-alive, X-Hop", "x-hop": "1", "x-kept": "2" })
        .end("chunked");
    });
    const { headers } = await fetchOnce({ url: server.origin });
    expect(headers.map(([name]) => name).filter((name) => name !== "date")).toEqual(["x-kept"]);
  });

  test.each<[what: string, status: number, method: string]>([
    ["204", 204, "GET"],
    ["304", 304, "GET"],
    ["HEAD", 200, "HEAD"],
  ])("to %s has no body, even if it names a coding", async (_what, status, method) => {
    await using server = await startHttpServer((_request, response) => {
      response.writeHead(status, { "content-encoding": "gzip" }).end();
    });
    const response = await fetchOnce({ url: server.origin, method });
    expect(response).toMatchObject({ status, body: new Uint8Array() });
  });

  test("of bytes is unchanged", async () => {
    const bytes = Uint8Array.from({ length: 1024 }, (_, index) => index % 256);
    await using server = await startHttpServer((_request, response) => response.end(bytes));
    const response = await fetchOnce({ url: server.origin });
    expect(response.body).toEqual(bytes);
  });

  test("in many chunks is joined", async () => {
    await using server = await startHttpServer((_request, response) => {
      for (let line = 0; line < 1_000; line += 1) response.write(`${line}\n`);
      response.end();
    });
    const response = await fetchOnce({ url: server.origin });
    expect(textOf(response).split("\n")).toHaveLength(1_001);
  });

  const text = "to be or not to be, ".repeat(1_000);
  const codings: readonly [coding: string, encode: (text: Uint8Array) => Uint8Array][] = [
    ["gzip", gzipSync],
    ["x-gzip", gzipSync],
    ["GZIP", gzipSync],
    ["br", brotliCompressSync],
    ["zstd", zstdCompressSync],
    ["deflate", deflateSync],
    ["deflate", deflateRawSync],
    ["gzip, br", (bytes) => brotliCompressSync(gzipSync(bytes))],
    ["identity", (bytes) => bytes],
  ];

  test.each(codings)("in %s is decoded", async (coding, encode) => {
    await using server = await startHttpServer((_request, response) => {
      response.writeHead(200, { "content-encoding": coding }).end(encode(encoder.encode(text)));
    });
    const response = await fetchOnce({ url: server.origin });
    expect(textOf(response)).toBe(text);
  });

  const long = encoder.encode("0123456789 ".repeat(5_000));
  const named = Buffer.concat([
    Buffer.of(0x1f, 0x8b, 8, 8 + 16 + 4, 0, 0, 0, 0, 0, 3, 2, 0, 0x61, 0x62),
    Buffer.from("name\0comment\0"),
    gzipSync(long).subarray(10, -8),
  ]);
  test.each<[what: string, coding: string, bytes: Uint8Array]>([
    ["gzip without its trailer", "gzip", gzipSync(long).subarray(0, -8)],
    ["gzip with half of its trailer", "x-gzip", gzipSync(long).subarray(0, -3)],
    ["gzip with a name, a comment and extra fields, without its trailer", "gzip", named],
    ["zlib without its check sum", "deflate", deflateSync(long).subarray(0, -4)],
  ])("in %s is complete", async (_what, coding, bytes) => {
    await using server = await startHttpServer((_request, response) => {
      response.writeHead(200, { "content-encoding": coding }).end(bytes);
    });
    const { body } = await fetchOnce({ url: server.origin });
    expect(Buffer.from(body).equals(long)).toBe(true);
  });

  test("in an unknown coding is not decoded", async () => {
    await using server = await startHttpServer((_request, response) => {
      response.writeHead(200, { "content-encoding": "toString" }).end("as it is");
    });
    const response = await fetchOnce({ url: server.origin });
    expect(textOf(response)).toBe("as it is");
  });

  test.each<[what: string, coding: string, bytes: Uint8Array]>([
    ["broken", "gzip", encoder.encode("this is no gzip")],
    ["cut off", "gzip", gzipSync(text).subarray(0, 40)],
    ["cut off in its data", "deflate", deflateSync(long).subarray(0, -30)],
    ["cut off in its last byte", "gzip", gzipSync(long).subarray(0, -9)],
    ["cut off", "br", brotliCompressSync(text).subarray(0, -1)],
    ["encoded six times", "gzip, gzip, gzip, gzip, gzip, gzip", new Uint8Array(10_000_000)],
  ])("that is %s rejects", async (_what, coding, bytes) => {
    await using server = await startHttpServer((_request, response) => {
      response.writeHead(200, { "content-encoding": coding }).end(bytes);
    });
    await expect(fetchOnce({ url: server.origin })).rejects.toMatchObject({ code: "fetch-failed" });
  });
});

describe("limits", () => {
  const limits = { maxResponseBytes: 100_000, timeoutMs: 30_000 };

  test.each<[coding: string, encode: (bytes: Uint8Array) => Uint8Array]>([
    ["identity", (bytes) => bytes],
    ["gzip", gzipSync],
    ["br", brotliCompressSync],
    ["zstd", zstdCompressSync],
  ])("apply to the decoded size of %s, to the byte", async (coding, encode) => {
    await using server = await startHttpServer(({ url }, response) => {
      const bytes = encode(new Uint8Array(Number(url.slice(1))));
      response.writeHead(200, { "content-encoding": coding }).end(bytes);
    });
    const fits = await fetchOnce({ url: `${server.origin}/100000` }, limits);
    expect(fits.body).toHaveLength(100_000);
    await expect(fetchOnce({ url: `${server.origin}/100001` }, limits)).rejects.toMatchObject(
      failing("limit-exceeded", "larger than 100000 bytes (fetchResponseBytes)".replaceAll(/[()]/g, "\\$&")),
    );
  });

  test("stop a decompression bomb and an endless stream early", async () => {
    const bomb = gzipSync(gzipSync(new Uint8Array(64 * 1024 * 1024)));
    await using server = await startHttpServer(({ url }, response) => {
      if (url === "/bomb") response.writeHead(200, { "content-encoding": "gzip, gzip" }).end(bomb);
      else endless().pipe(response);
    });
    expect(bomb.length).toBeLessThan(1_000);
    for (const path of ["/bomb", "/endless"]) {
      const fetched = fetchOnce({ url: `${server.origin}${path}` }, limits);
      await expect(fetched).rejects.toMatchObject({ code: "limit-exceeded" });
    }
  });

  test("restrict the window size that a coding may allocate", async () => {
    await using server = await startHttpServer((_request, response) => {
      response.writeHead(200, { "content-encoding": "zstd" }).end(zstdFrame(17));
    });
    const fetched = fetchOnce({ url: server.origin });
    await expect(fetched).rejects.toMatchObject(failing("fetch-failed", /memory|large/i));
  });

  test("apply to the headers of a response", async () => {
    await using server = await startHttpServer((_request, response) => {
      response.writeHead(200, { "x-large": "x".repeat(maxFetchHeaderBytes) }).end();
    });
    const fetched = fetchOnce({ url: server.origin });
    await expect(fetched).rejects.toMatchObject(failing("fetch-failed", "Headers Overflow"));
  });

  test("allow the headers of large sites", async () => {
    await using server = await startHttpServer((_request, response) => {
      response.writeHead(200, { "x-large": "x".repeat(maxFetchHeaderBytes - 1_000) }).end();
    });
    const { status } = await fetchOnce({ url: server.origin });
    expect(status).toBe(200);
  });

  const silent = { maxResponseBytes: 100_000, timeoutMs: 100 };

  test("end a fetch without a response", async () => {
    await using server = await startHttpServer(() => {});
    const fetched = fetchOnce({ url: server.origin }, silent);
    await expect(fetched).rejects.toMatchObject(failing("fetch-timeout", "100 ms"));
  });

  test("end a fetch whose body arrives too slowly", async () => {
    await using server = await startHttpServer((_request, response) => {
      response.write("drop");
      const dripping = setInterval(() => response.write("drop"), 10);
      response.once("close", () => clearInterval(dripping));
    });
    const fetched = fetchOnce({ url: server.origin }, silent);
    await expect(fetched).rejects.toMatchObject({ code: "fetch-timeout" });
  });

  test("end a fetch whose host name is never resolved", async () => {
    await using http = createHttpClient({ policy, resolve: () => new Promise(() => {}), limits: silent });
    const fetched = http.fetch(requestOf({ url: "http://example.com/" }), new AbortController().signal);
    await expect(fetched).rejects.toMatchObject({ code: "fetch-timeout" });
  });
});

describe("a fetch that is aborted rejects with the reason", () => {
  const reason = new Error("no longer wanted");

  test("before it starts", async () => {
    await using http = createHttpClient({ policy });
    const fetched = http.fetch(requestOf({ url: "http://127.0.0.1:1/" }), AbortSignal.abort(reason));
    await expect(fetched).rejects.toBe(reason);
  });

  test("while its body is received, and closes its socket", async () => {
    const controller = new AbortController();
    const { promise: closed, resolve: onClosed } = Promise.withResolvers<void>();
    await using server = await startHttpServer((_request, response) => {
      response.once("close", onClosed);
      response.write("begun", () => controller.abort(reason));
    });
    await using http = createHttpClient({ policy });
    const fetched = http.fetch(requestOf({ url: server.origin }), controller.signal);
    await expect(fetched).rejects.toBe(reason);
    await closed;
  });
});

describe("a network error has a readable message", () => {
  test("the connection is refused", async () => {
    const server = await startHttpServer((_request, response) => response.end());
    await server[Symbol.asyncDispose]();
    const fetched = fetchOnce({ url: server.origin });
    await expect(fetched).rejects.toMatchObject(failing("fetch-failed", /ECONNREFUSED 127\.0\.0\.1:\d+/));
  });

  test.each<[what: string, sent: string]>([
    ["before the answer", ""],
    ["in the head", "HTTP/1.1 200 OK\r\ncontent-le"],
    ["in the body", "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nfour"],
    ["in a chunk", "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\nfo"],
  ])("the connection is reset %s", async (_what, sent) => {
    await using server = await startSocketServer((socket) => {
      if (sent === "") socket.resetAndDestroy();
      else socket.write(sent, () => socket.resetAndDestroy());
    });
    await expect(fetchOnce({ url: server.origin })).rejects.toMatchObject(failing("fetch-failed", /./));
  });

  test.each<[what: string, sent: string]>([
    ["no HTTP", "220 smtp.example.com ESMTP\r\n"],
    ["less than was announced", "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nfour"],
    ["two lengths", "HTTP/1.1 200 OK\r\ncontent-length: 4\r\ncontent-length: 5\r\n\r\nfour"],
    [
      "a length and chunks",
      "HTTP/1.1 200 OK\r\ncontent-length: 4\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
    ],
    ["a null in a header", "HTTP/1.1 200 OK\r\nx-a: \0\r\ncontent-length: 0\r\n\r\n"],
  ])("the server sends %s", async (_what, sent) => {
    await using server = await startSocketServer((socket) => socket.end(sent));
    await expect(fetchOnce({ url: server.origin })).rejects.toMatchObject(failing("fetch-failed", /./));
  });

  test("the server does not support TLS", async () => {
    await using server = await startSocketServer((socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"));
    const fetched = fetchOnce({ url: server.origin.replace("http:", "https:") });
    await expect(fetched).rejects.toMatchObject(failing("fetch-failed", /SSL|EPROTO/));
  });
});

describe("a redirect", () => {
  const body = { method: "POST", body: "order" };
  const cases: readonly [status: number, given: Partial<Given>, method: string, body: string][] = [
    [301, {}, "GET", ""],
    [302, {}, "GET", ""],
    [303, {}, "GET", ""],
    [307, {}, "GET", ""],
    [308, {}, "GET", ""],
    [301, body, "GET", ""],
    [302, body, "GET", ""],
    [303, body, "GET", ""],
    [307, body, "POST", "order"],
    [308, body, "POST", "order"],
    [301, { ...body, method: "PUT" }, "PUT", "order"],
    [302, { ...body, method: "PATCH" }, "PATCH", "order"],
    [303, { ...body, method: "PUT" }, "GET", ""],
    [303, { method: "HEAD" }, "HEAD", ""],
    [301, { method: "HEAD" }, "HEAD", ""],
  ];

  test.each(cases)("%i after %o is followed by %s", async (status, given, method, sent) => {
    await using server = await startHttpServer(({ url }, response) => {
      if (url === "/from") response.writeHead(status, { location: "/to?a=1" }).end("moved");
      else response.end("arrived");
    });
    const headers = [["content-type", "text/plain"] as const];
    const response = await fetchOnce({ url: `${server.origin}/from#kept-apart`, headers, ...given });
    expect(response).toMatchObject({ status: 200, url: `${server.origin}/to?a=1`, redirected: true });
    const last = server.requests[1];
    expect(last).toMatchObject({ method, body: sent, url: "/to?a=1" });
    const keepsType = method === (given.method ?? "GET");
    expect(last?.headers["content-type"]).toBe(keepsType ? "text/plain" : undefined);
  });

  test("to another origin sends no credentials", async () => {
    await using other = await startHttpServer((_request, response) => response.end());
    await using first = await startHttpServer(({ url }, response) => {
      response.writeHead(302, { location: url === "/own" ? "/other" : other.origin }).end();
    });
    const headers = [
      ["Authorization", "Bearer secret"],
      ["Cookie", "session=secret"],
      ["x-order", "7"],
    ] as const;
    await fetchOnce({ url: `${first.origin}/own`, headers });
    expect(first.requests[1]?.headers).toMatchObject({
      authorization: "Bearer secret",
      cookie: "session=secret",
    });
    expect(other.requests[0]?.headers).toMatchObject({ "x-order": "7" });
    expect(JSON.stringify(other.requests)).not.toContain("secret");
  });

  test("with a secret in its URL is followed only to the hosts of the secret", async () => {
    await using foreign = await startHttpServer((_request, response) => response.end());
    await using own = await startHttpServer(({ url }, response) => {
      const [, where, value] = /^\/to\?(\w+)=(.*)$/.exec(url) ?? [];
      if (where === undefined) response.end("arrived");
      else {
        const location = where === "own" ? `/arrived?${value}` : `${foreign.origin}/?${value}`;
        response.writeHead(302, { location }).end();
      }
    });
    const placeholders = placeholdersOf(orders.seed);
    const hosts = [parseHostPattern(own.origin)];
    const source = { find: () => ({ value: "sk-live/4711", hosts }) };
    const fetchTo = async (where: string) => {
      const envelope = createEnvelope(source, { workflowId: "orders", placeholders });
      return await fetchOnce({ url: `${own.origin}/to?${where}=${placeholders.of("KEY")}`, envelope });
    };
    await expect(fetchTo("foreign")).rejects.toMatchObject({ code: "secret-refused" });
    expect(foreign.connections()).toBe(0);
    const response = await fetchTo("own");
    expect(own.requests.at(-1)?.url).toBe("/arrived?sk-live%2F4711");
    expect(response.url).toBe(`${own.origin}/arrived?${placeholders.of("KEY")}`);
  });

  test("is followed up to the limit", async () => {
    await using server = await startHttpServer(({ url }, response) => {
      const left = Number(url.slice(1));
      if (left > 0) response.writeHead(302, { location: `/${left - 1}` }).end();
      else response.end("arrived");
    });
    const arrived = await fetchOnce({ url: `${server.origin}/${maxFetchRedirects}` });
    expect(textOf(arrived)).toBe("arrived");
    const fetched = fetchOnce({ url: `${server.origin}/${maxFetchRedirects + 1}` });
    await expect(fetched).rejects.toMatchObject(
      failing("limit-exceeded", /20 redirects \(maxFetchRedirects\)/),
    );
  });

  test("is returned with redirect: manual", async () => {
    await using server = await startHttpServer((_request, response) => {
      response.writeHead(302, { location: "http://10.0.0.1/" }).end("moved");
    });
    const response = await fetchOnce({ url: server.origin, redirect: "manual" });
    expect(response).toMatchObject({
      status: 302,
      redirected: false,
      headers: [
        ["location", "http://10.0.0.1/"],
        ["date", expect.any(String)],
      ],
    });
    expect(textOf(response)).toBe("moved");
  });

  test("rejects with redirect: error", async () => {
    await using server = await startHttpServer((_request, response) => {
      response.writeHead(302, { location: "/" }).end();
    });
    const fetched = fetchOnce({ url: server.origin, redirect: "error" });
    await expect(fetched).rejects.toMatchObject(failing("fetch-failed", /is a redirect \(302\)/));
  });

  test.each([300, 304, 305])("status %i is not a redirect", async (status) => {
    await using server = await startHttpServer((_request, response) => {
      response.writeHead(status, { location: "/elsewhere" }).end();
    });
    const response = await fetchOnce({ url: server.origin });
    expect(response).toMatchObject({ status, redirected: false });
  });

  test.each(["/echo?é=日", "/é/日?a=%C3%A9#x", "http://[::1", "/latin1-\u00e9"])(
    "to %s leads to the same URL as Node's fetch",
    async (location) => {
      await using server = await startHttpServer(({ url }, response) => {
        // The last one is no UTF-8: a byte of its own.
        const bytes = location.startsWith("/latin1") ? location : Buffer.from(location).toString("latin1");
        const headers = { location: bytes, "x-name": Buffer.from("日").toString("latin1") };
        response.writeHead(url === "/" ? 302 : 200, headers).end(url);
      });
      const native = await fetch(`${server.origin}/`).then(
        async (response) => await response.text(),
        () => "fails",
      );
      const ours = await fetchOnce({ url: `${server.origin}/` }).then(textOf, () => "fails");
      expect(ours).toBe(native);
      const manual = await fetchOnce({ url: `${server.origin}/`, redirect: "manual" });
      const nativeManual = await fetch(`${server.origin}/`, { redirect: "manual" });
      const names = ["location", "x-name"];
      expect(manual.headers.filter(([name]) => names.includes(name))).toEqual(
        names.map((name) => [name, nativeManual.headers.get(name)]),
      );
    },
  );

  test("without a Location is returned as a response", async () => {
    await using server = await startHttpServer((_request, response) => response.writeHead(302).end("where?"));
    const response = await fetchOnce({ url: server.origin });
    expect(textOf(response)).toBe("where?");
  });
});

describe("one client", () => {
  test("reuses connections, also after redirects", async () => {
    await using server = await startHttpServer(({ url }, response) => {
      if (url === "/from") response.writeHead(302, { location: "/to" }).end("moved");
      else response.end("hello");
    });
    await using http = createHttpClient({ policy });
    for (let count = 0; count < 10; count += 1) {
      await http.fetch(requestOf({ url: `${server.origin}/from` }), new AbortController().signal);
    }
    expect(server.requests).toHaveLength(20);
    expect(server.connections()).toBeLessThan(10);
  });

  test("opens at most the maximum number of sockets per origin, and further requests wait", async () => {
    const held = holdRequests();
    await using server = await startHttpServer(held.answer);
    await using other = await startHttpServer(held.answer);
    await using http = createHttpClient({ policy, limits: { connectionsPerOrigin: 2 } });
    const fetches = [server, server, server, other].map(async ({ origin }) =>
      http.fetch(requestOf({ url: origin }), new AbortController().signal),
    );
    // The third was asked for before the last, and that has arrived.
    await held.arrived(3);
    expect(server.connections() + server.requests.length).toBe(4);
    held.release();
    expect((await Promise.all(fetches)).map(textOf)).toEqual(["done", "done", "done", "done"]);
    expect(server.connections()).toBe(2);
  });

  test("shares no connection between workflows", async () => {
    // It attributes all data of a connection to its first client, and an unread body to the next request.
    const speakers = new WeakMap<object, string>();
    await using server = await startHttpServer((request, response) => {
      const { socket } = response;
      if (socket === null) throw new Error("The connection is gone");
      const speaker = speakers.get(socket) ?? String(request.headers["x-name"]);
      speakers.set(socket, speaker);
      response.end(speaker);
    });
    await using http = createHttpClient({ policy });
    const fetchAs = async (workflowId: string) => {
      const headers = [["x-name", workflowId]] as const;
      const given = { url: server.origin, headers, workflowId, executionId: `${workflowId}-1` };
      return textOf(await http.fetch(requestOf(given), new AbortController().signal));
    };
    const names = ["alice", "bob", "alice", "bob", "alice"];
    const answers: string[] = [];
    for (const name of names) answers.push(await fetchAs(name));
    expect(answers).toEqual(names);
    expect(server.connections()).toBe(2);
  });

  test("a workflow with all its sockets in use does not block another workflow", async () => {
    const held = holdRequests();
    await using server = await startHttpServer(held.answer);
    await using http = createHttpClient({ policy, limits: { connectionsPerOrigin: 2 } });
    const owners = ["greedy", "greedy", "greedy", "modest"];
    const fetches = owners.map(async (workflowId, index) => {
      const given = { url: `${server.origin}/${workflowId}`, workflowId, executionId: String(index) };
      return await http.fetch(requestOf(given), new AbortController().signal);
    });
    await held.arrived(3);
    expect(server.requests.map(({ url }) => url).toSorted()).toEqual(["/greedy", "/greedy", "/modest"]);
    held.release();
    await Promise.all(fetches);
  });

  test("limits the concurrent fetches of an execution, and other executions are not blocked", async () => {
    const held = holdRequests();
    await using server = await startHttpServer(held.answer);
    await using http = createHttpClient({ policy, limits: { concurrentFetches: 2 } });
    const paths = ["/one/1", "/one/2", "/one/3", "/two/1"];
    const fetches = paths.map(async (path) => {
      const [, executionId = ""] = path.split("/");
      const given = { url: `${server.origin}${path}`, executionId };
      return await http.fetch(requestOf(given), new AbortController().signal);
    });
    await held.arrived(3);
    expect(server.requests.map(({ url }) => url).toSorted()).toEqual(["/one/1", "/one/2", "/two/1"]);
    held.release();
    await Promise.all(fetches);
    expect(server.requests.map(({ url }) => url).toSorted()).toEqual(paths);
  });

  test("a queued fetch times out without being sent", async () => {
    const held = holdRequests();
    await using server = await startHttpServer(held.answer);
    await using http = createHttpClient({ policy, limits: { concurrentFetches: 1, timeoutMs: 300 } });
    const { signal } = new AbortController();
    const fetches = ["/never", "/waits"].map(async (path) =>
      http.fetch(requestOf({ url: server.origin + path, executionId: "one" }), signal),
    );
    const timedOut = { status: "rejected", reason: { code: "fetch-timeout" } };
    expect(await Promise.allSettled(fetches)).toMatchObject([timedOut, timedOut]);
    expect(server.requests.map(({ url }) => url)).toEqual(["/never"]);
  });

  test("handles a hundred concurrent fetches", async () => {
    await using server = await startHttpServer(({ url }, response) => response.end(url));
    await using http = createHttpClient({ policy });
    const paths = Array.from({ length: 100 }, (_, index) => `/${index}`);
    const { signal } = new AbortController();
    const responses = await Promise.all(
      paths.map((path) => http.fetch(requestOf({ url: `${server.origin}${path}` }), signal)),
    );
    expect(responses.map(textOf)).toEqual(paths);
  });
});

/** A server that delays all responses until it is released. */
function holdRequests() {
  const responses: ServerResponse[] = [];
  const waiters: { readonly count: number; readonly resolve: () => void }[] = [];
  let isHeld = true;
  return {
    answer: (_request: unknown, response: ServerResponse): void => {
      responses.push(response);
      if (!isHeld) response.end("done");
      for (const { count, resolve } of waiters) if (responses.length >= count) resolve();
    },
    async arrived(count: number) {
      const { promise, resolve } = Promise.withResolvers<void>();
      waiters.push({ count, resolve });
      if (responses.length >= count) resolve();
      await promise;
    },
    release() {
      isHeld = false;
      for (const response of responses) response.end("done");
    },
  };
}
