import { describe, expect, test } from "vitest";
import { readProblem, testApi } from "../testing/test-api.ts";

interface Engine {
  readonly digest: string;
  readonly protocolVersion: number;
  readonly url: string;
}

describe("the engines of an installation", () => {
  const file = { body: "engine 3.13.5", headers: { "content-type": "application/octet-stream" } };

  test("are listed, added, exported and removed, which the audit log records", async () => {
    const { ask } = testApi();
    const added = await ask("POST", "/engines", file);
    expect(added.status).toBe(201);
    const engine = (await added.json()) as { digest: string };
    expect(engine).toMatchObject({
      language: "python",
      languageVersion: "3.13.5",
      builtIn: false,
      addedBy: "root",
    });
    expect(added.headers.get("location")).toBe(`/engines/${engine.digest}`);
    expect(await (await ask("GET", `/engines/${engine.digest}`)).json()).toEqual(engine);
    const { items } = (await (await ask("GET", "/engines")).json()) as { items: object[] };
    expect(items).toMatchObject([{ language: "javascript", builtIn: true }, { language: "python" }]);
    const exported = await ask("GET", `/engines/${engine.digest}/content`);
    expect(await exported.text()).toBe(file.body);
    expect(exported.headers.get("content-disposition")).toBe('attachment; filename="python.engine"');
    const python = (await (await ask("GET", "/engine?language=python")).json()) as Engine;
    expect(python.digest).toBe(engine.digest);
    expect((await ask("GET", python.url)).status).toBe(200);
    expect((await ask("DELETE", `/engines/${engine.digest}`)).status).toBe(204);
    expect((await readProblem(await ask("GET", `/engines/${engine.digest}`))).code).toBe("engine-not-found");
    const log = (await (await ask("GET", "/audit-log")).json()) as {
      items: { action: string; subject: string }[];
    };
    expect(log.items.map(({ action }) => action)).toEqual(["removeEngine", "addEngine"]);
    expect(log.items[1]?.subject).toContain(`python 3.13.5, ${engine.digest}`);
  });

  test.each([
    ["is no engine", "some text", "invalid-engine"],
    ["is empty", "", "invalid-request"],
  ])("a file that %s is refused", async (_, body, code) => {
    const { ask } = testApi();
    expect((await readProblem(await ask("POST", "/engines", { ...file, body }))).code).toBe(code);
  });

  test("a file that is too large is refused before it is read", async () => {
    const { ask } = testApi();
    const headers = { ...file.headers, "content-length": String(2 ** 30) };
    expect((await readProblem(await ask("POST", "/engines", { ...file, headers }))).code).toBe(
      "body-too-large",
    );
  });

  test("a language without an engine is reported", async () => {
    const { ask } = testApi();
    expect((await readProblem(await ask("GET", "/engine?language=python"))).code).toBe(
      "engine-not-installed",
    );
  });
});

describe("the engine", () => {
  test("is returned with the URL of its module", async () => {
    const { ask } = testApi();
    const response = await ask("GET", "/engine");
    const engine = (await response.json()) as Engine;
    expect(engine).toMatchObject({ protocolVersion: 1, url: `/engine/${engine.digest}.wasm` });
    expect(response.headers.get("cache-control")).toBe("no-store");
  });

  test("is downloaded once, in the smallest encoding that the caller accepts", async () => {
    const { ask } = testApi();
    const { url } = (await (await ask("GET", "/engine")).json()) as Engine;
    const encodings = ["gzip, br", "gzip", "identity"];
    const downloads = await Promise.all(
      encodings.map(async (encoding) => await ask("GET", url, { headers: { "accept-encoding": encoding } })),
    );
    expect(downloads.map(({ headers }) => headers.get("content-encoding"))).toEqual(["br", "gzip", null]);
    expect(new Set(downloads.map(({ headers }) => headers.get("etag"))).size).toBe(3);
    for (const { headers } of downloads) {
      expect(headers.get("content-type")).toBe("application/wasm");
      expect(headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
      expect(headers.get("vary")).toBe("accept-encoding");
    }
    const tag = downloads[0]?.headers.get("etag") ?? "";
    const again = await ask("GET", url, { headers: { "accept-encoding": "br", "if-none-match": tag } });
    expect(again.status).toBe(304);
    expect(again.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
  });

  test.each(["none.wasm", `${"0".repeat(64)}.wasm`, "..%2fmetadata.json"])(
    "/engine/%s is not found",
    async (module) => {
      const { ask } = testApi();
      const refused = await ask("GET", `/engine/${module}`);
      expect(await readProblem(refused)).toMatchObject({ code: "route-not-found" });
      expect(refused.headers.get("cache-control")).toBe("no-store");
    },
  );
});
