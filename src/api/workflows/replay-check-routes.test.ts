import { describe, expect, test } from "vitest";
import { readProblem, testApi } from "../testing/test-api.ts";

const path = "/workflows/orders/replay-checks";

describe("a replay check", () => {
  test("is started, waited for, listed and cancelled", async () => {
    const { ask } = testApi();
    const started = await ask("POST", path, { json: { draft: true } });
    expect(started.status).toBe(202);
    const location = started.headers.get("location") ?? "";
    expect(await started.json()).toMatchObject({ status: "running", done: 0 });
    expect(await (await ask("GET", location)).json()).toMatchObject({ status: "running" });
    const report = { status: "completed", summary: { same: 1 }, items: [{ outcome: "same" }] };
    expect(await (await ask("GET", `${location}?wait=5`)).json()).toMatchObject(report);
    const waited = await ask("POST", `${path}?wait=5`, { json: { version: 3, select: { last: 10 } } });
    expect([waited.status, await waited.json()]).toMatchObject([200, report]);
    expect(await (await ask("GET", path)).json()).toMatchObject({ items: [{}, {}] });
    expect(await (await ask("POST", `${location}/cancel`)).json()).toMatchObject({ status: "cancelled" });
  });

  test.each([
    ["nothing to replay on", {}],
    ["two forms", { draft: true, version: 1 }],
    ["an unknown member of the selection", { draft: true, select: { first: 1 } }],
    ["too many executions", { version: 1, select: { last: 100_000 } }],
    ["malformed IDs", { version: 1, select: { executionIds: ["inv_1"] } }],
    ["a note", { source: "export function run() {}", note: "a note" }],
    ["a list", []],
  ])("is refused with %s", async (_, json) => {
    const { ask } = testApi();
    const { code } = await readProblem(await ask("POST", path, { json }));
    expect(["invalid-request", "execution-not-found"]).toContain(code);
  });

  test("needs the scope that reads executions as well as the one that deploys", async () => {
    const { ask } = testApi();
    const json = { name: "ci", scopes: ["workflows:deploy"] };
    const { key } = (await (await ask("POST", "/api-keys", { json })).json()) as { key: string };
    const headers = { authorization: `Bearer ${key}` };
    const refused = await ask("POST", path, { json: { draft: true }, headers });
    expect((await readProblem(refused)).code).toBe("forbidden");
    const missing = await ask("GET", `${path}/chk_0`);
    expect((await readProblem(missing)).code).toBe("replay-check-not-found");
  });
});
