import { describe, expect, test } from "vitest";
import type { Scope } from "../../domain/permissions.ts";
import { readProblem, testApi } from "../testing/test-api.ts";
import type { TestApi } from "../testing/test-api.ts";

const path = "/workflows/order-sync/settings";

describe("PUT /workflows/:workflowId/settings", () => {
  test("accepts a retention in whole hours, at least one", async () => {
    const api = testApi();
    expect((await api.ask("PUT", path, { json: { retentionHours: 1 } })).status).toBe(200);
    expect(await (await api.ask("GET", path)).json()).toEqual({ retentionHours: 1 });
    for (const retentionHours of [0, -1, 1.5, "1", null]) {
      const problem = await readProblem(await api.ask("PUT", path, { json: { retentionHours } }));
      expect(problem).toMatchObject({ status: 400, code: "invalid-request" });
      expect(problem.detail).toContain("retentionHours");
    }
  });

  test("accepts rules of redaction and a required replay check, and names what is malformed", async () => {
    const api = testApi();
    const json = {
      recordings: {
        redact: { headers: ["x-session"], body: ["/customer/email", "/items/*/card", "/a~1b/~0"] },
      },
      deploy: { requireReplayCheck: { allow: ["otherResult"] } },
    };
    expect((await api.ask("PUT", path, { json })).status).toBe(200);
    expect(await (await api.ask("GET", path)).json()).toEqual({
      ...json,
      deploy: { requireReplayCheck: { last: 50, allow: ["otherResult"] } },
    });
    for (const [json, name] of [
      [{ recordings: { redact: { body: ["email"] } } }, "JSON Pointer"],
      [{ recordings: { redact: { body: [`/${"a".repeat(1_000)}`] } } }, "1000"],
      [{ recordings: { redact: { headers: ["a b"] } } }, "name of a header"],
      [{ deploy: { requireReplayCheck: { last: 0 } } }, "last"],
      [{ deploy: { requireReplayCheck: { allow: ["worse"] } } }, "allow"],
    ] as const) {
      const problem = await readProblem(await api.ask("PUT", path, { json }));
      expect(problem).toMatchObject({ status: 400, code: "invalid-request" });
      expect(problem.detail).toContain(name);
    }
  });

  test("the retention requires a key that may delete executions, and other settings do not", async () => {
    const api = testApi();
    await api.ask("PUT", path, { json: { retentionHours: 72 } });
    const headers = { authorization: `Bearer ${await keyWith(api, ["workflows:deploy"])}` };
    const limits = { calls: 10 };
    expect((await api.ask("PUT", path, { json: { retentionHours: 72, limits }, headers })).status).toBe(200);
    for (const json of [{ retentionHours: 1, limits }, { limits }]) {
      expect(await readProblem(await api.ask("PUT", path, { json, headers }))).toMatchObject({
        code: "forbidden",
        detail: "API key lacks the scope executions:manage",
      });
    }
    expect(await (await api.ask("GET", path)).json()).toEqual({ retentionHours: 72, limits });
  });

  test("is recorded in the audit log", async () => {
    const api = testApi();
    await api.ask("PUT", path, { json: { retentionHours: 1 } });
    const { items } = (await (await api.ask("GET", "/audit-log")).json()) as { items: object[] };
    expect(items).toMatchObject([{ action: "setSettings", subject: path, status: 200 }]);
  });
});

async function keyWith({ ask }: TestApi, scopes: readonly Scope[]): Promise<string> {
  const response = await ask("POST", "/api-keys", { json: { name: "narrow", scopes } });
  return ((await response.json()) as { key: string }).key;
}
