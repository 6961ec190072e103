import { createServer } from "node:http";
import type { ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { serveParent } from "./child.ts";

/**
 * The server that workflows and baselines fetch from, in its own process, so that it uses none of their
 * CPU time.
 *
 * `GET /count` returns a small JSON document, `GET /bytes/N` a JSON document of N bytes; request bodies are
 * read to their end.
 */

const server = createServer((request, response) => {
  const [, route, size] = (request.url ?? "").split("/");
  request.resume();
  if (request.method === "POST") request.once("end", () => answer(response, "{}"));
  else if (route === "bytes") answer(response, textOf(Number(size)));
  else answer(response, '{"count":1}');
});

server.keepAliveTimeout = 600_000;
server.listen(0, "127.0.0.1", () => {
  serveParent({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
});

function answer(response: ServerResponse, text: string): void {
  response.writeHead(200, { "content-type": "application/json", "content-length": text.length });
  response.end(text);
}

const texts = new Map<number, string>();

/** A JSON document of exactly `size` bytes: an array of records, padded by one string. */
function textOf(size: number): string {
  const known = texts.get(size);
  if (known !== undefined) return known;
  const record = `{"id":12345,"name":"a record like any other","price":99.5,"tags":["a","b"]},`;
  const records = record.repeat(Math.floor((size - 100) / record.length));
  const text = `[${records}"${"x".repeat(size - records.length - 4)}"]`;
  texts.set(size, text);
  return text;
}
