import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { seriousFindings } from "../support/browser.ts";
import { startExecution, deploy, execute, until, untilEnded } from "../support/executions.ts";
import { startTarget } from "../support/target.ts";
import type { Target } from "../support/target.ts";
import type { Desk } from "./desk.ts";

const approval = `export async function run(ctx, payload) {
  console.log("asked for", payload);
  console.error("no decision yet");
  const approved = await ctx.waitForEvent("approved");
  return { approved };
}`;

const flaky = `async function ship(url) {
  const response = await fetch(url + "/shipments", { method: "POST" });
  if (!response.ok) throw new Error("the carrier answered " + response.status);
}

export async function run(ctx, url) {
  await Promise.all([fetch(url + "/stock?of=1"), fetch(url + "/stock?of=2")]);
  await ship(url);
  return "shipped";
}`;

const steppedFiles = {
  "workflow.ts": `import { loadAll } from "./items.ts";
export async function run(ctx, url) {
  console.log("loading");
  const items = await loadAll(url);
  await ship(url, items);
  return items.length;
}

async function ship(url, items) {
  const response = await fetch(url + "/shipments", { method: "POST", body: String(items.length) });
  if (!response.ok) throw new Error("the carrier answered " + response.status);
}
`,
  "items.ts": `async function load(url, id) {
  return await fetch(url + "/stock?of=" + id);
}

export async function loadAll(url) {
  return await Promise.all(Array.from({ length: 100 }, (_, id) => load(url, id)));
}
`,
};

const shipping = (path: string) => `export async function run(ctx, url) {
  const { ok } = await fetch(url + "${path}", { method: "POST" });
  await fetch(url + "/log", { method: "POST" });
  if (!ok) throw new Error("not shipped");
}`;

/** Watching and operating executions. */
export function describeExecutions(desk: Desk): void {
  describe("executions", () => {
    let target: Target;
    let isDown = true;
    beforeAll(async () => {
      target = await startTarget({
        "GET /stock": () => ({ available: 7 }),
        "GET /report": ({ path }, response) => {
          response.statusCode = 404;
          // Incompressible bodies are stored uncompressed.
          const padding = path.includes("random")
            ? randomBytes(150_000).toString("base64")
            : "x".repeat(200_000);
          return { padding, end: "of the report" };
        },
        "POST /log": () => ({}),
        "POST /shipments": (_request, response) => {
          response.statusCode = isDown ? 503 : 200;
          return {};
        },
      });
      await deploy(desk.instance, "approval", approval);
      await deploy(desk.instance, "flaky", flaky);
    });
    afterAll(async () => await target[Symbol.asyncDispose]());

    test("an execution page updates live: a waiting execution receives an event and completes", async () => {
      const id = await startExecution(desk.instance, "approval", { amount: 80 });
      await until(desk.instance, id, ({ waitingFor }) => waitingFor.length > 0);
      await using opened = await desk.open({ path: `/app/executions/${id}` });
      const { page, problems } = opened;
      await page.getByText('Waits for event "approved"').waitFor();
      await page.getByRole("link", { name: /^wait.*workflow\.ts:4/ }).waitFor();
      const line = page.getByRole("log").getByText('asked for {"amount":80}');
      await line.waitFor();
      await page.getByRole("checkbox", { name: /^info/ }).uncheck();
      await line.waitFor({ state: "detached" });
      await page.getByRole("log").getByText("no decision yet").waitFor();

      await page.getByRole("button", { name: "Send event…" }).click();
      const dialog = page.getByRole("dialog", { name: "Send event" });
      expect(await dialog.getByLabel("Name").inputValue()).toBe("approved");
      await dialog.getByLabel("Payload").fill('{"by": ');
      await dialog.getByText("Invalid JSON").waitFor();
      await dialog.getByLabel("Payload").fill('{"by": "maria"}');
      await dialog.getByRole("button", { name: "Send" }).click();
      await page.getByRole("heading", { name: "approval completed" }).waitFor();
      await page.getByRole("group", { name: "Result" }).first().getByText('"maria"').waitFor();
      expect(problems).toEqual([]);
    });

    test("a failed execution shows the source line and can be retried from the failed step", async () => {
      isDown = true;
      const failed = await execute(desk.instance, "flaky", target.url);
      await using opened = await desk.open({ path: `/app/executions/${failed.executionId}` });
      const { page, problems } = opened;
      await page.getByText("workflow.ts, line 3, in version 1").waitFor();
      await page.locator(".code-line[data-here]").getByText("throw new Error").waitFor();
      // The page opens at the failed step.
      await page.getByRole("group", { name: "Response" }).getByText("503").waitFor();
      await page
        .getByRole("link", { name: /^fetch GET .*\/stock.*HTTP 200/ })
        .first()
        .click();
      await page.waitForURL(/\?step=\d+$/);
      await page.getByRole("group", { name: "Response" }).getByText('"available"').waitFor();
      await page.goBack();
      await page.getByRole("group", { name: "Response" }).getByText("503").waitFor();

      isDown = false;
      const before = target.count("GET /stock");
      await page.getByRole("button", { name: "Retry…" }).click();
      await page.getByRole("radio", { name: /The failed step/ }).check();
      await page.getByRole("dialog").getByRole("button", { name: "Retry" }).click();
      await page.getByRole("heading", { name: "flaky completed" }).waitFor();
      expect(page.url()).not.toContain(failed.executionId);
      expect(
        await page.getByRole("link", { name: /^fetch GET .* reused from the retried execution/ }).count(),
      ).toBe(2);
      expect(target.count("GET /stock")).toBe(before);
      await page.getByRole("link", { name: `…${failed.executionId.slice(-10)}`, exact: true }).click();
      await page.waitForURL(`**/${failed.executionId}`);
      expect(problems).toEqual([]);
    });

    test("a fetch step shows its request, with secrets masked by name, and each attempt", async () => {
      await deploy(
        desk.instance,
        "retried-fetch",
        `export async function run(ctx, url) {
          await fetch(url + "/shipments?of=1&key=" + ctx.secrets.CARRIER_KEY, {
            method: "POST",
            headers: { "content-type": "application/json", authorization: "Bearer " + ctx.secrets.CARRIER_KEY },
            body: JSON.stringify({ parcel: 4711 }),
            retry: { limit: 1, methods: ["POST"], delay: 1 },
          });
        }`,
      );
      await desk.instance.request("PUT", "/workflows/retried-fetch/secrets/CARRIER_KEY", {
        body: { value: "sk-very-secret", hosts: [target.url] },
      });
      isDown = true;
      const ended = await execute(desk.instance, "retried-fetch", target.url);
      await using opened = await desk.open({ path: `/app/executions/${ended.executionId}` });
      const { page, problems } = opened;
      await page.getByRole("link", { name: /^fetch POST .*HTTP 503, 2 attempts/ }).click();
      const attempts = page.getByRole("region", { name: "Attempts" }).getByRole("row");
      expect(await attempts.nth(1).textContent()).toMatch(/^1HTTP 503.*ms.*ms$/);
      expect(await attempts.count()).toBe(3);
      const request = await page.getByRole("group", { name: "Request" }).textContent();
      expect(request).toContain("/shipments?of=1&key=secret_CARRIER_KEY");
      expect(request).toContain("Bearer secret_CARRIER_KEY");
      expect(request).toContain("4711");
      expect(await page.locator("body").textContent()).not.toContain("sk-very-secret");
      expect(await seriousFindings(page)).toEqual([]);
      expect(problems).toEqual([]);
    });

    test("a failed call shows where the child execution failed and where it was called", async () => {
      await deploy(
        desk.instance,
        "carrier",
        `
        function label() {
          throw Object.assign(new Error("no label left"), { name: "LabelError" });
        }
        export const run = () => label();`,
      );
      await deploy(
        desk.instance,
        "shop",
        `export async function run(ctx) {
          try {
            await ctx.call("carrier");
          } catch (cause) {
            throw new Error("cannot ship", { cause });
          }
        }`,
      );
      const failed = await execute(desk.instance, "shop");
      await using opened = await desk.open({ path: `/app/executions/${failed.executionId}` });
      const { page, problems } = opened;
      const child = page.getByRole("region", { name: "Failure of carrier" });
      await child.getByText("LabelError: no label left").waitFor();
      await child.getByText("workflow.ts, line 3, in version 1").waitFor();
      await child.getByText("at label (workflow.ts:3:").waitFor();
      await page.locator(".code-line[data-here]").getByText("throw Object.assign").waitFor();
      await page.locator(".code-line[data-here]").getByText('throw new Error("cannot ship"').waitFor();
      await page.getByRole("link", { name: /^call carrier.*failed/ }).click();
      expect(await page.locator(".step-details").textContent()).toContain("LabelError: no label left");
      await child.getByRole("link", { name: "carrier" }).click();
      await page.getByRole("heading", { name: "carrier failed" }).waitFor();
      expect(problems).toEqual([]);
    });

    test("stepping through 100 parallel fetches and nested functions in two files shows each line", async () => {
      const { status } = await desk.instance.request("POST", "/workflows/stepped/deploy", {
        body: { files: steppedFiles, entry: "workflow.ts" },
      });
      expect(status).toBe(201);
      isDown = true;
      const failed = await execute(desk.instance, "stepped", target.url);
      await using opened = await desk.open({ path: `/app/executions/${failed.executionId}` });
      const { page, problems } = opened;
      const pane = page.getByRole("region", { name: "Selected step" });
      const here = pane.locator('.source-line[data-kind="here"]');
      await pane.getByText("Step 101 of 101").waitFor();
      await here.getByText("POST").waitFor();
      await pane.getByRole("button", { name: "ship workflow.ts:10" }).waitFor();

      // Back to the last of the parallel steps, whose line is in the other file.
      await pane.getByRole("button", { name: "Previous step" }).click();
      await pane.getByText("Step 100 of 101").waitFor();
      await here.getByText('fetch(url + "/stock?of="').waitFor();
      await page.waitForURL(/\?step=\d+$/);
      const frames = await pane
        .getByRole("list", { name: "Call stack" })
        .getByRole("button")
        .allTextContents();
      expect(frames).toEqual(["load items.ts:2", "loadAll items.ts:6", "run workflow.ts:4"]);
      await pane.getByText("99 other steps outstanding").waitFor();
      const console = pane.getByRole("group", { name: "Console lines" });
      expect(await console.textContent()).toMatch(/loading.*▸?.*stock/s);

      // From the line to its steps, and by keyboard through the timeline.
      await pane.getByRole("button", { name: /^100 steps made here/ }).click();
      await pane.getByText("Step 1 of 101").waitFor();
      await page.getByRole("button", { name: "100 × GET" }).focus();
      await page.keyboard.press("Enter");
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("ArrowDown");
      await pane.getByText("Step 2 of 101").waitFor();
      await page.keyboard.press("End");
      await pane.getByText("Step 101 of 101").waitFor();
      await pane.getByRole("button", { name: "run workflow.ts:5" }).click();
      await pane.getByRole("button", { name: "items.ts", exact: true }).click();
      await pane.getByText("export async function loadAll").waitFor();
      await page.reload();
      await pane.getByText("Step 101 of 101").waitFor();
      expect(await seriousFindings(page)).toEqual([]);
      expect(problems).toEqual([]);
    });

    test("an execution is forked from a step with another answer, and refused where its version differs", async () => {
      isDown = true;
      await deploy(desk.instance, "forked-here", shipping("/shipments"));
      const failed = await execute(desk.instance, "forked-here", target.url);
      await deploy(desk.instance, "forked-here", shipping("/parcels"));
      await using opened = await desk.open({ path: `/app/executions/${failed.executionId}` });
      const { page, problems } = opened;
      await page.getByRole("link", { name: /^fetch POST .*\/log/ }).click();
      const whatIf = await page.getByRole("link", { name: "What if…" }).getAttribute("href");
      expect(whatIf).toMatch(/\/workflows\/forked-here\/editor\?recording=inv_\w+&answer=\d+$/);
      await page.getByRole("button", { name: "Fork from here…" }).click();
      const dialog = page.getByRole("dialog", { name: "Fork execution" });
      await dialog.getByRole("button", { name: "Fork", exact: true }).click();
      await dialog.getByText("Version differs from the reused steps").waitFor();
      await dialog.getByText("workflow.ts, line 2, in version 2").waitFor();
      await dialog.locator(".code-line[data-here]").getByText("/parcels").waitFor();
      expect(await seriousFindings(page)).toEqual([]);

      await dialog.getByRole("radio", { name: "Same version (1)" }).check();
      await dialog.getByLabel("Edit an answer").selectOption({ label: `fetch POST ${target.url}/shipments` });
      const answer = dialog.getByLabel(/^Answer to fetch POST/);
      await answer.fill((await answer.inputValue()).replace("503", "200"));
      await dialog.getByRole("checkbox", { name: "Change the payload" }).check();
      await dialog.getByRole("button", { name: "Fork", exact: true }).click();
      await page.getByRole("heading", { name: "forked-here completed" }).waitFor();
      await page.getByRole("link", { name: `…${failed.executionId.slice(-10)}`, exact: true }).click();
      await page.waitForURL(`**/${failed.executionId}`);
      await page.getByText("Forked as").waitFor();
      expect(problems).toEqual([]);
    });

    test("the timeline can be shown as a table", async () => {
      isDown = false;
      const ended = await execute(desk.instance, "flaky", target.url);
      await using opened = await desk.open({ path: `/app/executions/${ended.executionId}` });
      const { page } = opened;
      await page.getByRole("button", { name: "Table" }).click();
      const rows = page.getByRole("region", { name: "Steps" }).getByRole("row");
      expect(await rows.count()).toBe(4);
      expect(await rows.last().textContent()).toMatch(/shipments.*ms.*HTTP 200/);
    });

    test("a long timeline opens at the failed step and can be searched", async () => {
      await deploy(
        desk.instance,
        "many-steps",
        `export async function run(ctx, url) {
          for (let i = 0; i < 120; i++) await ctx.sleep(0);
          console.log("almost there");
          const response = await fetch(url + "/shipments", { method: "POST" });
          throw new Error("the carrier answered " + response.status);
        }`,
      );
      isDown = true;
      const failed = await execute(desk.instance, "many-steps", target.url);
      await using opened = await desk.open({ path: `/app/executions/${failed.executionId}` });
      const { page, problems } = opened;
      const failedStep = page.getByRole("link", { name: /^fetch POST .*HTTP 503/ });
      await failedStep.waitFor();
      const repeats = page.getByRole("button", { name: "120 × sleep" });
      await repeats.waitFor();
      expect(await page.getByRole("link", { name: /^sleep/ }).count()).toBe(0);
      await page.getByRole("button", { name: "Jump to failed step" }).click();
      await page.getByRole("group", { name: "Response" }).getByText("503").waitFor();
      expect(await failedStep.evaluate((row) => row.matches(":focus"))).toBe(true);
      await page.getByRole("searchbox", { name: "Search steps" }).fill("sleep");
      await failedStep.waitFor({ state: "detached" });
      await repeats.focus();
      await page.keyboard.press("Enter");
      expect(await repeats.getAttribute("aria-expanded")).toBe("true");
      expect(await page.getByRole("link", { name: /^sleep/ }).count()).toBe(99);
      await page.getByRole("button", { name: "Show more (121 steps)" }).waitFor();
      await page.getByRole("searchbox", { name: "Search steps" }).fill("");
      await page.getByRole("checkbox", { name: "Errors only" }).check();
      await page.getByRole("button", { name: "Table" }).click();
      const rows = page.getByRole("region", { name: "Steps" }).getByRole("row");
      expect(await rows.count()).toBe(2);
      await page.getByRole("checkbox", { name: "Errors only" }).uncheck();
      await page.getByRole("row", { name: "120 × sleep" }).getByRole("button", { expanded: true }).click();
      expect(await rows.count()).toBe(3);
      expect(await seriousFindings(page)).toEqual([]);
      expect(problems).toEqual([]);
    });

    test("the console follows new lines, shows milliseconds, and can be searched and downloaded", async () => {
      await deploy(
        desk.instance,
        "talkative",
        `export async function run(ctx) {
          for (let i = 0; i < 100; i++) console.log("line", i);
          await ctx.waitForEvent("more");
          for (let i = 100; i < 200; i++) console.log("line", i);
          await ctx.waitForEvent("end");
          console.log("line", 200);
        }`,
      );
      const id = await startExecution(desk.instance, "talkative");
      await until(desk.instance, id, ({ waitingFor }) => waitingFor.length > 0);
      await using opened = await desk.open({ path: `/app/executions/${id}` });
      const { page, problems } = opened;
      const console = page.getByRole("log");
      await console.getByText("line 99", { exact: true }).waitFor();
      expect(await console.locator("time").last().textContent()).toMatch(/:\d\d\.\d{3}$/);
      await desk.instance.request("POST", `/executions/${id}/events/more`, { body: null });
      const last = console.getByText("line 199", { exact: true });
      await last.waitFor();
      const isAtEnd =
        "(({ scrollHeight, scrollTop, clientHeight }) => scrollHeight - scrollTop - clientHeight < 40)(document.querySelector('.logs-lines'))";
      await expect.poll(async () => await page.evaluate(isAtEnd)).toBe(true);
      await page.getByRole("searchbox", { name: "Search console output" }).fill("line 42");
      await last.waitFor({ state: "detached" });
      const download = page.waitForEvent("download");
      await page.getByRole("button", { name: "Download" }).click();
      const text = await readFile(await (await download).path(), "utf8");
      expect(text.trimEnd().split("\n")).toHaveLength(200);
      expect(text).toMatch(/Z info line 42\n/);
      expect(problems).toEqual([]);
      await page.getByRole("searchbox", { name: "Search console output" }).fill("");
      await desk.instance.kill();
      await page.getByRole("alert").getByText("Cannot reach the server").first().waitFor();
      await desk.instance.start();
      await desk.instance.request("POST", `/executions/${id}/events/end`, { body: null });
      await console.getByText("line 200", { exact: true }).waitFor();
      await page.getByRole("alert").first().waitFor({ state: "detached" });
      expect(await console.getByText("line 199", { exact: true }).count()).toBe(1);
    });

    test("a callback URL is shown to keys that may manage the execution and to no others", async () => {
      await deploy(
        desk.instance,
        "called-back",
        `export async function run(ctx) {
          const { promise } = ctx.createCallback({ timeout: "3d" });
          return await promise;
        }`,
      );
      const id = await startExecution(desk.instance, "called-back");
      await until(desk.instance, id, ({ waitingFor }) => waitingFor.length > 0);
      await using opened = await desk.open({ path: `/app/executions/${id}` });
      const { page, problems } = opened;
      const addresses = page.getByRole("list", { name: "Callback URLs" });
      const url = (await addresses.locator("code").textContent()) ?? "";
      await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
      await addresses.getByRole("button", { name: /^Copy URL of callback 1/ }).click();
      await addresses.getByText("Copied").waitFor();
      expect(await page.evaluate("navigator.clipboard.readText()")).toBe(url);
      expect(await seriousFindings(page)).toEqual([]);
      const { body } = await desk.instance.request("POST", "/api-keys", {
        body: { name: "sender", scopes: ["workflows:read", "executions:read", "executions:run"] },
      });
      await using other = await desk.open({ key: body.key, path: `/app/executions/${id}` });
      await other.page.getByText("The callback URL is not available").waitFor();
      await other.page.getByText(/^The source line is not available\..*executions:manage/).waitFor();
      expect(await other.page.locator("body").textContent()).not.toContain("/callbacks/");
      expect((await fetch(url, { method: "POST" })).status).toBe(202);
      await page.getByRole("heading", { name: "called-back completed" }).waitFor();
      expect(await addresses.count()).toBe(0);
      expect(problems).toEqual([]);
    });

    test("a large response shows its status and is loaded on request", async () => {
      await deploy(
        desk.instance,
        "reports",
        `export async function run(ctx, url) {
          await fetch(url + "/report");
          await fetch(url + "/report?random");
        }`,
      );
      const { executionId, steps } = await execute(desk.instance, "reports", target.url);
      expect(steps).toHaveLength(2);
      for (const step of steps) {
        expect(step).toMatchObject({ outcome: "succeeded", httpStatus: 404 });
        expect(step).not.toHaveProperty("result");
      }
      await using opened = await desk.open({ path: `/app/executions/${executionId}` });
      const { page, problems } = opened;
      for (const place of [0, 1]) {
        await page
          .getByRole("link", { name: /^fetch GET .*HTTP 404/ })
          .nth(place)
          .click();
        await page.getByRole("button", { name: "Load result" }).click();
        await page.getByRole("group", { name: "Response" }).getByText("of the report").waitFor();
        await page.getByRole("group", { name: "Request" }).getByText("/report").waitFor();
      }
      expect(await seriousFindings(page)).toEqual([]);
      expect(problems).toEqual([]);
    });

    test("an ended execution without steps and output shows empty states", async () => {
      await deploy(desk.instance, "idle", "export const run = () => 1;");
      const { executionId } = await execute(desk.instance, "idle");
      await using opened = await desk.open({ path: `/app/executions/${executionId}` });
      await opened.page.getByText("No steps", { exact: true }).waitFor();
      await opened.page.getByText(/^No console output\./).waitFor();
    });

    test("an execution is paused, resumed, cancelled and deleted, with confirmation of what cannot be undone", async () => {
      const id = await startExecution(desk.instance, "approval");
      await until(desk.instance, id, ({ waitingFor }) => waitingFor.length > 0);
      await using opened = await desk.open({ path: `/app/executions/${id}` });
      const { page } = opened;
      await page.getByRole("button", { name: "Pause" }).click();
      await page.getByRole("heading", { name: "approval paused" }).waitFor();
      await page.getByRole("button", { name: "Resume" }).click();
      await page.getByRole("button", { name: "Pause" }).waitFor();
      await page.getByRole("button", { name: "Cancel…" }).click();
      await page.getByRole("button", { name: "Cancel execution" }).click();
      await page.getByRole("heading", { name: "approval cancelled" }).waitFor();
      await page.getByRole("button", { name: "Delete…" }).click();
      await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
      await page.waitForURL("**/app/executions");
      expect((await desk.instance.request("GET", `/executions/${id}`)).status).toBe(404);
    });

    test("the list is filtered by the URL and shows new executions automatically", async () => {
      await using opened = await desk.open({ path: "/app/executions" });
      const { page, problems } = opened;
      await page.getByRole("button", { name: "Status" }).click();
      await page.getByRole("dialog", { name: "Filter by status" }).getByText("failed").click();
      await page.getByRole("button", { name: "Workflow" }).click();
      await page.getByRole("combobox", { name: "Workflow" }).fill("flaky");
      await page.keyboard.press("Enter");
      await page.waitForURL(/workflow(-contains)?=flaky&status=failed/);
      await page
        .getByRole("link", { name: /^flaky/ })
        .first()
        .waitFor();
      await page.goto("/app/executions?workflow=approval&status=suspended");
      await page.getByText("No matching executions").waitFor();
      const id = await startExecution(desk.instance, "approval");
      await page.locator(`a[href$="${id}"]`).waitFor();
      expect(problems).toEqual([]);
    });

    test("failed executions are selected, retried in bulk and reported individually", async () => {
      await deploy(
        desk.instance,
        "bulk-flaky",
        `export async function run(ctx, url) {
          if (url === null) throw new RangeError("no address was given");
          const response = await fetch(url + "/shipments", { method: "POST" });
          if (!response.ok) throw new Error("the carrier answered " + response.status);
        }`,
      );
      isDown = true;
      for (const input of [target.url, target.url, target.url, null])
        await execute(desk.instance, "bulk-flaky", input);
      await using opened = await desk.open({ path: "/app/executions?status=failed" });
      const { page, problems } = opened;
      await page.getByRole("search").getByRole("button", { name: "Workflow" }).click();
      await page.getByRole("combobox", { name: "Workflow" }).fill("ulk-fla");
      await page.keyboard.press("Enter");
      await page.waitForURL("**/app/executions?workflow-contains=ulk-fla&status=failed");
      await page.getByText("RangeError: no address was given").waitFor();

      await page.getByRole("button", { name: "Retry these…" }).click();
      const dialog = page.getByRole("dialog", { name: "Retry failed executions" });
      await dialog
        .getByText("4 executions match the filter and have not been retried. 4 selected.")
        .waitFor();
      await dialog
        .getByRole("region", { name: "Executions to retry" })
        .getByRole("checkbox")
        .last()
        .uncheck();
      expect(await seriousFindings(page)).toEqual([]);
      isDown = false;
      await dialog.getByRole("button", { name: "Retry 3 executions" }).click();
      await dialog.getByText("2 executions retried, 1 failed.").waitFor();
      const report = dialog.getByRole("region", { name: "Report" });
      await report.getByText(/cannot be retried from a failed step.*Retry it from the start/).waitFor();
      expect(await seriousFindings(page)).toEqual([]);
      await report.getByText("Retried as").first().getByRole("link").click();
      await page.getByRole("heading", { name: "bulk-flaky completed" }).waitFor();
      expect(problems).toEqual([]);
    });

    test("an execution opens by its ID or a click in its row, and filters are set and removed by chips", async () => {
      const { executionId } = await execute(desk.instance, "flaky", target.url);
      await using opened = await desk.open({ path: "/app/executions?status=failed" });
      const { page, problems } = opened;
      const chip = (name: string | RegExp) => page.getByRole("search").getByRole("button", { name });
      await chip(/^Created/).click();
      await page.getByLabel("Until", { exact: true }).waitFor();
      expect(await page.evaluate(clippedTimes)).toEqual([false, false]);
      await page.getByRole("button", { name: "Last hour" }).click();
      await page.waitForURL("**/app/executions?status=failed&within=1h");
      await chip("Remove filter created").click();
      await page.waitForURL("**/app/executions?status=failed");
      await chip("Version").click();
      await page.getByRole("textbox", { name: "Version" }).fill("latest");
      await page.keyboard.press("Enter");
      await page.getByText("Enter a version number").waitFor();
      expect(await seriousFindings(page)).toEqual([]);
      await page.keyboard.press("Escape");
      await page.getByText("Enter a version number").waitFor({ state: "detached" });
      await chip("Clear").click();
      await page.waitForURL("**/app/executions?");
      await page.getByRole("searchbox", { name: "Search by ID or error" }).fill(executionId);
      await page.keyboard.press("Enter");
      await page.waitForURL(`**/app/executions/${executionId}`);
      await page.goto("/app/executions?workflow=flaky");
      const row = page.getByRole("row").filter({ has: page.locator(`a[href$="${executionId}"]`) });
      await row.getByRole("cell").last().click({ force: true });
      await page.waitForURL(`**/app/executions/${executionId}`);
      expect(problems).toEqual([]);
    });

    test("executions are found by tags, by a part of the error, and by a field of the payload", async () => {
      const failing = `export const run = (ctx, { order }) => { throw new RangeError(order + " is lost"); };`;
      await deploy(desk.instance, "tagged", failing);
      for (const order of [4711, 4712]) {
        const path = `/workflows/tagged/execute?tag=customer:${order % 10},nightly`;
        const { body } = await desk.instance.request("POST", path, { body: { order, to: { city: "Bonn" } } });
        await untilEnded(desk.instance, body.executionId);
      }
      await using opened = await desk.open({ path: "/app/executions?workflow=tagged" });
      const { page, problems } = opened;
      const rows = page.getByRole("region", { name: "Executions" }).getByRole("link", { name: /^tagged/ });
      const shown = async (count: number) => await expect.poll(async () => await rows.count()).toBe(count);
      const setChip = async (label: string, text: string) => {
        await page.getByRole("search").getByRole("button", { name: label, exact: true }).click();
        await page.getByRole("textbox", { name: label, exact: true }).fill(text);
        await page.keyboard.press("Enter");
      };
      await shown(2);
      await setChip("Tags", "two words");
      await page.getByText("Use letters, digits and").waitFor();
      await page.getByRole("textbox", { name: "Tags" }).fill("nightly, customer:1");
      await page.keyboard.press("Enter");
      await page.waitForURL("**/app/executions?workflow=tagged&tag=nightly%2C+customer%3A1");
      await page.getByRole("row", { name: /customer:1 nightly failed RangeError: 4711 is lost/ }).waitFor();
      await shown(1);
      expect(await seriousFindings(page)).toEqual([]);
      await page.getByRole("button", { name: "Remove filter tags" }).click();
      await page.getByRole("searchbox").fill("4712 is lost");
      await page.keyboard.press("Enter");
      await page.waitForURL("**/app/executions?workflow=tagged&search=4712+is+lost");
      await shown(1);
      await setChip("Payload", "/order:4711");
      await page.getByText("No matching executions").waitFor();
      await page.getByRole("searchbox").fill("");
      await page.keyboard.press("Enter");
      await page.waitForURL("**/app/executions?workflow=tagged&payload=%2Forder%3A4711");
      await shown(1);
      await rows.click();
      await page.getByRole("link", { name: "customer:1" }).click();
      await page.waitForURL("**/app/executions?tag=customer%3A1");
      expect(problems).toEqual([]);
    });

    test("a filter is saved under a name, applied and deleted", async () => {
      await using opened = await desk.open({ path: "/app/executions?workflow=flaky&within=7d" });
      const { page, problems } = opened;
      await page.getByRole("button", { name: "Saved filters" }).click();
      await page.getByRole("button", { name: "Save this filter…" }).click();
      const dialog = page.getByRole("dialog", { name: "Save filter" });
      await dialog.getByRole("button", { name: "Save filter" }).click();
      await dialog.getByText("Enter a name.").waitFor();
      await dialog.getByLabel("Name").fill("Shipments");
      await dialog.getByRole("button", { name: "Save filter" }).click();
      await page.goto("/app/executions");
      await page.getByRole("button", { name: "Saved filters" }).click();
      await page.getByRole("button", { name: "Shipments", exact: true }).click();
      await page.waitForURL("**/app/executions?workflow=flaky&within=7d");
      await page.getByRole("button", { name: "Shipments" }).click();
      expect(await seriousFindings(page)).toEqual([]);
      await page.getByRole("button", { name: "Delete saved filter Shipments" }).click();
      await page.getByRole("button", { name: "Saved filters" }).waitFor();
      expect(await page.evaluate("localStorage.length")).toBe(0);
      expect(problems).toEqual([]);
    });

    test("selected executions are cancelled and deleted in bulk, with a count before and a report after", async () => {
      await deploy(desk.instance, "bulk-waiting", `export const run = (ctx) => ctx.waitForEvent("never");`);
      const ids = [];
      for (let count = 0; count < 3; count++) ids.push(await startExecution(desk.instance, "bulk-waiting"));
      for (const id of ids) await until(desk.instance, id, ({ status }) => status === "suspended");
      await using opened = await desk.open({ path: "/app/workflows/bulk-waiting/executions" });
      const { page, problems } = opened;
      const bar = page.getByRole("group", { name: "Selected executions" });
      const boxes = page.getByRole("region", { name: "Executions" }).getByRole("checkbox");
      await boxes.nth(2).waitFor();
      await boxes.nth(0).check();
      await bar.getByText("1 selected").waitFor();
      await boxes.nth(2).click({ modifiers: ["Shift"] });
      await bar.getByText("3 selected").waitFor();
      await boxes.nth(1).uncheck();
      expect(await seriousFindings(page)).toEqual([]);
      await bar.getByRole("button", { name: "Cancel 2…" }).click();
      const cancelling = page.getByRole("dialog", { name: "Cancel 2 executions" });
      await cancelling.getByText("2 executions of bulk-waiting").waitFor();
      await cancelling.getByRole("button", { name: "Cancel 2 executions" }).click();
      await cancelling.getByText("2 executions cancelled, 0 failed.").waitFor();
      expect(await seriousFindings(page)).toEqual([]);
      await cancelling.getByRole("button", { name: "Close" }).click();
      await bar.getByText("3 executions").waitFor();
      await page.getByText("cancelled").nth(1).waitFor();
      await bar.getByRole("checkbox", { name: "Select all loaded executions" }).check();
      await bar.getByRole("button", { name: "Delete 2…" }).click();
      const deleting = page.getByRole("dialog", { name: "Delete 2 executions" });
      await deleting
        .getByText("1 of the 3 selected is left alone: only executions that have ended can be deleted.")
        .waitFor();
      await deleting.getByRole("button", { name: "Delete 2 executions" }).click();
      await deleting.getByText("2 executions deleted, 0 failed.").waitFor();
      await deleting.getByRole("button", { name: "Close" }).click();
      await bar.getByText("1 execution", { exact: true }).waitFor();
      await desk.instance.request("POST", `/executions/${ids[1]}/cancel`);
      expect(problems).toEqual([]);
    });

    test("a bulk action is stopped after the requests in flight, and continued with the rest", async () => {
      await deploy(desk.instance, "bulk-many", `export const run = (ctx) => ctx.waitForEvent("never");`);
      const started = Array.from(
        { length: 12 },
        async () => await startExecution(desk.instance, "bulk-many"),
      );
      for (const id of await Promise.all(started))
        await until(desk.instance, id, ({ status }) => status === "suspended");
      await using opened = await desk.open({ path: "/app/workflows/bulk-many/executions" });
      const { page, problems } = opened;
      const bar = page.getByRole("group", { name: "Selected executions" });
      await bar.getByText("12 executions").waitFor();
      const { promise: released, resolve: release } = Promise.withResolvers<undefined>();
      await page.route("**/executions/*/cancel", async (route) => {
        await released;
        await route.continue();
      });
      await bar.getByRole("checkbox", { name: "Select all loaded executions" }).check();
      await bar.getByRole("button", { name: "Cancel 12…" }).click();
      const dialog = page.getByRole("dialog", { name: "Cancel 12 executions" });
      await dialog.getByRole("button", { name: "Cancel 12 executions" }).click();
      await dialog.getByText(/^0 of 12 attempted/).waitFor();
      await dialog.getByRole("button", { name: "Stop" }).click();
      release(undefined);
      await dialog.getByText("10 executions cancelled, 0 failed, 2 not attempted.").waitFor();
      await dialog.getByRole("button", { name: "Continue with the remaining 2" }).click();
      await dialog.getByText("12 executions cancelled, 0 failed.").waitFor();
      const { body } = await desk.instance.request(
        "GET",
        "/executions/count?workflow=bulk-many&status=suspended",
      );
      expect(body.count).toBe(0);
      expect(problems).toEqual([]);
    });

    test("an unknown execution shows a not-found page with a link to the list", async () => {
      await using opened = await desk.open({
        path: "/app/executions/inv_1gdJBtdVEcM942bjcDmb1c1khoaJe11Hbz",
      });
      await opened.page.getByText("No execution with this ID").waitFor();
      await opened.page.getByRole("link", { name: "Back to executions" }).click();
      await opened.page.getByRole("heading", { name: "Executions" }).waitFor();
    });
  });
}

/** For each time field, whether it is narrower than its content. */
const clippedTimes = `[...document.querySelectorAll("input[type=datetime-local]")].map((input) => {
  const width = input.offsetWidth;
  input.style.width = "max-content";
  const needed = input.offsetWidth;
  input.style.width = "";
  return width < needed;
})`;
