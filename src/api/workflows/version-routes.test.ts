import { describe, expect, test } from "vitest";
import { maxFileNameLength, maxVersionNoteLength } from "../../domain/limits.ts";
import { maxDeployBytes, maxDeployFiles } from "../contract/limits.ts";
import { readProblem, type TestApi, testApi } from "../testing/test-api.ts";

const text = "export async function run() {}";
const deploy = "/workflows/order-sync/deploy";

describe("a deploy", () => {
  test("responds with the new version and its Location", async () => {
    const { ask } = testApi();
    const response = await ask("POST", deploy, { json: { source: text } });
    expect(response.status).toBe(201);
    expect(response.headers.get("location")).toBe("/workflows/order-sync/versions/1");
    expect(await response.json()).toEqual({
      workflowId: "order-sync",
      version: 1,
      digest: expect.stringMatching(/^[0-9a-f]{64}$/),
      imageDigest: expect.stringMatching(/^[0-9a-f]{64}$/),
      engineDigest: expect.stringMatching(/^[0-9a-f]{64}$/),
      bundleDigest: expect.stringMatching(/^[0-9a-f]{64}$/),
      protocolVersion: 1,
      language: "javascript",
      unchanged: false,
      sizes: { sourceBytes: 100, bundleBytes: 200, imageBytes: 90_000, imagePages: 62 },
      timings: { bundleMs: 4, evaluateMs: 22.5, imageMs: 3 },
      deployedBy: "root",
      deployedAt: "2026-01-31T09:30:00.000Z",
    });
  });

  test.each([
    ["the entry in Python", { json: { files: { "flow.py": "async def run(): ..." } } }, "python", "flow.py"],
    ["a language", { json: { source: "async def run(): ...", language: "python" } }, "python", "workflow.py"],
    [
      "Python as plain text",
      { body: "async def run(): ...", headers: { "content-type": "text/x-python" } },
      "python",
      "workflow.py",
    ],
    ["a module in base64", { json: { binaryFiles: { "flow.wasm": "AGFzbQ==" } } }, "wasm", "flow.wasm"],
    [
      "a module as it is",
      { body: Buffer.from("\0asm"), headers: { "content-type": "application/wasm" } },
      "wasm",
      "workflow.wasm",
    ],
  ])("has the language of its source: %s", async (_, request, language, entry) => {
    const { ask } = testApi();
    expect(await (await ask("POST", deploy, request)).json()).toMatchObject({ language });
    const read = (await (await ask("GET", "/workflows/order-sync/versions/1")).json()) as object;
    expect(read).toMatchObject({ language, source: { entry } });
    expect(read).not.toHaveProperty("source.language");
    if (language === "wasm")
      expect(read).toMatchObject({ source: { files: {}, binaryFiles: { [entry]: "AGFzbQ==" } } });
  });

  test.each([
    ["a file twice", { files: { "a.ts": text }, binaryFiles: { "a.ts": "AA==" } }],
    ["a binary file that is not base64", { binaryFiles: { "a.wasm": "ä" } }],
    ["an unknown language", { source: text, language: "cobol" }],
  ])("rejects %s", async (_, json) => {
    const { ask } = testApi();
    expect((await readProblem(await ask("POST", deploy, { json }))).code).toBe("invalid-request");
  });

  test("stores its note, also for an unchanged source", async () => {
    const { ask } = testApi();
    const note = " Retries for an hour\r\nand not for a day ";
    const first = await (await ask("POST", deploy, { json: { source: text, note } })).json();
    expect(first).toMatchObject({ version: 1, note: "Retries for an hour\nand not for a day" });
    const files = { files: { "workflow.ts": text } };
    const second = await (await ask("POST", deploy, { json: { ...files, note: "again" } })).json();
    expect(second).toMatchObject({ version: 2, unchanged: true, note: "again" });
    expect(await (await ask("POST", deploy, { json: { ...files, note: " " } })).json()).not.toHaveProperty(
      "note",
    );
    const { items } = (await (await ask("GET", "/workflows/order-sync/versions")).json()) as {
      items: { note?: string }[];
    };
    expect(
      items
        .map(({ note }) => note)
        .filter((each) => each !== undefined)
        .toSorted(),
    ).toEqual(["Retries for an hour\nand not for a day", "again"]);
  });

  test.each(["\u0000", "\u001b[31mred", "\ud800", "x".repeat(maxVersionNoteLength + 1), 7, null])(
    "rejects the note %j",
    async (note) => {
      const { ask } = testApi();
      const refused = await ask("POST", deploy, { json: { source: text, note } });
      expect((await readProblem(refused)).code).toBe("invalid-request");
    },
  );

  test("only its note can be changed later", async () => {
    const { ask } = testApi();
    await ask("POST", deploy, { json: { source: text, note: "frist" } });
    const address = "/workflows/order-sync/versions/1";
    const changed = await (await ask("PATCH", address, { json: { note: "first" } })).json();
    expect(changed).toMatchObject({ version: 1, note: "first", current: true });
    expect(await (await ask("PATCH", address, { json: { note: "" } })).json()).not.toHaveProperty("note");
    expect((await ask("PATCH", address, { json: { note: "x", digest: "y" } })).status).toBe(400);
    expect((await ask("PATCH", "/workflows/order-sync/versions/2", { json: { note: "x" } })).status).toBe(
      404,
    );
    const { items } = (await (await ask("GET", "/audit-log")).json()) as { items: object[] };
    expect(items[0]).toMatchObject({ action: "updateVersion", subject: address, status: 200 });
  });

  test("reports an unchanged source", async () => {
    const { ask } = testApi();
    const first = (await (await ask("POST", deploy, { json: { source: text } })).json()) as object;
    const second = (await (await ask("POST", deploy, { json: { source: text } })).json()) as object;
    expect(second).toEqual({ ...first, version: 2, unchanged: true });
  });

  test.each([
    ["text/typescript", "workflow.ts"],
    ["application/typescript; charset=utf-8", "workflow.ts"],
    ["text/javascript", "workflow.js"],
    ["application/javascript", "workflow.js"],
  ])("accepts %s with the content type %s", async (contentType, entry) => {
    const api = testApi();
    const response = await api.ask("POST", deploy, { body: text, headers: { "content-type": contentType } });
    expect(response.status).toBe(201);
    expect(await sourceOf(api)).toEqual({ entry, files: { [entry]: text } });
  });

  test.each([
    [{ source: text }, { entry: "workflow.ts", files: { "workflow.ts": text } }],
    [
      { source: text, entry: "orders.js" },
      { entry: "orders.js", files: { "orders.js": text } },
    ],
    [{ files: { "a.ts": text } }, { entry: "a.ts", files: { "a.ts": text } }],
    [
      { files: { "a.ts": text, "node_modules/@x/y/index.js": "1" }, entry: "a.ts" },
      { entry: "a.ts", files: { "a.ts": text, "node_modules/@x/y/index.js": "1" } },
    ],
  ])("accepts %j", async (json, source) => {
    const api = testApi();
    expect((await api.ask("POST", deploy, { json })).status).toBe(201);
    expect(await sourceOf(api)).toEqual(source);
  });

  test("accepts files at every limit", async () => {
    const { ask } = testApi();
    const longName = `${"a".repeat(maxFileNameLength - 3)}.ts`;
    const others = Array.from({ length: maxDeployFiles - 1 }, (_, index) => [`${index}.ts`, ""] as const);
    const json = { files: { [longName]: text, ...Object.fromEntries(others) }, entry: longName };
    expect((await ask("POST", deploy, { json })).status).toBe(201);
    const body = text.padEnd(maxDeployBytes);
    const headers = { "content-type": "text/typescript" };
    expect((await ask("POST", deploy, { body, headers })).status).toBe(201);
  });

  test("a compile error has file, line and column, and the current version stays", async () => {
    const { ask } = testApi();
    await ask("POST", deploy, { json: { source: text } });
    const response = await ask("POST", deploy, { json: { source: "a syntax error" } });
    expect(await readProblem(response)).toEqual({
      type: "/errors/compile-failed",
      title: "Compilation failed",
      status: 422,
      detail: 'Cannot compile workflow "order-sync": 1 error',
      instance: deploy,
      code: "compile-failed",
      diagnostics: [{ message: "Unexpected error", file: "workflow.ts", line: 1, column: 8, hint: "Fix it" }],
    });
    expect(await (await ask("GET", "/workflows/order-sync")).json()).toMatchObject({ currentVersion: 1 });
  });
});

describe("versions", () => {
  test("are listed with the current one", async () => {
    const { ask } = testApi();
    for (const source of [text, `${text}//2`]) await ask("POST", deploy, { json: { source } });
    const { items } = (await (await ask("GET", "/workflows/order-sync/versions")).json()) as {
      items: { version: number; current: boolean }[];
    };
    expect(items.map(({ version, current }) => [version, current])).toEqual([
      [1, false],
      [2, true],
    ]);
  });

  test("can be activated again", async () => {
    const { ask } = testApi();
    for (const source of [text, `${text}//2`]) await ask("POST", deploy, { json: { source } });
    const response = await ask("POST", "/workflows/order-sync/activate", { json: { version: 1 } });
    expect(await response.json()).toMatchObject({ version: 1, current: true });
    expect(await (await ask("GET", "/workflows/order-sync")).json()).toMatchObject({ currentVersion: 1 });
  });

  test("can be downloaded as components with distinct file names", async () => {
    const { ask } = testApi();
    await ask("POST", deploy, { json: { source: text } });
    const response = await ask("GET", "/workflows/order-sync/versions/1/component.wasm");
    expect(response.headers.get("content-type")).toBe("application/wasm");
    expect(response.headers.get("content-disposition")).toBe('attachment; filename="order-sync-1.wasm"');
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(new Uint8Array([0x00, 0x61, 0x73, 0x6d]));
  });
});

async function sourceOf(api: TestApi): Promise<unknown> {
  const response = await api.ask("GET", "/workflows/order-sync/versions/1");
  return ((await response.json()) as { source: unknown }).source;
}
