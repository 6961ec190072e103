import { existsSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { PreviewRequest, PreviewState } from "../../src/preview/contract/preview.ts";
import { createNodePreview } from "../../src/preview/node-preview.ts";
import type { NodePreview } from "../../src/preview/node-preview.ts";
import { changed } from "../../web/src/preview/messages.ts";
import type { FromPreviewWorker, ToPreviewWorker } from "../../web/src/preview/messages.ts";
import { describeInBrowser, launchBrowser, openPage } from "../support/browser.ts";
import type { OpenPage } from "../support/browser.ts";
import { testEnginesDirectory } from "../support/engine.ts";
import { sharedInstance } from "../support/instance.ts";
import type { Instance } from "../support/instance.ts";
import { exampleCases, furtherCases } from "../support/preview-cases.ts";
import type { PreviewCase } from "../support/preview-cases.ts";
import { comparable } from "../support/preview-outcome.ts";
import { reactionTo, requestOf, runInNode, sourceOf, withCors } from "../support/preview-runs.ts";
import { startTarget } from "../support/target.ts";

const begun = { workflowId: "drafts", seed: "07".repeat(32), startAt: 1_767_225_600_000 } as const;

describeInBrowser("the preview worker of the web UI", () => {
  let instance: Instance;
  let browser: Browser;
  let opened: OpenPage;
  let worker: WorkerInPage;
  let preview: NodePreview;
  beforeAll(async () => {
    [instance, browser, preview] = await Promise.all([
      sharedInstance(),
      launchBrowser(),
      createNodePreview({ enginesDir: testEnginesDirectory, egressAllow: "127.0.0.1:*" }),
    ]);
    opened = await openPage(browser, instance);
    worker = await startWorkerIn(opened);
  });
  afterAll(async () => {
    await browser?.close();
    await preview?.[Symbol.asyncDispose]();
    await instance?.[Symbol.asyncDispose]();
  });

  describe("a preview in the browser", () => {
    test.each([...exampleCases, ...furtherCases])(
      "a preview in the browser has the same steps, output, outcome and fuel as in Node: $name",
      async (given) => {
        await using forNode = await startTarget(withCors(given.routes?.() ?? {}));
        const request = { ...begun, payload: given.payload(forNode.url) };
        const inNode = await runInNode(preview, given, request);
        await using forBrowser = await startTarget(withCors(given.routes?.() ?? {}));
        const inBrowser = await worker.run(given, { ...begun, payload: given.payload(forBrowser.url) });
        expect(comparable(inBrowser, inBrowser.logs)).toEqual(comparable(inNode, inNode.logs));
        if (given.isTimeless === true) expect(inBrowser.fuelUsed).toBe(inNode.fuelUsed);
      },
    );
  });

  test("cancelling a preview that never yields terminates its worker, and the next preview runs", async () => {
    const source = "export function run(ctx, payload) { while (payload.loops) {} return 'done'; }";
    const deployed = await instance.request("POST", "/workflows/loops/deploy", { body: { source } });
    expect(deployed.status).toBe(201);
    await using editor = await openPage(browser, instance, { path: "/app/workflows/loops/editor" });
    const { page } = editor;
    const panel = page.getByRole("tabpanel", { name: "Preview" });
    const payload = async (value: string) => await page.locator("textarea.payload:visible").fill(value);
    await payload('{"loops": true}');
    await page.getByRole("button", { name: "Preview" }).click();
    await panel.getByText("running", { exact: true }).waitFor();
    await panel.getByRole("button", { name: "Cancel" }).click();
    await panel.getByText("so it could not clean up").waitFor();
    await payload("{}");
    await page.getByRole("button", { name: "Preview" }).click();
    await panel.getByText("completed", { exact: true }).waitFor();
    expect(editor.problems).toEqual([]);
  });

  describe("failures and isolation of previews", () => {
    const nothing: PreviewCase = { name: "", files: {}, payload: () => null };
    const runOf = async (source: string, more: Partial<PreviewRequest> = {}, files = {}) =>
      await worker.run(
        { ...nothing, files: { "a.ts": source, ...files } },
        { ...begun, payload: null, ...more },
      );

    test("source that does not compile is rejected as in a deploy", async () => {
      await expect(runOf("export function run( {")).rejects.toThrow("a.ts:1:23");
      await expect(runOf("export const run = () => import(`./${a}`);")).rejects.toThrow(
        "Cannot import a computed path (a.ts:1:33)",
      );
    });

    test("a top level that throws or never ends is rejected", async () => {
      await expect(runOf(`export function run() {}\nthrow new Error("top");`)).rejects.toThrow("a.ts:2");
      const limits = { turnFuel: 1e7 };
      await expect(runOf("export function run() {}\nfor (;;);", { limits })).rejects.toThrow("turnFuel");
    });

    test("a workflow that never ends runs out of fuel", async () => {
      const { failure } = await runOf("export function run() { for (;;); }", { limits: { turnFuel: 1e7 } });
      expect(failure?.code).toBe("out-of-fuel");
    });

    test("a response that CORS blocks fails the fetch and names CORS", async () => {
      await using target = await startTarget({ "GET /": () => "private" });
      const source = "export const run = (_, url) => fetch(url).catch((error) => error.cause.message);";
      const { result } = await runOf(source, { payload: target.url });
      expect(target.count("GET /")).toBe(1);
      expect(result).toContain("does not allow pages of other sites to read its responses (CORS)");
    });

    test("a preview never sends the session cookie, not even to the server itself", async () => {
      const source = "export const run = async (_, url) => (await fetch(url)).status;";
      const { result } = await runOf(source, { payload: `${instance.url}/workflows` });
      expect(result).toBe(401);
    });

    test("a preview sends no secret to the target of a redirect", async () => {
      await using other = await startTarget(withCors({ "GET /": () => "got it" }));
      const routes = withCors({
        "GET /": (_request, response) => {
          response.statusCode = 302;
          response.setHeader("location", other.url);
          return null;
        },
      });
      await using target = await startTarget(routes);
      const source = `export const run = (ctx, url) =>
        fetch(url, { headers: { "x-key": ctx.secrets.KEY } }).catch((error) => error.cause.message);`;
      const secrets = { KEY: { value: "s3cr3t-value-0123", hosts: ["http://127.0.0.1:*"] } };
      const { result } = await runOf(source, { payload: target.url, secrets });
      expect(target.seen.at(-1)?.headers["x-key"]).toBe("s3cr3t-value-0123");
      expect(result).toContain("the response is a redirect");
      expect(other.seen).toEqual([]);
    });

    test("previews do not violate the content security policy", () => {
      // Browsers log requests that CORS blocks.
      const others = opened.problems.filter((problem) => !problem.includes("CORS policy"));
      // The draft that called the server without a session.
      expect(others).toEqual(["answer: 401 to GET /workflows"]);
    });
  });
});

interface WorkerInPage {
  /** Runs a case to its end. */
  run(given: PreviewCase, request: PreviewRequest): Promise<PreviewState>;
}

/** Starts the worker that the web UI starts, with the same protocol. */
async function startWorkerIn({ page }: OpenPage): Promise<WorkerInPage> {
  let receive: ((message: FromPreviewWorker) => void) | undefined;
  let runs = 0;
  let calls = 0;
  await page.exposeFunction("received", (message: unknown) => receive?.(message as FromPreviewWorker));
  await page.evaluate(
    startScript(assetNamed(/^preview-worker-[\w-]+\.js$/), assetNamed(/^esbuild-[\w-]+\.wasm$/)),
  );
  const post = async (message: ToPreviewWorker) =>
    await page.evaluate(`worker.postMessage(${JSON.stringify(message)})`);
  return {
    async run(given, request) {
      const run = (runs += 1);
      const ended = Promise.withResolvers<PreviewState>();
      let state: PreviewState | undefined;
      receive = (message) => {
        if (message.kind === "refused") ended.reject(new Error(message.why));
        if (message.kind === "progress" && message.progress.phase === "refused")
          ended.reject(new Error(message.progress.refusal.detail));
        if (message.kind !== "changed" || message.run !== run) return;
        state = changed(state, message.change);
        if (["completed", "failed", "cancelled"].includes(state.status)) return ended.resolve(state);
        const action = reactionTo(state, given);
        if (action !== undefined) void post({ kind: "act", run, call: (calls += 1), action });
      };
      await post({ kind: "run", run, source: sourceOf(given), request: requestOf(given, request) });
      return await ended.promise;
    },
  };
}

const assets = fileURLToPath(new URL("../../web/dist/assets", import.meta.url));

function assetNamed(form: RegExp): string {
  const file = (existsSync(assets) ? readdirSync(assets) : []).find((name) => form.test(name));
  if (file === undefined) throw new Error(`No ${form.source} in ${assets}: build the web UI first`);
  return `/assets/${file}`;
}

function startScript(workerUrl: string, compilerUrl: string): string {
  return `(async () => {
    const { digest, protocolVersion, bytes, url } = await (await fetch("/engine")).json();
    const module = await WebAssembly.compileStreaming(fetch(url));
    const compiler = await WebAssembly.compileStreaming(fetch("${compilerUrl}"));
    globalThis.worker = new Worker("${workerUrl}", { type: "module" });
    worker.onmessage = ({ data }) => received(data);
    worker.onerror = (error) => console.error("worker: " + error.message);
    worker.postMessage({ kind: "prepare", modules: { engine: { module, digest, protocolVersion }, compiler } });
  })()`;
}
