import { describe, expect, test } from "vitest";
import { readProblem, testApi } from "../testing/test-api.ts";
import type { AskOptions, TestApi } from "../testing/test-api.ts";

const address = "/workflows/order-sync/draft";
const files = { "workflow.ts": "export function run() {", "lib/tax.ts": "" };
const json = { files, entry: "workflow.ts" };
const begin = { "if-none-match": "*" };

describe("the draft of a workflow", () => {
  test("can exist before its workflow, and can be invalid code", async () => {
    const { ask } = testApi();
    const saved = await ask("PUT", address, { json, headers: begin });
    expect(saved.status).toBe(200);
    expect(await saved.json()).toEqual({
      workflowId: "order-sync",
      updatedAt: "2026-01-31T09:30:00.000Z",
      updatedBy: "root",
    });
    const read = await ask("GET", address);
    expect(read.headers.get("etag")).toBe(saved.headers.get("etag"));
    expect(await read.json()).toMatchObject({ files, entry: "workflow.ts", updatedBy: "root" });
    expect((await ask("GET", "/workflows/order-sync")).status).toBe(404);
  });

  test("responds with 304 if it has not changed", async () => {
    const api = testApi();
    const tag = await save(api, { headers: begin });
    expect((await api.ask("GET", address, { headers: { "if-none-match": tag } })).status).toBe(304);
    const next = await save(api, { headers: { "if-match": tag } });
    const read = await api.ask("GET", address, { headers: { "if-none-match": tag } });
    expect([read.status, read.headers.get("etag")]).toEqual([200, next]);
  });

  test("is saved only over the revision in If-Match", async () => {
    const api = testApi();
    const seen = await save(api, { headers: begin });
    const grace = { authorization: `Bearer ${await keyOf(api, "grace")}` };
    const theirs = await save(api, { headers: { ...grace, "if-match": seen } });
    const refused = await api.ask("PUT", address, { json, headers: { "if-match": seen } });
    expect(refused.status).toBe(412);
    expect(refused.headers.get("etag")).toBe(theirs);
    expect(await readProblem(refused)).toMatchObject({
      code: "draft-conflict",
      detail: 'Cannot save the draft of workflow "order-sync": "grace" has saved a newer one',
      updatedBy: "grace",
      updatedAt: "2026-01-31T09:30:00.000Z",
    });
    await save(api, { headers: { "if-match": `"other", ${theirs}` } });
    await save(api, { headers: { "if-match": "*" } });
  });

  test.each(["-gzip", "-br"])(
    "accepts a tag to which a proxy added %s, or that it made weak",
    async (added) => {
      const api = testApi();
      const seen = await save(api, { headers: begin });
      const next = await save(api, { headers: { "if-match": seen.replace(/"$/, `${added}"`) } });
      await save(api, { headers: { "if-match": `W/${next}` } });
      expect((await api.ask("PUT", address, { json, headers: { "if-match": seen } })).status).toBe(412);
    },
  );

  test("If-None-Match: * creates it only if it does not exist", async () => {
    const api = testApi();
    await save(api, { headers: begin });
    expect((await api.ask("PUT", address, { json, headers: begin })).status).toBe(412);
  });

  test.each([['"gone"'], ["*"], ['W/"gone"']])("a missing draft cannot be saved over %s", async (tag) => {
    const { ask } = testApi();
    const refused = await ask("PUT", address, { json, headers: { "if-match": tag } });
    const problem = await readProblem(refused);
    expect(problem).toMatchObject({
      code: "draft-conflict",
      detail: expect.stringContaining("If-None-Match: *"),
    });
    expect(problem).not.toHaveProperty("updatedBy");
  });

  test("cannot be saved without a precondition", async () => {
    const { ask } = testApi();
    const refused = await ask("PUT", address, { json });
    expect(refused.status).toBe(428);
    expect((await readProblem(refused)).detail).toContain("If-Match");
  });

  test.each<[string, Record<string, string>]>([
    ["a tag without quotes", { "if-match": "revision-1" }],
    ["a tag where there should be none", { "if-none-match": '"revision-1"' }],
  ])("cannot be saved with %s", async (_what, headers) => {
    const { ask } = testApi();
    expect((await readProblem(await ask("PUT", address, { json, headers }))).code).toBe("invalid-request");
  });

  test("can be discarded and created again", async () => {
    const api = testApi();
    await save(api, { headers: begin });
    expect((await api.ask("DELETE", address)).status).toBe(204);
    expect((await readProblem(await api.ask("GET", address))).code).toBe("draft-not-found");
    expect((await readProblem(await api.ask("DELETE", address))).code).toBe("draft-not-found");
    await save(api, { headers: begin });
  });

  test("is listed without its files, to keys that may read its workflow", async () => {
    const api = testApi();
    for (const workflow of ["order-sync", "salaries"])
      await api.ask("PUT", `/workflows/${workflow}/draft`, { json, headers: begin });
    const { items } = (await (await api.ask("GET", "/drafts")).json()) as { items: object[] };
    expect(items).toMatchObject([{ workflowId: "order-sync" }, { workflowId: "salaries" }]);
    const headers = { authorization: `Bearer ${await keyOf(api, "narrow", ["salaries"])}` };
    const narrow = (await (await api.ask("GET", "/drafts", { headers })).json()) as { items: object[] };
    expect(narrow.items).toMatchObject([{ workflowId: "salaries" }]);
  });

  test("is found by the name of its workflow", async () => {
    const api = testApi();
    for (const workflow of ["order-sync", "salaries"])
      await api.ask("PUT", `/workflows/${workflow}/draft`, { json, headers: begin });
    const narrow = { authorization: `Bearer ${await keyOf(api, "narrow", ["salaries"])}` };
    const found = async (workflow: string, headers = {}) =>
      (
        (await (await api.ask("GET", `/drafts?workflow=${workflow}`, { headers })).json()) as {
          items: { workflowId: string }[];
        }
      ).items.map(({ workflowId }) => workflowId);
    expect(await found("order-sync")).toEqual(["order-sync"]);
    expect(await found("order")).toEqual([]);
    expect(await found("salaries", narrow)).toEqual(["salaries"]);
    expect(await found("order-sync", narrow)).toEqual([]);
    expect((await api.ask("GET", "/drafts?workflow=No_Id")).status).toBe(400);
  });

  test.each<[string, unknown]>([
    ["no files", { files: {} }],
    ["no word of which file is the entry", { files }],
    ["an entry that is not there", { files, entry: "none.ts" }],
    ["a path out of it", { files: { "../workflow.ts": "" } }],
    ["a file named __proto__", JSON.parse('{"files": {"__proto__": "x", "a.ts": ""}}')],
    ["what a deploy takes and a draft does not", { source: "export function run() {}" }],
    ["no object", [1]],
    ["null", null],
  ])("is rejected with %s, like a deploy", async (_what, body) => {
    const { ask } = testApi();
    const refused = await ask("PUT", address, { json: body, headers: begin });
    expect((await readProblem(refused)).code).toBe("invalid-request");
  });
});

/** Saves the draft and returns its entity tag. */
async function save({ ask }: TestApi, request: AskOptions): Promise<string> {
  const saved = await ask("PUT", address, { json, ...request });
  expect(saved.status).toBe(200);
  return saved.headers.get("etag") ?? "";
}

async function keyOf({ ask }: TestApi, name: string, workflows?: readonly string[]): Promise<string> {
  const json = { name, ...(workflows === undefined ? {} : { workflows }) };
  return ((await (await ask("POST", "/api-keys", { json })).json()) as { key: string }).key;
}
