import { describe, expect, test } from "vitest";
import { maxApiKeyNameLength } from "../contract/limits.ts";
import { testApi } from "../testing/test-api.ts";

describe("API keys", () => {
  test("the key is returned only when it is created, and works until it is revoked", async () => {
    const { app, ask } = testApi();
    const created = await ask("POST", "/api-keys", { json: { name: "ci" } });
    expect(created.status).toBe(201);
    const { id, key } = (await created.json()) as { id: string; key: string };
    expect(created.headers.get("location")).toBe(`/api-keys/${id}`);

    const headers = { authorization: `Bearer ${key}` };
    expect((await app.request("/workflows", { headers })).status).toBe(200);
    expect((await ask("DELETE", `/api-keys/${id}`)).status).toBe(204);
    expect((await app.request("/workflows", { headers })).status).toBe(401);
  });

  test("the list contains no key values", async () => {
    const { ask } = testApi();
    const { key } = (await (await ask("POST", "/api-keys", { json: { name: "ci" } })).json()) as {
      key: string;
    };
    const list = await (await ask("GET", "/api-keys")).text();
    expect(list).not.toContain(key);
    expect(JSON.parse(list)).toMatchObject({
      items: [
        { name: "root" },
        { name: "ci", prefix: key.slice(0, 8), createdAt: "2026-01-31T09:30:00.000Z" },
      ],
    });
  });

  test.each(["x", "Köln, Büro 2", "c".repeat(maxApiKeyNameLength)])("a key can be named %s", async (name) => {
    const { ask } = testApi();
    expect((await ask("POST", "/api-keys", { json: { name } })).status).toBe(201);
  });
});
