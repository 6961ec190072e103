import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { errorCatalogue } from "../../domain/errors.ts";
import { scopes } from "../../domain/permissions.ts";
import { testApi } from "../testing/test-api.ts";
import { openApiPath } from "./openapi.ts";

interface OpenApi {
  readonly openapi: string;
  readonly info: { readonly version: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, JsonSchema>> };
}

interface Operation {
  readonly operationId: string;
  readonly security?: readonly Readonly<Record<string, readonly string[]>>[];
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required?: boolean;
  }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, MediaType>> };
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, MediaType>> }>>;
}

interface MediaType {
  readonly schema: object;
  readonly examples?: Readonly<Record<string, { readonly value: unknown }>>;
}

type JsonSchema = Parameters<typeof z.fromJSONSchema>[0];

const { app, routes } = testApi();
const document = (await (await app.request("/openapi.json")).json()) as OpenApi;
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ method, path, operation })),
);
const mediaTypes = operations.flatMap(({ operation }) =>
  [operation.requestBody, ...Object.values(operation.responses)].flatMap((holder) =>
    Object.values(holder?.content ?? {}).map((media) => [operation.operationId, media] as const),
  ),
);

const openPaths = [
  "/",
  "/callbacks/{token}",
  "/engine",
  "/engine/{module}",
  "/errors/{code}",
  "/healthz",
  "/openapi.json",
  "/readyz",
  "/session",
  "/session",
  "/session/status",
  "/webhooks/{token}",
  "/webhooks/{token}",
  "/webhooks/{token}",
];

describe("the OpenAPI document", () => {
  test.each([
    ["gzip", gunzipSync],
    ["br", brotliDecompressSync],
  ] as const)("is compressed with %s if the caller accepts it", async (encoding, decompress) => {
    const { app } = testApi();
    const whole = await app.request("/openapi.json");
    const compressed = await app.request("/openapi.json", { headers: { "accept-encoding": encoding } });
    expect([whole, compressed].map(({ headers }) => headers.get("content-encoding"))).toEqual([
      null,
      encoding,
    ]);
    expect(compressed.headers.get("etag")).not.toBe(whole.headers.get("etag"));
    const bytes = Buffer.from(await compressed.arrayBuffer());
    const text = await whole.text();
    expect(decompress(bytes).toString()).toBe(text);
    expect(bytes.length).toBeLessThan(text.length / 5);
  });

  test("describes each tag", async () => {
    const { tags } = (await (await testApi().app.request("/openapi.json")).json()) as {
      tags: { name: string; description?: string }[];
    };
    expect(tags.filter(({ description }) => description === undefined)).toEqual([]);
  });

  test("has the version of Duranium", () => {
    expect(document).toMatchObject({ openapi: "3.1.1", info: { title: "Duranium", version: "0.1.0" } });
  });

  test("has exactly the registered routes", () => {
    const registered = app.routes
      .filter(({ method }) => method !== "ALL")
      .map(({ method, path }) => `${method.toLowerCase()} ${openApiPath(path)}`);
    const documented = operations.map(({ method, path }) => `${method} ${path}`);
    expect(documented.toSorted()).toEqual(registered.toSorted());
    expect(documented).toHaveLength(routes.length);
  });

  test("responds with 304 if it has not changed", async () => {
    const first = await app.request("/openapi.json");
    expect(first.headers.get("cache-control")).toBe("no-cache");
    const headers = { "if-none-match": first.headers.get("etag") ?? "" };
    const again = await app.request("/openapi.json", { headers });
    expect([again.status, await again.text()]).toEqual([304, ""]);
  });

  test("operation IDs are unique", () => {
    const names = operations.map(({ operation }) => operation.operationId);
    expect(new Set(names).size).toBe(names.length);
  });

  test("requires a key for the same routes as the application", () => {
    const open = operations.filter(({ operation }) => operation.security?.length === 0);
    expect(open.map(({ path }) => path).toSorted()).toEqual(openPaths);
    for (const { operation } of operations) {
      const [needed] = operation.security ?? [];
      const refusals = JSON.stringify(operation.responses["401"] ?? {});
      // A login may use an invalid key, and needs none.
      const mayBeRefused = needed !== undefined || operation.operationId === "openSession";
      expect(refusals.includes("unauthenticated")).toBe(mayBeRefused);
      expect(scopes).toContain(needed?.["apiKey"]?.[0] ?? "workflows:read");
    }
  });

  test("describes every path parameter", () => {
    for (const { path, operation } of operations) {
      const inPath = (operation.parameters ?? []).filter((parameter) => parameter.in === "path");
      const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      expect(inPath.map(({ name }) => name)).toEqual(names);
      expect(inPath.every(({ required }) => required === true)).toBe(true);
    }
  });

  test("all references resolve", () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)];
    expect(references.length).toBeGreaterThan(0);
    for (const [, name] of references) expect(document.components.schemas).toHaveProperty(name ?? "");
  });

  test("schemas have explicit names", () => {
    const made = Object.keys(document.components.schemas).filter((name) => !/^[A-Z][A-Za-z]+$/.test(name));
    expect(made).toEqual([]);
  });

  test("has an example of every error under its status", () => {
    const codes = new Set<string>();
    for (const { operation } of operations) {
      for (const [status, response] of Object.entries(operation.responses)) {
        for (const [code, { value }] of Object.entries(problemExamples(response))) {
          codes.add(code);
          expect(value).toMatchObject({ code, status: Number(status) });
        }
      }
    }
    expect([...codes].filter((code) => !(code in errorCatalogue))).toEqual([]);
  });

  test.each(mediaTypes)("the examples for %s match their schemas", (_operationId, { schema, examples }) => {
    const { components } = document;
    const text = JSON.stringify({ ...schema, $defs: components.schemas });
    const validator = z.fromJSONSchema(
      JSON.parse(text.replaceAll("#/components/schemas/", "#/$defs/")) as JsonSchema,
    );
    for (const { value } of Object.values(examples ?? {})) {
      expect(validator.safeParse(value).error).toBeUndefined();
    }
  });
});

function problemExamples(response: Operation["responses"][string]) {
  return response.content?.["application/problem+json"]?.examples ?? {};
}
