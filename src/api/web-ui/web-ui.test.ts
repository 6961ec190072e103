import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { request as httpRequest } from "node:http";
import type { IncomingMessage } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startApi } from "../server.ts";
import type { ApiServer } from "../server.ts";
import { readProblem, testApi } from "../testing/test-api.ts";
import { openWebUiFiles, pageListName } from "./web-ui-files.ts";

const html = "<!doctype html><title>Duranium</title>";
const script = "export const answer = 42;\n".repeat(50);
const asBrowser = { accept: "text/html,application/xhtml+xml,*/*;q=0.8" };

describe("the web UI", () => {
  let folder: string;
  let server: ApiServer;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "duranium-page-"));
    await buildByHand(folder);
    const { app } = testApi({ page: openWebUiFiles(folder) });
    server = await startApi({ app, host: "127.0.0.1", port: 0 });
  });
  afterAll(async () => {
    await server.close();
    await rm(folder, { recursive: true });
  });
  const get = async (path: string, headers: Record<string, string> = {}, method = "GET") =>
    await ask(`${server.url}${path}`, method, headers);

  test("is served at the root to browsers, and JSON to other clients", async () => {
    const page = await get("/", asBrowser);
    expect(page.headers["content-type"]).toBe("text/html; charset=utf-8");
    expect(page.headers["vary"]).toContain("accept");
    expect(page.text()).toBe(html);
    expect(JSON.parse((await get("/")).text())).toMatchObject({ name: "duranium" });
  });

  test.each([
    "/app",
    "/app/",
    "/app/workflows/order-sync",
    "/app/none?x=1",
    "/app/%ff",
    "/app/..%2f..%2fetc",
  ])("responds to %s with the page, whatever the Accept header", async (path) => {
    const page = await get(path);
    expect(page.status).toBe(200);
    expect(page.text()).toBe(html);
  });

  test("the page is revalidated and responds with 304 if it has not changed", async () => {
    const first = await get("/app");
    expect(first.headers["cache-control"]).toBe("no-cache");
    const tag = String(first.headers["etag"]);
    expect(tag).toMatch(/^"[0-9a-f]{32}"$/);
    for (const known of [tag, `W/${tag}`, `"other", ${tag}`, "*"]) {
      const again = await get("/app", { "if-none-match": known });
      expect([again.status, again.text()]).toEqual([304, ""]);
      expect(again.headers["content-security-policy"]).toBe(first.headers["content-security-policy"]);
    }
    expect((await get("/app", { "if-none-match": '"other"' })).status).toBe(200);
  });

  test("scripts are immutable in caches, because their names contain a digest", async () => {
    const file = await get("/assets/index-1.js");
    expect(file.headers["cache-control"]).toBe("public, max-age=31536000, immutable");
    expect(file.headers["content-type"]).toBe("text/javascript; charset=utf-8");
  });

  test("files are sent in the smallest accepted encoding, each with its own ETag", async () => {
    const plain = await get("/assets/index-1.js");
    const brotli = await get("/assets/index-1.js", { "accept-encoding": "gzip, deflate, br" });
    const gzip = await get("/assets/index-1.js", { "accept-encoding": "gzip" });
    expect(brotliDecompressSync(brotli.body).toString()).toBe(script);
    expect(gunzipSync(gzip.body).toString()).toBe(script);
    expect(plain.text()).toBe(script);
    expect(new Set([plain, brotli, gzip].map(({ headers }) => headers["etag"])).size).toBe(3);
    for (const { headers, body } of [plain, brotli, gzip]) {
      expect(headers["vary"]).toBe("accept-encoding");
      expect(headers["content-length"]).toBe(String(body.length));
    }
  });

  test("HEAD returns only headers", async () => {
    const head = await get("/assets/index-1.js", { "accept-encoding": "br" }, "HEAD");
    const whole = await get("/assets/index-1.js", { "accept-encoding": "br" });
    expect(head.body.length).toBe(0);
    expect(head.headers["content-length"]).toBe(String(whole.body.length));
    expect(head.headers["etag"]).toBe(whole.headers["etag"]);
  });

  test("the content security policy allows only its own server", async () => {
    for (const path of ["/app", "/assets/index-1.js"]) {
      const { headers } = await get(path);
      expect(headers["content-security-policy"]).toBe(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; " +
          "img-src 'self' data:; font-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'; " +
          "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
      );
      expect(headers["x-frame-options"]).toBe("DENY");
      expect(headers["x-content-type-options"]).toBe("nosniff");
      expect(headers["referrer-policy"]).toBe("no-referrer");
    }
  });

  test("the policy of the API reference allows requests and scripts of its own server only", async () => {
    for (const path of ["/docs", "/docs/"]) {
      const { status, headers, text } = await get(path);
      expect([status, text()]).toEqual([200, "reference"]);
      expect(headers["content-security-policy"]).toContain("script-src 'self'; ");
      expect(headers["content-security-policy"]).toContain("connect-src 'self'; ");
    }
  });

  test("the root of the API contains its URL", async () => {
    expect(JSON.parse((await get("/")).text()).links).toMatchObject({ page: "/app", docs: "/docs" });
  });

  test("only the preview worker may fetch from any origin", async () => {
    const { headers } = await get("/assets/preview-worker-1.js");
    expect(headers["content-security-policy"]).toBe(
      "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src *; base-uri 'none'; frame-ancestors 'none'",
    );
  });

  test.each([
    "/assets/none.js",
    "/assets/",
    "/assets/../files.json",
    "/assets/..%2ffiles.json",
    "/assets/%2e%2e/files.json",
    "/assets/index-1.js.br",
    "/assets/unlisted.js",
    "/assets/%00",
  ])("%s is not found", async (path) => {
    const { status, text } = await get(path);
    expect([401, 404]).toContain(status);
    expect(text()).not.toContain("secret");
  });

  test("a script of another release is answered with a hint to reload", async () => {
    const { status, headers, text } = await get("/assets/index-0.js");
    expect(status).toBe(404);
    expect(JSON.parse(text()).detail).toContain("load the page again");
    expect(headers["content-security-policy"]).toBe("default-src 'none'; frame-ancestors 'none'");
    expect(headers["cache-control"]).toBe("no-store");
  });

  test.each(["/app/workflows", "/assets/index-1.js"])(
    "other methods are rejected with 405 at %s",
    async (path) => {
      const refused = await get(path, {}, "POST");
      expect(refused.status).toBe(405);
      expect(refused.headers["allow"]).toBe("GET, HEAD, OPTIONS");
      expect((await get(path, {}, "OPTIONS")).status).toBe(204);
    },
  );

  test("a rebuild while the server runs is reported", async () => {
    const other = await mkdtemp(join(tmpdir(), "duranium-page-"));
    await buildByHand(other);
    const { app, logged } = testApi({ page: openWebUiFiles(other) });
    await rm(other, { recursive: true });
    const response = await app.request("/app");
    expect((await readProblem(response)).detail).toContain("start it again");
    expect(logged).toEqual([]);
  });

  test("a missing build is reported with the command to build it", async () => {
    const { app } = testApi();
    const response = await app.request("/app/workflows");
    expect(response.status).toBe(404);
    expect((await readProblem(response)).detail).toContain("node scripts/build-web.ts");
    expect((await app.request("/", { headers: asBrowser })).headers.get("content-type")).toBe(
      "application/json",
    );
  });
});

/** A folder as `scripts/build-web.ts` leaves it, and a file that the build has not listed. */
async function buildByHand(folder: string): Promise<void> {
  await mkdir(join(folder, "assets"));
  await writeFile(join(folder, "index.html"), html);
  await writeFile(join(folder, "docs.html"), "reference");
  await writeFile(join(folder, "assets/unlisted.js"), "secret");
  for (const name of ["index-1.js", "preview-worker-1.js"]) {
    await writeFile(join(folder, "assets", name), script);
    await writeFile(join(folder, "assets", `${name}.gz`), gzipSync(script));
    await writeFile(join(folder, "assets", `${name}.br`), brotliCompressSync(script));
  }
  const files = [
    { path: "index.html", digest: "a".repeat(64), encodings: [] },
    { path: "docs.html", digest: "d".repeat(64), encodings: [] },
    { path: "assets/index-1.js", digest: "b".repeat(64), encodings: ["gzip", "br"] },
    { path: "assets/preview-worker-1.js", digest: "c".repeat(64), encodings: ["gzip", "br"] },
  ];
  await writeFile(join(folder, pageListName), JSON.stringify({ files }));
}

/** Sends the path unchanged and does not decompress the response, unlike `fetch`. */
async function ask(url: string, method: string, headers: Record<string, string>) {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const { hostname, port } = new URL(url);
  const path = url.slice(new URL(url).origin.length);
  httpRequest({ hostname, port, path, method, headers }, resolve).on("error", reject).end();
  const response = await promise;
  const chunks = await Array.fromAsync<Buffer>(response);
  const body = Buffer.concat(chunks);
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    body,
    text: () => body.toString("utf8"),
  };
}
