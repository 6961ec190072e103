import { describe, expect, test } from "vitest";
import { readProblem, testApi } from "../testing/test-api.ts";

interface Engine {
  readonly digest: string;
  readonly protocolVersion: number;
  readonly url: string;
}

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
