import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { moduleOf } from "../../src/sandbox/components/testing/modules.ts";
import { startRegistry } from "../../src/packages/testing/registry-server.ts";
import type { RegistryServer } from "../../src/packages/testing/registry-server.ts";
import { packed } from "../../src/packages/testing/tarball.ts";
import { execute } from "../support/executions.ts";
import { describeInBrowser, launchBrowser, openPage, seriousFindings } from "../support/browser.ts";
import type { OpenPage } from "../support/browser.ts";
import { startInstance } from "../support/instance.ts";
import type { Instance } from "../support/instance.ts";
import { enginesFolderWithPython } from "../support/python-engines-folder.ts";
import { startTarget } from "../support/target.ts";
import type { Target } from "../support/target.ts";

const workflow = `import type { WorkflowContext } from "duranium";

export async function run(ctx: WorkflowContext, { shop }: { shop: string }) {
  const response = await fetch(shop + "/price");
  const { price } = (await response.json()) as { price: number };
  console.log("the price is", price);
  await ctx.sleep("1s");
  return { price, doubled: price * 2 };
}
`;

const inPython = `from duranium import WorkflowContext, fetch


async def run(ctx: WorkflowContext, payload: dict) -> dict:
    price = (await fetch(payload["shop"] + "/price")).json()["price"]
    print("the price is", price)
    await ctx.sleep("1s")
    return {"price": price}
`;

const deepInPython = `import json


async def run(ctx, payload):
    return json.loads("[" * 100_000)
`;

describeInBrowser("the editor", () => {
  let instance: Instance;
  let browser: Browser;
  let shop: Target;
  /** Shared by most tests, so that the editor and the engine load once. */
  let shared: OpenPage;
  let isShopBroken = false;
  let registry: RegistryServer;
  let hasPython = false;
  beforeAll(async () => {
    const engines = await enginesFolderWithPython();
    hasPython = engines !== undefined;
    registry = await startRegistry();
    [instance, browser, shop] = await Promise.all([
      startInstance({
        DURANIUM_PACKAGES_DIR: fileURLToPath(new URL("../fixtures/packages/folder", import.meta.url)),
        DURANIUM_PACKAGES_REGISTRY: registry.url,
        ...(engines === undefined ? {} : { DURANIUM_ENGINES_DIR: engines }),
      }),
      launchBrowser(),
      startTarget({
        // Previews can only read responses with this header.
        "GET /price": (_request, response) => {
          response.setHeader("access-control-allow-origin", "*");
          return { price: 21 };
        },
        "GET /closed": () => ({ price: 7 }),
        "GET /large": () => "y".repeat(5_000_000),
        "POST /orders": (_request, response) => {
          if (isShopBroken) response.statusCode = 500;
          return { order: 1 };
        },
      }),
    ]);
    shared = await openPage(browser, instance);
    // Browsers ask before they leave a page with unsaved changes.
    shared.page.on("dialog", (dialog) => void dialog.accept());
  });
  afterAll(async () => {
    await browser?.close();
    await shop?.[Symbol.asyncDispose]();
    await instance?.[Symbol.asyncDispose]();
    await registry?.[Symbol.asyncDispose]();
  });

  async function deploy(workflowId: string, source: string): Promise<void> {
    const { status } = await instance.request("POST", `/workflows/${workflowId}/deploy`, {
      body: { source },
    });
    expect(status).toBe(201);
  }

  async function goToEditor(workflowId: string): Promise<OpenPage> {
    await goTo(`/app/workflows/${workflowId}/editor`);
    return shared;
  }

  /** As a link does, so that the editor, its language service and the engine stay loaded. */
  async function goTo(path: string): Promise<void> {
    await shared.page.evaluate(`history.pushState(null, "", ${JSON.stringify(path)})`);
  }

  async function openEditor(workflowId: string, options: Parameters<typeof openPage>[2] = {}) {
    return await openPage(browser, instance, { path: `/app/workflows/${workflowId}/editor`, ...options });
  }

  test("a workflow is written, deployed and executed in the editor", async () => {
    const { page, problems } = await goToEditor("first");
    await page.getByRole("button", { name: "Create first" }).click();
    await write(page, workflow.replace("price * 2", "price.toFixed(2) * 2"));
    const problem = (await problemsIn(page)).getByRole("button");
    await problem.getByText(/left-hand side of an arithmetic operation/).waitFor();
    await problem.click();
    await page.getByText("Line 8, column 28").waitFor();
    await press(page, "ArrowRight", "price".length);
    await press(page, "Delete", ".toFixed(2)".length);
    await problem.waitFor({ state: "detached" });
    await page.getByText("Saved", { exact: true }).waitFor();
    await page.getByText("Not deployed yet", { exact: true }).waitFor();

    await deployDraft(page);
    await page.getByText("Version 1 is current", { exact: true }).waitFor();
    await page.getByRole("tab", { name: "Execute" }).click();
    await payload(page, { shop: shop.url });
    await page.getByRole("button", { name: "Execute version 1" }).click();
    const execution = page.getByRole("region", { name: "Execution" });
    await execution.getByText("completed").waitFor();
    await execution.getByText("doubled").waitFor();
    await execution.getByText("the price is 21").waitFor();
    await execution.getByTitle(`fetch GET ${shop.url}/price`).waitFor();
    await execution.getByRole("link", { name: "Open execution" }).click();
    await page.waitForURL(/\/app\/executions\/inv_/);
    expect(problems).toEqual([]);
  });

  test("a keyboard shortcut previews the draft and shows its steps, console output and result", async () => {
    await deploy("previewed", workflow);
    const { page, problems } = await goToEditor("previewed");
    await payload(page, { shop: shop.url });
    await editorText(page).click();
    const before = shop.count("GET /price");
    await page.keyboard.press("Control+Enter");
    const panel = page.getByRole("tabpanel", { name: "Preview" });
    await panel.getByText("completed").waitFor();
    await panel.getByText("doubled").waitFor();
    await panel.getByText("the price is 21").waitFor();
    await panel.getByTitle(`fetch GET ${shop.url}/price`).waitFor();
    expect(shop.count("GET /price")).toBe(before + 1);
    // In Monaco the same shortcut inserts a line, which would change the draft.
    await page.getByText("Version 1 is current", { exact: true }).waitFor();
    expect(problems).toEqual([]);
  });

  test("a preview prompts for the response of a fetch that CORS blocks, and can reuse it", async () => {
    await deploy("asked", workflow.replace("/price", "/closed"));
    const { page } = await goToEditor("asked");
    await payload(page, { shop: shop.url });
    await page.getByRole("button", { name: "Preview" }).click();
    const panel = page.getByRole("tabpanel", { name: "Preview" });
    await panel.getByText("Response to").waitFor();
    await panel.getByLabel("Body").fill('{"price": 4}');
    await panel.getByRole("button", { name: "Respond", exact: true }).click();
    await panel.getByText("doubled").waitFor();
    await page.getByRole("button", { name: "Preview" }).click();
    await panel.getByText("completed").waitFor();
    await panel.getByText("Clock, fetches, mock responses and secrets").click();
    await panel.getByText(`GET ${shop.url}/closed → 200`, { exact: true }).waitFor();
  });

  test("a preview with a manual clock skips a sleep and receives an event", async () => {
    await deploy(
      "waits",
      `export async function run(ctx) {
  await ctx.sleep("3d");
  const { by } = await ctx.waitForEvent("approved");
  return { by, key: ctx.secrets.KEY !== "hidden" };
}
`,
    );
    const { page, problems } = await goToEditor("waits");
    const panel = page.getByRole("tabpanel", { name: "Preview" });
    await panel.getByText("Clock, fetches, mock responses and secrets").click();
    await panel.getByLabel("Clock", { exact: true }).selectOption("Manual");
    await panel.getByRole("button", { name: "Add secret" }).click();
    await panel.getByLabel("Name").fill("KEY");
    await panel.getByLabel("Value").fill("hidden");
    await panel.getByLabel("Hosts").fill("https//wrong");
    await panel.getByRole("button", { name: "Add", exact: true }).click();
    await panel.getByText("Invalid host pattern").waitFor();
    await panel.getByLabel("Hosts").fill("api.example.com");
    await panel.getByRole("button", { name: "Add", exact: true }).click();
    await page.getByRole("button", { name: "Preview" }).click();
    await panel.getByRole("button", { name: "Skip to next (in 3 d)" }).click();
    await panel.getByLabel("Event payload").fill('{ "by": "ana" }');
    await panel.getByRole("button", { name: "Send event" }).click();
    const result = panel.getByRole("group", { name: "Result" });
    await result.getByText('"ana"').waitFor();
    await result.getByText("true").waitFor();
    expect(problems).toEqual([]);
  });

  test("a failed preview links to the source line", async () => {
    await deploy(
      "fails",
      "export async function run() {\n  const order = JSON.parse('{}');\n  return order.items.length;\n}\n",
    );
    const { page } = await goToEditor("fails");
    await page.getByRole("button", { name: "Preview" }).click();
    const panel = page.getByRole("tabpanel", { name: "Preview" });
    await panel.getByText("failed", { exact: true }).waitFor();
    await panel.getByRole("button", { name: /^workflow\.ts:3:/ }).click();
    await page.getByText(/^Line 3, column/).waitFor();
    await (await problemsIn(page)).getByText(/TypeError/).waitFor();
  });

  test("the problems of a failed deploy are shown until they are fixed", async () => {
    await deploy("refused", "export const run = () => 1;\n");
    const { page, problems } = await goToEditor("refused");
    await write(page, "export const run = () => 2;\nawait fetch('https://example.com');\n");
    await deployDraft(page);
    await page.getByRole("alert").getByText("Deploy failed: 1 problem in the source").waitFor();
    await page
      .getByRole("region", { name: "Problems" })
      .getByRole("button", { name: /The top level of a workflow cannot use await.*workflow\.ts:2:1/ })
      .click();
    await page.getByText("Line 2, column 1").waitFor();
    await write(page, "export const run = () => 2;\n");
    await page.getByRole("region", { name: "Problems" }).waitFor({ state: "detached" });
    await deployDraft(page);
    await page.getByText("Version 2 is current", { exact: true }).waitFor();
    expect(problems).toEqual([]);
  });

  test("the deploy dialog shows problems and changes, and warns about unchanged source", async () => {
    await deploy("reviewed", "export const run = () => 1;\n");
    const { page, problems } = await goToEditor("reviewed");
    const dialog = page.getByRole("dialog", { name: "Deploy reviewed" });
    const openDialog = async () => await page.getByRole("button", { name: "Deploy", exact: true }).click();
    await page.getByText("Version 1 is current", { exact: true }).waitFor();
    await openDialog();
    await dialog.getByText("No changes since version 1").waitFor();
    await dialog.getByRole("button", { name: "Back" }).click();
    await write(page, "const answer: string = 2;\nexport const run = () => answer;\n");
    await (await problemsIn(page)).waitFor();
    await openDialog();
    await dialog.locator(".diff-view .view-line", { hasText: "answer" }).first().waitFor();
    await dialog.getByText("version 1", { exact: true }).waitFor();
    // There are no executions to check against.
    expect((await instance.request("GET", "/workflows/reviewed/replay-checks")).body.items).toEqual([]);
    expect(await seriousFindings(page)).toEqual([]);
    await dialog.getByRole("button", { name: /'number' is not assignable/ }).click();
    await page.getByText("Line 1, column 7").waitFor();
    expect(await currentVersionOf("reviewed")).toBe(1);
    await openDialog();
    await dialog.getByLabel("Note").fill("The answer is two");
    await dialog.getByRole("button", { name: "Back" }).click();
    await openDialog();
    await dialog.getByRole("button", { name: "Deploy anyway" }).click();
    await page.getByText("Version 2 is current", { exact: true }).waitFor();
    expect(await currentVersionOf("reviewed")).toBe(2);
    expect((await instance.request("GET", "/workflows/reviewed/versions/2")).body.note).toBe(
      "The answer is two",
    );
    await openDialog();
    expect(await dialog.getByLabel("Note").inputValue()).toBe("");
    await dialog.getByRole("button", { name: "Back" }).click();
    expect(problems).toEqual([]);
  });

  test("before a deploy, the draft is checked against recent executions, and each outcome is shown", async () => {
    await deploy("checked", checkedSource);
    const kinds = ["same", "different", "different", "more", "earlier", "throws", "result", "lacking"];
    for (const kind of kinds) {
      const { body } = await instance.request("POST", "/workflows/checked/execute", {
        headers: { prefer: "wait=20" },
        body: { shop: shop.url, kind },
      });
      expect(body).toMatchObject({ status: "completed" });
    }
    const { page, problems } = await goToEditor("checked");
    await editorText(page).waitFor();
    await write(
      page,
      changes.reduce((text, [from, to]) => text.replace(from, to), checkedSource),
    );
    const asked = shop.count("GET /price");
    await page.getByRole("button", { name: "Deploy", exact: true }).click();
    const dialog = page.getByRole("dialog", { name: "Deploy checked" });
    const summary =
      "1 same, 2 different, 1 asks for more, 1 ends earlier, 1 throws, 1 with another result, 1 not comparable";
    await dialog.getByText(`Checked against the last 8 executions: ${summary}.`).waitFor();
    await dialog.getByRole("button", { name: /^Different call × 2 GET .*workflow\.ts:3$/ }).click();
    await page.getByText(/^Line 3, column/).waitFor();
    const details = page.getByRole("region", { name: "Difference", exact: true });
    await details.getByRole("row", { name: /\/url .*amount=10.*amount=12/ }).waitFor();
    await details
      .getByRole("group", { name: "Recorded" })
      .getByText(/amount=10/)
      .waitFor();
    await details
      .getByRole("group", { name: "Draft" })
      .getByText(/amount=12/)
      .waitFor();
    await details.getByRole("button", { name: "Next" }).click();
    await details.getByText("Execution 2 of 2").waitFor();
    expect(await details.getByRole("link", { name: /^Execution/ }).getAttribute("href")).toMatch(/inv_/);
    expect(await seriousFindings(page)).toEqual([]);
    const list = page.getByRole("tabpanel", { name: "Check" }).getByRole("list", { name: "Differences" });
    for (const [name, line, text] of [
      [/^Asks for more state set kind/, 6, "The draft makes a call, or waits for something"],
      [/^Ends earlier sleep/, undefined, "The recorded version makes the call at workflow.ts:10"],
      [/^Throws RangeError: no price/, 12, "The draft fails where the execution did not"],
      [/^Other result \/amount/, undefined, "returns something else"],
      [/^Not comparable The result of "fetch GET/, undefined, "is too large"],
    ] as const) {
      await list.getByRole("button", { name }).click();
      await details.getByText(text).first().waitFor();
      if (line !== undefined) await page.getByText(new RegExp(`^Line ${line}, column`)).waitFor();
    }
    expect(shop.count("GET /price")).toBe(asked);

    await page.getByRole("button", { name: "Deploy", exact: true }).click();
    await dialog.getByRole("button", { name: "Deploy anyway" }).click();
    await page.getByText("Version 2 is current", { exact: true }).waitFor();
    await write(page, "export const run = () => { for (let n = 0; n < 2e8; n += 1); };\n");
    await page.getByText("The draft has changed since.").waitFor();
    await page.getByRole("button", { name: "Check", exact: true }).click();
    await page.getByRole("button", { name: "Cancel check" }).click();
    await page.getByText(/^Check cancelled after \d of/).waitFor();
    expect(problems).toEqual([]);
  });

  test("a deploy that requires a replay check offers to run the check or to give a reason", async () => {
    await deploy("guarded", "export const run = () => 1;\n");
    await instance.request("POST", "/workflows/guarded/execute", { headers: { prefer: "wait=20" } });
    const { page } = await goToEditor("guarded");
    const dialog = page.getByRole("dialog", { name: "Deploy guarded" });
    await editorText(page).waitFor();
    await write(page, "export const run = () => 2 - 1;\n");
    await page.getByRole("button", { name: "Deploy", exact: true }).click();
    await dialog.getByText("Checked against the last execution: 1 same.").waitFor();
    // The check before a deploy includes 50 executions unless more are required.
    await instance.request("PUT", "/workflows/guarded/settings", {
      body: { deploy: { requireReplayCheck: { last: 60 } } },
    });
    await dialog.getByRole("button", { name: "Deploy", exact: true }).click();
    await dialog.getByRole("alert").getByText("against the latest 60 executions").waitFor();
    const again = dialog.getByRole("button", { name: "Check again" });
    await again.click();
    await again.waitFor();
    await dialog.getByRole("button", { name: "Deploy", exact: true }).click();
    await page.getByText("Version 2 is current", { exact: true }).waitFor();

    await write(page, "export const run = () => 2;\n");
    await page.getByRole("button", { name: "Deploy", exact: true }).click();
    await dialog.getByText("Checked against the last execution: 1 with another result.").waitFor();
    await dialog.getByRole("button", { name: "Deploy anyway" }).click();
    await dialog.getByRole("alert").getByText("found 1 otherResult").waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    await dialog.getByLabel("Reason to skip the check").fill("incident 4711");
    await dialog.getByRole("button", { name: "Deploy without check" }).click();
    await page.getByText("Version 3 is current", { exact: true }).waitFor();
    const { body } = await instance.request("GET", "/audit-log?limit=1");
    expect(JSON.stringify(body.items)).toContain("without a replay check: incident 4711");
  });

  test("an execution is opened in the editor, and previews run on its recorded answers", async () => {
    const source = `export async function run(_ctx, { shop }) {
  const { price } = await (await fetch(shop + "/price")).json();
  const answer = await fetch(shop + "/orders", { method: "POST", body: JSON.stringify({ price }) });
  return { price, status: answer.status };
}
`;
    await deploy("debugged", source);
    const { body } = await instance.request("POST", "/workflows/debugged/execute", {
      headers: { prefer: "wait=20" },
      body: { shop: shop.url },
    });
    expect(body.result).toEqual({ price: 21, status: 200 });
    const { page, problems } = shared;
    await goTo(`/app/executions/${body.executionId}`);
    await page.getByRole("link", { name: "Open in editor" }).click();
    await page.getByRole("region", { name: "Recorded execution" }).getByText("of version 1").waitFor();
    const panel = page.getByRole("tabpanel", { name: "Preview" });
    expect(await panel.getByLabel("Payload").inputValue()).toContain(shop.url);
    const result = panel.getByRole("group", { name: "Result" });
    const asked = [shop.count("GET /price"), shop.count("POST /orders")];
    await page.getByRole("button", { name: "Preview" }).click();
    await result.getByText("200", { exact: true }).waitFor();
    expect(await panel.getByText("recorded", { exact: true }).count()).toBe(2);

    // Another body is another call, whose answer the user gives.
    await write(page, source.replace("{ price })", "{ price: price * 2 })"));
    await page.getByRole("button", { name: "Preview" }).click();
    await panel.getByText("Response to").waitFor();
    await panel.getByText('{"price":42}').waitFor();
    await panel.getByLabel("Status").fill("202");
    await panel.getByRole("checkbox", { name: "Reuse in later previews" }).uncheck();
    await panel.getByRole("button", { name: "Respond", exact: true }).click();
    await result.getByText("202", { exact: true }).waitFor();
    expect(await panel.getByText("edited", { exact: true }).count()).toBe(1);

    // A recorded answer is edited.
    await panel.getByText("2 recorded answers").click();
    await panel.getByRole("button", { name: /^Edit fetch GET/ }).click();
    expect(await panel.getByLabel("Body").inputValue()).toBe('{"price":21}');
    await panel.getByLabel("Body").fill('{"price":5}');
    expect(await seriousFindings(page)).toEqual([]);
    await panel.getByRole("button", { name: "Use this response" }).click();
    await write(page, source.replace(/ {2}const answer.*/, "  const answer = { status: 1 };"));
    await page.getByRole("button", { name: "Preview" }).click();
    await result.getByText("5", { exact: true }).waitFor();

    // The preview is repeated with one failure at a time.
    await page.getByRole("tab", { name: "What if" }).click();
    const whatIf = page.getByRole("tabpanel", { name: "What if" });
    await whatIf.getByText("Repeats the last preview").waitFor();
    await whatIf.getByRole("button", { name: "Fail every call once" }).click();
    await whatIf.getByText("2 runs: 2 fail.").waitFor();
    const failed = whatIf.getByRole("row", { name: /network failure/ });
    await failed.getByText("fetch failed: read ECONNRESET").waitFor();
    await failed.getByRole("button", { name: "workflow.ts:2" }).first().click();
    await page.getByText(/^Line 2, column/).waitFor();
    await whatIf.getByRole("button", { name: "Crash at each step" }).click();
    await whatIf.getByText("2 runs: 2 end the same.").waitFor();
    expect([shop.count("GET /price"), shop.count("POST /orders")]).toEqual(asked);
    await page.getByRole("tab", { name: "Preview" }).click();
    await panel.getByRole("button", { name: "Stop using it" }).click();
    await page.getByRole("region", { name: "Recorded execution" }).waitFor({ state: "detached" });
    // The execution page links to an answer.
    await goTo(`/app/workflows/debugged/editor?recording=${body.executionId}&answer=1`);
    expect(await panel.getByLabel("Body").inputValue()).toBe('{"order":1}');
    expect(problems).toEqual([]);
  });

  test("a preview is saved as a case, and the cases are run together and before a deploy", async () => {
    const source = `export async function run(_ctx, { shop }) {
  const { price } = await (await fetch(shop + "/price")).json();
  return { price };
}
`;
    await deploy("cased", source);
    const { page, problems } = await goToEditor("cased");
    await payload(page, { shop: shop.url });
    await page.getByRole("button", { name: "Preview" }).click();
    const preview = page.getByRole("tabpanel", { name: "Preview" });
    await preview.getByRole("button", { name: "Save as case…" }).click();
    await preview.getByLabel("Name of the case").fill("one price");
    await preview.getByRole("button", { name: "Save case" }).click();
    await drafted("cased", "duranium-recording/1");
    await page.getByRole("tab", { name: "Cases" }).click();
    const panel = page.getByRole("tabpanel", { name: "Cases" });
    const asked = shop.count("GET /price");
    await panel.getByRole("button", { name: "Run all" }).click();
    await panel.getByText("1 case: 1 passed, 0 failed.").waitFor();

    await write(page, source.replace("{ price };", "{ price: price + 1 };"));
    await page.getByRole("button", { name: "Deploy", exact: true }).click();
    const dialog = page.getByRole("dialog", { name: "Deploy cased" });
    await dialog.getByText("1 case: 0 passed, 1 failed.").waitFor();
    await dialog.getByRole("button", { name: "Deploy anyway" }).waitFor();
    await dialog.getByRole("button", { name: "Back" }).click();
    await panel.getByRole("button", { name: /^Other result one price/ }).click();
    const details = panel.getByRole("region", { name: "Case one price" });
    await details.getByRole("row", { name: "/price 21 22" }).waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    expect(shop.count("GET /price")).toBe(asked);
    await details.getByRole("button", { name: "Delete case" }).click();
    await panel.getByText("A case is a preview that was saved").waitFor();
    expect(problems).toEqual([]);
  });

  test("a WebAssembly module has its language and no source in the editor", async () => {
    const binaryFiles = { "flow.wasm": Buffer.from(await moduleOf()).toString("base64") };
    const body = { entry: "flow.wasm", files: {}, binaryFiles };
    const { status } = await instance.request("POST", "/workflows/compiled/deploy", { body });
    expect(status).toBe(201);
    const { page } = await goToEditor("compiled");
    await page.getByText("The source of flow.wasm cannot be shown.").waitFor();
    await page.getByText("WebAssembly · ").waitFor();
  });

  test("packages are added from the folder, the registry and a file, previewed, deployed and executed", async () => {
    registry.publish(
      {
        name: "published",
        version: "1.2.0",
        manifest: { dependencies: { needed: "^1.0.0" }, types: "./index.d.ts" },
        files: {
          "index.js": 'exports.text = "published " + require("needed").text;',
          "index.d.ts": "export declare const text: string;",
        },
      },
      { name: "needed", version: "1.0.0", files: { "index.js": 'exports.text = "needed";' } },
    );
    const source =
      'import { text as installed } from "installed";\nimport { text as published } from "published";\n' +
      'import { text as uploaded } from "uploaded";\n' +
      "export const run = () => [installed, published, uploaded].join();\n";
    await instance.request("PUT", "/workflows/packaged/draft", {
      headers: { "if-none-match": "*" },
      body: { entry: "workflow.ts", files: { "workflow.ts": source } },
    });
    const { page, problems } = await goToEditor("packaged");
    await page.getByRole("tab", { name: "Packages" }).click();
    const panel = page.getByRole("tabpanel", { name: "Packages" });
    await panel.getByRole("button", { name: "Add installed" }).click();
    await panel.getByRole("row", { name: /^installed 0\.3\.0 .*Packages folder/ }).waitFor();
    await panel.getByLabel("Name of a package").fill("publi");
    await panel.getByRole("button", { name: /published 1\.2\.0 Registry/ }).click();
    await panel.getByLabel("File of a package").setInputFiles({
      name: "uploaded-2.0.0.tgz",
      mimeType: "application/gzip",
      buffer: Buffer.from(
        packed({ name: "uploaded", version: "2.0.0" }, { "index.js": 'exports.text = "uploaded";' }),
      ),
    });
    // A change that begins while another is in progress waits for it, and does not undo it.
    await panel.getByRole("row", { name: /^uploaded 2\.0\.0 .*Upload/ }).waitFor();
    await panel.getByRole("row", { name: /^published 1\.2\.0 .*Registry/ }).waitFor();
    await panel.getByText("1 further package that these need").waitFor();
    await page.getByText("Saved", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Preview" }).click();
    const result = "installed 0.3.0,published needed,uploaded";
    await page.getByRole("tabpanel", { name: "Preview" }).getByText(result).waitFor();
    await deployDraft(page);
    await page.getByText("Version 1 is current", { exact: true }).waitFor();
    expect((await execute(instance, "packaged", null)).result).toBe(result);
    expect(problems).toEqual([]);
    await page.getByRole("tab", { name: "Packages" }).click();
    await panel.getByLabel("Name of a package").fill("no-such-package");
    await page.keyboard.press("Enter");
    await panel
      .getByRole("alert")
      .getByText(/"no-such-package@latest": there is no such package/)
      .waitFor();
    await panel.getByRole("button", { name: "Remove uploaded" }).click();
    await panel.getByRole("button", { name: "Add uploaded" }).waitFor();
    await page.getByText("Changed since version 1", { exact: true }).waitFor();
  });

  test("warnings of a deploy are shown", async () => {
    const source = {
      entry: "workflow.ts",
      files: {
        "workflow.ts": "export const run = () => 1;\n",
        "tsconfig.json":
          '{ "$schema": "https://json.schemastore.org/tsconfig", "compilerOptions": { "emitDecoratorMetadata": true } }\n',
      },
    };
    await instance.request("PUT", "/workflows/warned/draft", {
      headers: { "if-none-match": "*" },
      body: source,
    });
    const { page } = await goToEditor("warned");
    await page.getByText("Not deployed yet", { exact: true }).waitFor();
    await deployDraft(page);
    await page.getByRole("status").getByText("Version 1 deployed, with 1 warning").waitFor();
    await page
      .getByRole("region", { name: "Problems" })
      .getByRole("button", { name: /Warning: .*emitDecoratorMetadata.*tsconfig\.json/ })
      .waitFor();
    expect(await page.getByText("Unable to load schema").count()).toBe(0);
  });

  test("the editor does not scroll the window, even with many steps in a preview", async () => {
    const many = "for (let i = 0; i < 60; i++) { console.log(i); await ctx.sleep(1); }";
    await deploy("long", `export async function run(ctx) { ${many} return 'done'; }\n`);
    const { page } = await goToEditor("long");
    await page.getByRole("button", { name: "Preview" }).click();
    const panel = page.getByRole("tabpanel", { name: "Preview" });
    await panel.getByText("completed", { exact: true }).waitFor();
    await panel.getByRole("button", { name: "60 × sleep" }).click();
    await panel
      .getByRole("button", { name: /^sleep/ })
      .last()
      .click();
    expect(await panel.getByRole("button", { name: /^sleep/ }).count()).toBe(60);
    const [height, scrolled] = await page.evaluate<[number, number]>(
      "[document.documentElement.scrollHeight - innerHeight, scrollY]",
    );
    expect(height).toBeLessThanOrEqual(1);
    expect(scrolled).toBeLessThanOrEqual(1);
  });

  test("the height of the results is remembered, and they can be hidden", async () => {
    await deploy("sized", "export const run = () => 1;\n");
    const { page } = await goToEditor("sized");
    const handle = page.getByRole("separator", { name: "Height of the results" });
    const results = page.getByRole("region", { name: "Results" });
    await handle.focus();
    await page.keyboard.press("ArrowUp");
    expect(await handle.getAttribute("aria-valuenow")).toBe("47");
    const { x = 0, y = 0 } = (await handle.boundingBox()) ?? {};
    const heightOfResults = async () => (await results.boundingBox())?.height ?? 0;
    const before = await heightOfResults();
    await page.mouse.move(x + 200, y + 4);
    await page.mouse.down();
    await page.mouse.move(x + 200, y - 96);
    await page.mouse.up();
    await expect.poll(heightOfResults).toBeGreaterThan(before + 90);
    const height = await heightOfResults();
    await page.reload();
    await editorText(page).waitFor();
    await expect.poll(heightOfResults).toBeCloseTo(height, 0);
    await page.getByRole("button", { name: "Hide results" }).click();
    await expect.poll(heightOfResults).toBeLessThan(60);
    expect(await handle.count()).toBe(0);
    await page.getByRole("button", { name: "Preview" }).click();
    await page.getByRole("tabpanel", { name: "Preview" }).getByText("completed", { exact: true }).waitFor();
    await page.evaluate("localStorage.removeItem('duranium.editor')");
  });

  test("an idempotency key executes once, and the request can be copied as curl", async () => {
    await deploy("keyed", "export const run = (ctx, given) => ({ given, entryPoint: ctx.entryPoint });\n");
    const { page, problems } = await goToEditor("keyed");
    await page.getByRole("tab", { name: "Execute" }).click();
    const panel = page.getByRole("tabpanel", { name: "Execute" });
    await payload(page, "it's $(date)");
    await panel.getByLabel("Entry point").fill("by-hand");
    await panel.getByLabel("Idempotency key").fill("two words");
    await panel.getByText("printable ASCII characters").filter({ visible: true }).waitFor();
    expect(await panel.getByRole("button", { name: "Copy as curl" }).count()).toBe(0);
    await panel.getByLabel("Idempotency key").fill("order-4711");
    await panel.getByRole("button", { name: "Execute version 1" }).click();
    await panel.getByText('"by-hand"').waitFor();
    await panel.getByRole("button", { name: "Execute version 1" }).click();
    await panel.getByText("Existing execution for this idempotency key").waitFor();
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await panel.getByRole("button", { name: "Copy as curl" }).click();
    const command = await page.evaluate<string>("navigator.clipboard.readText()");
    const environment = { PATH: process.env["PATH"], DURANIUM_API_KEY: instance.rootKey };
    const { stdout } = await promisify(execFile)("/bin/sh", ["-c", command], { env: environment });
    expect(JSON.parse(stdout)).toMatchObject({
      status: "completed",
      result: { given: "it's $(date)", entryPoint: "by-hand" },
    });
    const { body } = await instance.request("GET", "/executions?workflow=keyed");
    expect(body.items).toHaveLength(1);
    expect(problems).toEqual([]);
  });

  test("an execution is started later, moved to another time, and cancelled before it starts", async () => {
    await deploy("later", "export const run = (ctx, given) => ({ given });\n");
    const { page, problems } = await goToEditor("later");
    const startLater = async (kind: string, label: string, text: string) => {
      await page.getByRole("tab", { name: "Execute" }).click();
      const panel = page.getByRole("tabpanel", { name: "Execute" });
      await panel.getByLabel("Start", { exact: true }).selectOption(kind);
      await panel.getByLabel(label, { exact: true }).fill(text);
      await panel.getByRole("button", { name: "Execute version 1" }).click();
      // In an hour, or at a date more than a day away.
      await panel.getByText(/^Starts /).waitFor();
      await panel.getByRole("link", { name: "Open execution" }).click();
      await page.getByRole("heading", { name: "later scheduled" }).waitFor();
    };
    const dialog = page.getByRole("dialog", { name: "Start at" });
    const first = async () => (await instance.request("GET", "/executions?workflow=later")).body.items[0];

    await payload(page, 7);
    await startLater("After a delay", "Delay", "1h");
    expect(await seriousFindings(page)).toEqual([]);
    const [tomorrow = ""] = new Date(Date.now() + 86_400_000).toISOString().split("T");
    await page.getByRole("button", { name: "Start at…" }).click();
    await dialog.getByLabel("Time", { exact: true }).fill("");
    await dialog.getByRole("button", { name: "Change start time" }).click();
    await dialog.getByText("Enter a date and time.").waitFor();
    await dialog.getByLabel("Time", { exact: true }).fill(`${tomorrow}T09:30`);
    expect(await seriousFindings(page)).toEqual([]);
    await dialog.getByRole("button", { name: "Change start time" }).click();
    await page.getByText(/^Starts .*09:30, UTC$/).waitFor();
    expect((await first()).scheduledAt).toContain(`${tomorrow}T09:30:00`);
    await page.getByRole("button", { name: "Start at…" }).click();
    await dialog.getByLabel("Start", { exact: true }).selectOption("Now");
    await dialog.getByRole("button", { name: "Change start time" }).click();
    await page.getByRole("heading", { name: "later completed" }).waitFor();
    await page.getByRole("group", { name: "Result" }).getByText("7").waitFor();

    await goToEditor("later");
    await startLater("At a time", "Time", `${tomorrow}T10:00`);
    await goTo("/app/executions?workflow=later&status=scheduled");
    await page.getByRole("row", { name: /scheduled .*starts / }).waitFor();
    await page.getByRole("link", { name: /^later/ }).click();
    await page.getByRole("button", { name: "Cancel…" }).click();
    await page.getByRole("button", { name: "Cancel execution" }).click();
    await page.waitForURL("**/app/executions");
    const { body } = await instance.request("GET", "/executions?workflow=later");
    expect(body.items).toMatchObject([{ status: "completed" }]);
    expect(problems).toEqual([]);
  });

  test("a failed execution is retried from the failed step in the editor", async () => {
    isShopBroken = true;
    await deploy(
      "retried",
      `export async function run(ctx, { shop }) {
  await fetch(shop + "/price");
  const { ok, status } = await fetch(shop + "/orders", { method: "POST" });
  if (!ok) throw new Error("ordering answered " + status);
  return "ordered";
}
`,
    );
    const { page } = await goToEditor("retried");
    const asked = shop.count("GET /price");
    await page.getByRole("tab", { name: "Execute" }).click();
    await payload(page, { shop: shop.url });
    await page.getByRole("button", { name: "Execute version 1" }).click();
    await page.getByText("ordering answered 500").waitFor();
    isShopBroken = false;
    await page.getByRole("button", { name: "Retry from the failed step" }).click();
    await page.getByRole("group", { name: "Result" }).getByText("ordered").waitFor();
    expect(shop.count("GET /price")).toBe(asked + 1);
  });

  test("a workflow has several files that import each other, JSON and helpers", async () => {
    await deploy("files", "export const run = () => 1;\n");
    const { page } = await goToEditor("files");
    const files = page.getByRole("navigation", { name: "Files", exact: true });
    const tabs = page.getByRole("navigation", { name: "Open files" });
    const add = async (name: string, text: string) => {
      await tabs.getByRole("button", { name: "New file" }).click();
      await files.getByLabel("File name").fill(name);
      await page.keyboard.press("Enter");
      await files
        .getByRole("button", { name: name.split("/").at(-1) ?? "" })
        .first()
        .waitFor();
      await write(page, text);
    };
    await add("lib/tax.ts", "export const withTax = (net: number, rate: number) => net * rate;\n");
    await add("rates.json", '{ "de": 1.19 }\n');
    await files.getByRole("button", { name: /^workflow\.ts/ }).click();
    await write(
      page,
      `import { retry, type WorkflowContext } from "duranium";
import { withTax } from "./lib/tax.ts";
import rates from "./rates.json";
export const run = async (ctx: WorkflowContext) => await retry(ctx, () => withTax("100", rates.de));
`,
    );
    // The file has already been checked. It is checked again only because another file was renamed.
    const found = await problemsIn(page);
    await found.getByText("'string' is not assignable to parameter of type 'number'").waitFor();
    await files.getByRole("button", { name: "Actions for lib/tax.ts" }).click();
    await page.getByRole("menuitem", { name: "Rename" }).click();
    await files.getByLabel("File name").fill("../tax.ts");
    await files.getByText('empty, "." or ".."').waitFor();
    await files.getByLabel("File name").fill("tax.ts");
    await page.keyboard.press("Enter");
    await found.getByText(/Cannot find module '\.\/lib\/tax\.ts'/).waitFor();
    await tabs.getByRole("button", { name: "Close rates.json" }).click();
    expect(await tabs.getByRole("listitem").allInnerTexts()).toEqual([
      expect.stringMatching(/^workflow\.ts/),
      "tax.ts",
    ]);
    await editorText(page).click();
    await tabs.getByRole("button", { name: /^workflow\.ts/ }).click();
    await write(
      page,
      `import { retry, type WorkflowContext } from "duranium";
import { withTax } from "./tax";
import rates from "./rates.json";
export const run = async (ctx: WorkflowContext) => await retry(ctx, () => withTax(100, rates.de));
`,
    );
    await found.waitFor({ state: "detached" });
    await deployDraft(page);
    await page.getByText("Version 2 is current", { exact: true }).waitFor();
    const executed = await instance.request("POST", "/workflows/files/execute", {
      headers: { prefer: "wait=20" },
    });
    expect(executed.body).toMatchObject({ status: "completed", result: 119 });
  });

  test("two users who edit the same draft get a conflict instead of overwriting each other", async () => {
    await deploy("shared", "export const run = () => 1;\n");
    const { body: ana } = await instance.request("POST", "/api-keys", {
      body: { name: "ana", scopes: ["workflows:read", "workflows:deploy"] },
    });
    await using one = await openEditor("shared");
    await using other = await openEditor("shared", { key: ana.key });
    await editorText(one.page).waitFor();
    await write(other.page, "export const run = () => 'ana';\n");
    await other.page.getByText("Saved", { exact: true }).waitFor();
    await drafted("shared", "'ana'");
    await write(one.page, "export const run = () => 'root';\n");
    const conflict = one.page.getByRole("region", { name: "Conflict" });
    await conflict.getByText("ana saved a newer draft").waitFor();
    await conflict.getByRole("button", { name: "Show changes" }).click();
    await conflict.locator(".view-line").first().waitFor();
    expect(await seriousFindings(one.page)).toEqual([]);
    await conflict.getByRole("button", { name: "Keep mine" }).click();
    await conflict.waitFor({ state: "detached" });
    await drafted("shared", "'root'");
    await write(other.page, "export const run = () => 'ana again';\n");
    const theirs = other.page.getByRole("region", { name: "Conflict" });
    await theirs.getByRole("button", { name: "Use theirs" }).click();
    await theirs.waitFor({ state: "detached" });
    await other.page.locator(".view-line", { hasText: "'root'" }).waitFor();
    expect([...one.problems, ...other.problems]).toEqual([]);
  });

  test("changes are kept when the user leaves the editor immediately and returns", async () => {
    await deploy("left", "export const run = () => 1;\n");
    const { page, problems } = await goToEditor("left");
    await write(page, "export const run = () => 'kept';\n");
    await page.getByRole("link", { name: "Versions" }).click();
    await page.getByRole("row", { name: /^1 current/ }).waitFor();
    await page.getByRole("button", { name: "Add note… of version 1" }).click();
    const note = page.getByRole("dialog", { name: "Note of version 1" });
    await note.getByLabel("Note").fill("Back, as the payment failed");
    expect(await seriousFindings(page)).toEqual([]);
    await note.getByRole("button", { name: "Save" }).click();
    await page.getByRole("row", { name: /Back, as the payment failed/ }).waitFor();
    await page.getByRole("button", { name: "Edit note… of version 1" }).waitFor();
    await page.getByRole("link", { name: "Editor" }).click();
    await page.locator(".view-line", { hasText: "'kept'" }).waitFor();
    await drafted("left", "'kept'");
    expect(problems).toEqual([]);
  });

  test("changes made offline are saved once the server is reachable", async () => {
    await deploy("offline", "export const run = () => 1;\n");
    await using opened = await openEditor("offline");
    const { page, context } = opened;
    await editorText(page).waitFor();
    await context.setOffline(true);
    await write(page, "export const run = () => 'kept';\n");
    await page.getByText("Offline. Changes will be saved automatically.").waitFor();
    await context.setOffline(false);
    await page.getByText("Saved", { exact: true }).waitFor();
    await drafted("offline", "'kept'");
  });

  test("changes are kept while the session has expired, until the user logs in again", async () => {
    await deploy("logged-out", "export const run = () => 1;\n");
    await using opened = await openEditor("logged-out");
    const { page, context } = opened;
    await editorText(page).waitFor();
    await context.clearCookies();
    await write(page, "export const run = () => 'kept';\n");
    await page.getByRole("button", { name: "Log in again" }).click();
    await page.getByLabel("API key").fill(instance.rootKey);
    await page.keyboard.press("Enter");
    await page.locator(".view-line", { hasText: "'kept'" }).waitFor();
    await drafted("logged-out", "'kept'");
  });

  test("a workflow of hundreds of files can be edited", async () => {
    const names = Array.from({ length: 400 }, (_, index) => `lib/m${index}.ts`);
    const files = Object.fromEntries(names.map((name, index) => [name, `export const x = ${index};\n`]));
    const { status } = await instance.request("POST", "/workflows/many/deploy", {
      body: { entry: "workflow.ts", files: { ...files, "workflow.ts": "export const run = () => 1;\n" } },
    });
    expect(status).toBe(201);
    const { page, problems } = await goToEditor("many");
    await write(page, 'import { x } from "./lib/m399.ts";\nexport const run = (): string => x;\n');
    const found = await problemsIn(page);
    await found.getByText("Type 'number' is not assignable to type 'string'.").waitFor();
    await page.getByRole("button", { name: /^m399\.ts/ }).click();
    await write(page, 'export const x = "text";\n');
    await found.waitFor({ state: "detached" });
    expect(problems).toEqual([]);
  });

  test("versions are compared, and an earlier one is activated", async () => {
    await deploy("rolled", "export const run = () => 'one';\n");
    await deploy("rolled", "export const run = () => 'two';\n");
    await using opened = await openPage(browser, instance, { path: "/app/workflows/rolled/versions" });
    const { page, problems } = opened;
    await page.locator(".view-line", { hasText: "'one'" }).first().waitFor();
    await page.locator(".view-line", { hasText: "'two'" }).first().waitFor();
    await page.getByRole("button", { name: "Activate (version 1)" }).click();
    const dialog = page.getByRole("dialog", { name: "Activate version 1?" });
    await dialog.getByText("instead of version 2").waitFor();
    expect((await instance.request("GET", "/workflows/rolled")).body.currentVersion).toBe(2);
    // Portable components are disabled in this installation, so none are offered.
    expect(await page.getByRole("button", { name: /component\.wasm/ }).count()).toBe(0);
    await dialog.getByRole("button", { name: "Activate", exact: true }).click();
    await page.getByRole("row", { name: /^1 current/ }).waitFor();
    const executed = await instance.request("POST", "/workflows/rolled/execute", {
      headers: { prefer: "wait=20" },
    });
    expect(executed.body).toMatchObject({ version: 1, result: "one" });
    expect(await seriousFindings(page)).toEqual([]);
    expect(problems).toEqual([]);
  });

  test("the editor can be used with the keyboard alone", async () => {
    await deploy("keys", workflow);
    await using opened = await openEditor("keys");
    const { page } = opened;
    await editorText(page).waitFor();
    await tabTo(page, "Text of workflow.ts");
    await page.keyboard.press("Control+Home");
    await page.keyboard.type("// by hand");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    await page.getByText(/^Line 2, column 3/).waitFor();
    await page.keyboard.press("Escape");
    await tabTo(page, "Payload");
    await page.keyboard.press("Control+A");
    await page.keyboard.insertText(JSON.stringify({ shop: shop.url }));
    await page.keyboard.press("Control+Enter");
    await page.getByRole("tabpanel", { name: "Preview" }).getByText("completed").waitFor();
    await page.getByText("Changed since version 1").waitFor();
    await tabTo(page, "Deploy", "Shift+Tab");
    await page.keyboard.press("Enter");
    await page.getByRole("dialog", { name: "Deploy keys" }).waitFor();
    await tabTo(page, "Deploy");
    await page.keyboard.press("Enter");
    await page.getByText("Version 2 is current", { exact: true }).waitFor();
    await tabTo(page, "Preview");
    await page.keyboard.press("ArrowRight");
    await tabTo(page, "Execute version 2");
    await page.keyboard.press("Enter");
    await page.getByRole("region", { name: "Execution" }).getByText("completed").waitFor();
  });

  test.each([
    ["light", 1280],
    ["dark", 360],
  ] as const)("the editor passes axe in %s mode at %d pixels", async (theme, width) => {
    await deploy("seen", workflow);
    await using opened = await openEditor("seen", { theme, width });
    const { page } = opened;
    await write(page, workflow.replace("price * 2", "prise"));
    await (await problemsIn(page)).waitFor();
    await page.getByRole("tab", { name: "Preview" }).click();
    await payload(page, { shop: shop.url });
    await page.getByRole("button", { name: "Preview" }).click();
    await page.getByRole("tabpanel", { name: "Preview" }).getByText("failed", { exact: true }).waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    const widest = await page.evaluate("document.documentElement.scrollWidth");
    expect(widest).toBeLessThanOrEqual(width);
  });

  test("a key that may only read sees the editor read-only", async () => {
    await deploy("looked-at", workflow);
    const { body } = await instance.request("POST", "/api-keys", {
      body: { name: "reader", scopes: ["workflows:read"] },
    });
    await using opened = await openEditor("looked-at", { key: body.key, isColdStart: true });
    const { page, problems } = opened;
    await editorText(page).click();
    await page.getByText("Read-only").waitFor();
    await page.keyboard.type("x");
    await page.getByRole("button", { name: "Deploy" }).click({ force: true });
    await page.getByText("Version 1 is current", { exact: true }).waitFor();
    expect((await instance.request("GET", "/workflows/looked-at/draft")).status).toBe(404);
    // The deploy state stays empty while the version is loading.
    await page.addInitScript(noteFlash);
    await page.reload();
    await page.getByText("Version 1 is current", { exact: true }).waitFor();
    expect(await page.evaluate("globalThis.hasFlashed ?? false")).toBe(false);
    expect(problems).toEqual([]);
  });

  test("the first preview of every template succeeds", async () => {
    const { page, problems } = shared;
    for (const [title, result, step] of [
      ["Order flow", "shipped", "fetch GET https://shop.example/stock/tea"],
      ["Reminder", "waitedMs", "fetch POST https://mailer.example/mail"],
      ["Fan out", "another.example", "fetch GET https://another.example/"],
      ["Flaky import", "imported", "fetch POST https://target.example/"],
    ] as const) {
      await goTo("/app/workflows");
      await page.getByRole("button", { name: "New workflow" }).click();
      await page.getByRole("radio", { name: title }).check();
      await page.getByRole("button", { name: "Create" }).click();
      await editorText(page).waitFor();
      await page.getByRole("button", { name: "Preview" }).click();
      const panel = page.getByRole("tabpanel", { name: "Preview" });
      await panel.getByText("completed", { exact: true }).waitFor();
      await panel.getByText(result).first().waitFor();
      await panel.getByTitle(step).first().waitFor();
      // Executions have no mock responses.
      await page.getByRole("tab", { name: "Execute" }).click();
      const executed = page.getByRole("tabpanel", { name: "Execute" });
      const payloadField = executed.getByRole("textbox", { name: "Payload" });
      expect(await payloadField.inputValue()).not.toContain(".example");
    }
    expect(problems).toEqual([]);
  });

  test("a workflow in Python is completed, previewed, deployed and executed", async ({ skip }) => {
    skip(!hasPython, "CPython has not been built here");
    const { page, problems } = shared;
    await goTo("/app/workflows");
    await page.getByRole("button", { name: "New workflow" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Python" }).click();
    await page.getByRole("radio", { name: "Fan out" }).check();
    await page.getByRole("textbox", { name: "Name" }).fill("in-python");
    await page.getByRole("button", { name: "Create" }).click();
    await editorText(page).waitFor();
    await page.getByRole("button", { name: "Preview" }).click();
    const panel = page.getByRole("tabpanel", { name: "Preview" });
    await panel.getByText("completed", { exact: true }).waitFor({ timeout: 60_000 });
    await panel.getByTitle("fetch GET https://another.example/").first().waitFor();

    // The stack of a browser's worker is smaller than that of a server.
    await write(page, deepInPython);
    await page.getByRole("button", { name: "Preview" }).click();
    await panel.getByText("RecursionError", { exact: false }).first().waitFor();
    expect(await panel.getByText("workflow.py:5").count()).toBeGreaterThan(0);

    await write(page, "async def run(ctx, payload):\n    return [\n");
    await page.getByRole("button", { name: "Preview" }).click();
    const problem = (await problemsIn(page)).getByRole("button");
    await problem.getByText(/SyntaxError/).waitFor();
    await problem.click();
    await page.getByText(/Line 2, column 12/).waitFor();

    await write(page, inPython);
    await page.keyboard.press("Control+End");
    await page.keyboard.type("ctx.sle");
    await page
      .getByRole("option", { name: /^sleep/ })
      .first()
      .waitFor();
    await page.keyboard.press("Escape");
    await write(page, inPython);
    await deployDraft(page);
    await page.getByText("Python · Version 1 is current", { exact: true }).waitFor();
    await page.getByRole("tab", { name: "Execute" }).click();
    await payload(page, { shop: shop.url });
    await page.getByRole("button", { name: "Execute version 1" }).click();
    const execution = page.getByRole("region", { name: "Execution" });
    await execution.getByText("completed").waitFor();
    await execution.getByText("the price is 21").waitFor();
    await execution.getByTitle(`fetch GET ${shop.url}/price`).waitFor();
    expect(problems).toEqual([]);
  });

  async function currentVersionOf(workflowId: string): Promise<unknown> {
    return (await instance.request("GET", `/workflows/${workflowId}`)).body.currentVersion;
  }

  /** Waits until the draft on the server contains this text. */
  async function drafted(workflowId: string, text: string): Promise<void> {
    await expect
      .poll(async () => {
        const { body } = await instance.request("GET", `/workflows/${workflowId}/draft`);
        return JSON.stringify(body.files ?? {});
      })
      .toContain(text);
  }
});

/** Each kind of payload takes another path. */
const checkedSource = `export async function run(ctx, { shop, kind }) {
  if (kind === "different") {
    const response = await fetch(shop + "/price?amount=10");
    return (await response.json()).price;
  }
  if (kind === "more") return 1;
  const response = await fetch(shop + (kind === "lacking" ? "/large" : "/price"));
  if (kind === "lacking") return (await response.text()).length;
  if (kind === "earlier") {
    await ctx.sleep(1);
  }
  if (kind === "throws") return kind;
  return kind === "result" ? { amount: 10 } : kind;
}
`;

/** Changes after which each kind of payload has another outcome of the check. */
const changes = [
  ["amount=10", "amount=12"],
  [`if (kind === "more") return 1;`, `if (kind === "more") return await ctx.state.set("kind", kind);`],
  ["await ctx.sleep(1);", ""],
  ["return kind;", 'throw new RangeError("no price");'],
  ["{ amount: 10 }", "{ amount: 12 }"],
] as const;

/** Records whether "Not deployed yet" is shown at any time. */
const noteFlash = `new MutationObserver(() => {
  if (document.body?.textContent.includes("Not deployed yet")) globalThis.hasFlashed = true;
}).observe(document, { childList: true, subtree: true, characterData: true })`;

function editorText(page: Page) {
  return page.locator(".code-editor .view-line").first();
}

/** Replaces the text of the open file. */
async function write(page: Page, text: string): Promise<void> {
  await page.locator(".code-editor .view-lines").waitFor();
  await page.locator(".code-editor .view-lines").click();
  await page.keyboard.press("Control+A");
  // Pasted, because Monaco indents typed text and closes brackets.
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(text)})`);
  await page.keyboard.press("Control+V");
  // Monaco inserts it later, so a preview that starts at once could run the earlier text.
  await expect.poll(async () => await showsOnly(page, text)).toBe(true);
}

/** Whether the visible lines, or the pieces into which they wrap, are all of this text, and its end is among them. */
async function showsOnly(page: Page, text: string): Promise<boolean> {
  const shown = await page.locator(".code-editor .view-line").allInnerTexts();
  const pieces = shown.map((line) => line.replaceAll("\u00a0", " ").trim()).filter((line) => line !== "");
  const end = text.trim().split("\n").at(-1) ?? "";
  return pieces.every((piece) => text.includes(piece)) && pieces.some((piece) => end.endsWith(piece));
}

/** Deploys the draft: the button of the editor opens a dialog, which has another one. */
async function deployDraft(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Deploy", exact: true }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Deploy", exact: true }).click();
}

/** Shows the problems, which are a tab of the results. */
async function problemsIn(page: Page) {
  await page.getByRole("tab", { name: "Problems" }).click();
  return page.getByRole("region", { name: "Problems" });
}

async function press(page: Page, key: string, times: number): Promise<void> {
  for (let index = 0; index < times; index++) await page.keyboard.press(key);
}

async function payload(page: Page, value: unknown): Promise<void> {
  await page.locator("textarea.payload:visible").fill(JSON.stringify(value));
}

/** Presses a key until an element with this name has the focus. */
async function tabTo(page: Page, name: string, key = "Tab"): Promise<void> {
  for (let presses = 0; presses < 60; presses++) {
    if ((await focusedName(page)).includes(leaveHint)) await page.keyboard.press("Escape");
    await page.keyboard.press(key);
    if ((await focusedName(page)).includes(name)) return;
  }
  throw new Error(`Cannot reach "${name}" with ${key}`);
}

/** Part of the label that the editor has for screen readers. */
const leaveHint = "Press Escape, then Tab, to leave it.";

async function focusedName(page: Page): Promise<string> {
  return await page.evaluate(`(() => {
    const { activeElement: element } = document;
    const labels = [...(element?.labels ?? [])].map((label) => label.textContent);
    return [element?.getAttribute("aria-label"), ...labels, element?.textContent].join(" ");
  })()`);
}
