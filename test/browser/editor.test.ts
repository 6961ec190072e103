import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { describeInBrowser, launchBrowser, openPage, seriousFindings } from "../support/browser.ts";
import type { OpenPage } from "../support/browser.ts";
import { startInstance } from "../support/instance.ts";
import type { Instance } from "../support/instance.ts";
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

describeInBrowser("the editor", () => {
  let instance: Instance;
  let browser: Browser;
  let shop: Target;
  /** Shared by most tests, so that the editor and the engine load once. */
  let shared: OpenPage;
  let isShopBroken = false;
  beforeAll(async () => {
    [instance, browser, shop] = await Promise.all([
      startInstance(),
      launchBrowser(),
      startTarget({
        // Previews can only read responses with this header.
        "GET /price": (_request, response) => {
          response.setHeader("access-control-allow-origin", "*");
          return { price: 21 };
        },
        "GET /closed": () => ({ price: 7 }),
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
  });

  async function deploy(workflowId: string, source: string): Promise<void> {
    const { status } = await instance.request("POST", `/workflows/${workflowId}/deploy`, {
      body: { source },
    });
    expect(status).toBe(201);
  }

  async function goToEditor(workflowId: string): Promise<OpenPage> {
    await shared.page.goto(`/app/workflows/${workflowId}/editor`);
    return shared;
  }

  async function openEditor(workflowId: string, options: Parameters<typeof openPage>[2] = {}) {
    return await openPage(browser, instance, { path: `/app/workflows/${workflowId}/editor`, ...options });
  }

  test("a workflow is written, deployed and executed in the editor", async () => {
    const { page, problems } = await goToEditor("first");
    await page.getByRole("button", { name: "Create first" }).click();
    await write(page, workflow.replace("price * 2", "price.toFixed(2) * 2"));
    const problem = page.getByRole("region", { name: "Problems" }).getByRole("button");
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
    await page
      .getByRole("region", { name: "Problems" })
      .getByText(/TypeError/)
      .waitFor();
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
    await page.getByRole("region", { name: "Problems" }).waitFor();
    await openDialog();
    await dialog.locator(".diff-view .view-line", { hasText: "answer" }).first().waitFor();
    await dialog.getByText("version 1", { exact: true }).waitFor();
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
    const files = page.getByRole("navigation", { name: "Files" });
    const add = async (name: string, text: string) => {
      await files.getByRole("button", { name: "New file" }).click();
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
    const found = page.getByRole("region", { name: "Problems" });
    await found.getByText("'string' is not assignable to parameter of type 'number'").waitFor();
    await files.getByRole("button", { name: "Actions for lib/tax.ts" }).click();
    await page.getByRole("menuitem", { name: "Rename" }).click();
    await files.getByLabel("File name").fill("../tax.ts");
    await files.getByText('empty, "." or ".."').waitFor();
    await files.getByLabel("File name").fill("tax.ts");
    await page.keyboard.press("Enter");
    await found.getByText(/Cannot find module '\.\/lib\/tax\.ts'/).waitFor();
    await editorText(page).click();
    await files.getByRole("button", { name: /^workflow\.ts/ }).click();
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
    const found = page.getByRole("region", { name: "Problems" });
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
    await page.getByRole("region", { name: "Problems" }).waitFor();
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
    await using opened = await openEditor("looked-at", { key: body.key });
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
    for (const [title, result] of [
      ["Order flow", "shipped"],
      ["Reminder", "waitedMs"],
      ["Fan out", "another page"],
      ["Flaky import", "imported"],
    ] as const) {
      await page.goto("/app/workflows");
      await page.getByRole("button", { name: "New workflow" }).click();
      await page.getByRole("radio", { name: title }).check();
      await page.getByRole("button", { name: "Create" }).click();
      await editorText(page).waitFor();
      await page.getByRole("button", { name: "Preview" }).click();
      const panel = page.getByRole("tabpanel", { name: "Preview" });
      await panel.getByText("completed", { exact: true }).waitFor();
      await panel.getByText(result).first().waitFor();
    }
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
}

/** Deploys the draft: the button of the editor opens a dialog, which has another one. */
async function deployDraft(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Deploy", exact: true }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Deploy", exact: true }).click();
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
