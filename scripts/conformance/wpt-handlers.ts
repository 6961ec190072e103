import type { ServerResponse } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import type { WptRequest } from "./wpt-request.ts";

type Handler = (request: WptRequest, response: ServerResponse) => void | Promise<void>;

/** Values that one request stores for a later one. */
const stash = new Map<string, string>();

/**
 * The handlers of web-platform-tests that the selected directories use, by file name. They behave like the
 * originals.
 */
export const wptHandlers: Readonly<Record<string, Handler>> = {
  "authentication.py": ({ headers }, response) => {
    const isUser = headers.authorization === `Basic ${btoa("user:password")}`;
    if (isUser) response.end("Authentication done");
    else response.writeHead(401, { "www-authenticate": 'Basic realm="test"' }).end("Please login");
  },
  "bad-br-body.py": (_request, response) => badCoding(response, "br"),
  "bad-gzip-body.py": (_request, response) => badCoding(response, "gzip"),
  "bad-zstd-body.py": (_request, response) => badCoding(response, "zstd"),
  "bad-chunk-encoding.py": async ({ query }, response) => {
    const ms = Number(query.get("ms") ?? 1_000);
    const { socket } = response;
    socket?.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    for (let count = Number(query.get("count") ?? 50); count > 0; count -= 1) {
      await delay(ms);
      socket?.write("a\r\nTEST_CHUNK\r\n");
    }
    socket?.end("garbage");
  },
  "cache.py": ({ headers }, response) => {
    const head = { etag: '"123abc"', "content-type": "text/plain" };
    if (headers["if-none-match"] === head.etag) response.writeHead(304).end();
    else response.writeHead(200, head).end("lorem ipsum dolor sit amet");
  },
  "dump-authorization-header.py": ({ headers }, response) =>
    void response.end(headers.authorization ?? "none"),
  "echo-content.py": ({ method, headers, body }, response) => {
    response.setHeader("x-request-method", method);
    response.setHeader("x-request-content-length", headers["content-length"] ?? "NO");
    response.setHeader("x-request-content-type", headers["content-type"] ?? "NO");
    response.setHeader("content-type", "text/plain");
    response.end(body);
  },
  "infinite-slow-response.py": async ({ query }, response) => {
    const stateKey = query.get("stateKey");
    const isToEnd = (): boolean => stash.delete(query.get("abortKey") ?? "");
    if (stateKey !== null) stash.set(stateKey, "open");
    response.writeHead(200, { "content-type": "text/plain" }).write(".".repeat(2_048));
    while (!response.destroyed && !isToEnd()) {
      response.write(".");
      await delay(10);
    }
    response.end();
    if (stateKey !== null) stash.set(stateKey, "closed");
  },
  "inspect-headers.py": ({ query, headers }, response) => {
    for (const name of query.get("headers")?.split("|") ?? []) {
      const value = headers[name.toLowerCase()];
      if (value !== undefined) response.setHeader(`x-request-${name}`, value);
    }
    response.setHeader("content-type", "text/plain");
    response.end();
  },
  "method.py": ({ method, headers, body }, response) => {
    response.setHeader("x-request-method", method);
    for (const name of ["type", "length", "encoding", "language", "location"]) {
      response.setHeader(`x-request-content-${name}`, headers[`content-${name}`] ?? "NO");
    }
    response.end(body);
  },
  "redirect.py": redirect,
  "redirect-empty-location.py": (_request, response) => void response.writeHead(302, { location: "" }).end(),
  "stash-put.py": ({ query }, response) => {
    stash.set(query.get("key") ?? "", query.get("value") ?? "");
    response.end("done");
  },
  "stash-take.py": ({ query }, response) => {
    const key = query.get("key") ?? "";
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(stash.get(key) ?? null));
    stash.delete(key);
  },
  "clean-stash.py": ({ query }, response) => {
    response.end(stash.delete(query.get("token") ?? "") ? "1" : "0");
  },
  "status.py": ({ method, query, body }, response) => {
    const status = Number(query.get("code") ?? 200);
    response.writeHead(status, query.get("text") ?? "OMG", {
      "content-type": query.get("type") ?? "",
      "x-request-method": method,
    });
    response.end(query.get("content") ?? body.subarray(0, 0));
  },
  "trickle.py": async ({ query }, response) => {
    const ms = Number(query.get("ms") ?? 500);
    await delay(ms);
    response.writeHead(200, query.has("notype") ? {} : { "content-type": "text/plain" });
    for (let count = Number(query.get("count") ?? 50); count > 0; count -= 1) {
      await delay(ms);
      response.write("TEST_TRICKLE\n");
    }
    await delay(ms);
    response.end();
  },
  "parse-headers.py": ({ query }, response) => {
    const value = query.get("my-custom-header") ?? "";
    response.socket?.end(
      `HTTP/1.1 200 OK\r\nmy-custom-header: ${value}\r\ncontent-length: 0\r\n\r\n`,
      "latin1",
    );
  },
  "echo-headers.py": ({ headers }, response) => {
    response.setHeader("content-type", "text/plain");
    response.end(
      Object.entries(headers)
        .map(([name, value]) => `${name}: ${String(value)}`)
        .join("\n"),
    );
  },
};

function badCoding(response: ServerResponse, coding: string): void {
  response.writeHead(200, { "content-encoding": coding }).end(`not actually ${coding}`);
}

async function redirect({ query }: WptRequest, response: ServerResponse): Promise<void> {
  const token = query.get("token");
  const count = Number((token === null ? undefined : stash.get(token)) ?? 0) + 1;
  if (token !== null) {
    stash.set(token, String(count));
    const maxCount = query.get("max_count");
    if (maxCount !== null && count > Number(maxCount)) return void response.end(String(count - 1));
  }
  await delay(Number(query.get("delay") ?? 0));
  const location = query.get("location");
  if (location !== null)
    response.setHeader("location", Buffer.from(locationOf(location, query, count)).toString("latin1"));
  response.setHeader("content-type", "text/plain");
  response.setHeader("cache-control", "no-cache");
  response.writeHead(Number(query.get("redirect_status") ?? 302)).end();
}

/** The parameters are passed on, unless the test requests a location without them. */
function locationOf(location: string, query: URLSearchParams, count: number): string {
  if (query.has("simple") || !/^(?:https?:|(?![a-z][a-z0-9+.-]*:))/i.test(location)) return location;
  return `${location}${location.includes("?") ? "&" : "?"}${query.toString()}&count=${count}`;
}
