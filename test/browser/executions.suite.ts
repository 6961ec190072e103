import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { seriousFindings } from "../support/browser.ts";
import { startExecution, deploy, execute, until } from "../support/executions.ts";
import { startTarget } from "../support/target.ts";
import type { Target } from "../support/target.ts";
import type { Desk } from "./desk.ts";

const approval = `export async function run(ctx, payload) {
  console.log("asked for", payload);
  console.error("nobody has decided yet");
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

/** Executions, as one watches and operates them. */
export function describeExecutions(desk: Desk): void {
  describe("executions", () => {
    let target: Target;
    let isDown = true;
    beforeAll(async () => {
      target = await startTarget({
        "GET /stock": () => ({ available: 7 }),
        "GET /report": ({ path }, response) => {
          response.statusCode = 404;
          // What cannot be compressed is stored as it is.
          const padding = path.includes("random")
            ? randomBytes(150_000).toString("base64")
            : "x".repeat(200_000);
          return { padding, end: "of the report" };
        },
        "POST /shipments": (_request, response) => {
          response.statusCode = isDown ? 503 : 200;
          return {};
        },
      });
      await deploy(desk.instance, "approval", approval);
      await deploy(desk.instance, "flaky", flaky);
    });
    afterAll(async () => await target[Symbol.asyncDispose]());

    test("are shown as they are now: one that waits gets its event, and ends before one's eyes", async () => {
      const id = await startExecution(desk.instance, "approval", { amount: 80 });
      await until(desk.instance, id, ({ waitingFor }) => waitingFor.length > 0);
      await using opened = await desk.open({ path: `/app/executions/${id}` });
      const { page, problems } = opened;
      await page.getByText('Waits for event "approved"').waitFor();
      const line = page.getByRole("log").getByText('asked for {"amount":80}');
      await line.waitFor();
      await page.getByRole("checkbox", { name: /^info/ }).uncheck();
      await line.waitFor({ state: "detached" });
      await page.getByRole("log").getByText("nobody has decided yet").waitFor();

      await page.getByRole("button", { name: "Send event…" }).click();
      const dialog = page.getByRole("dialog", { name: "Send an event" });
      expect(await dialog.getByLabel("Name").inputValue()).toBe("approved");
      await dialog.getByLabel("Payload").fill('{"by": ');
      await dialog.getByText("This is not JSON").waitFor();
      await dialog.getByLabel("Payload").fill('{"by": "maria"}');
      await dialog.getByRole("button", { name: "Send" }).click();
      await page.getByRole("heading", { name: "approval completed" }).waitFor();
      await page.getByRole("group", { name: "Result" }).getByText('"maria"').waitFor();
      expect(problems).toEqual([]);
    });

    test("that failed are shown at the line, and are retried from the step that failed", async () => {
      isDown = true;
      const failed = await execute(desk.instance, "flaky", target.url);
      await using opened = await desk.open({ path: `/app/executions/${failed.executionId}` });
      const { page, problems } = opened;
      await page.getByText("workflow.ts, line 3, in version 1").waitFor();
      await page.locator(".code-line[data-here]").getByText("throw new Error").waitFor();
      await page.getByRole("button", { name: /^fetch POST .*\/shipments.* HTTP 503/ }).click();
      await page.getByRole("group", { name: "Response" }).getByText("503").waitFor();

      isDown = false;
      const before = target.count("GET /stock");
      await page.getByRole("button", { name: "Retry…" }).click();
      await page.getByRole("radio", { name: /At the step that failed/ }).check();
      await page.getByRole("dialog").getByRole("button", { name: "Retry" }).click();
      await page.getByRole("heading", { name: "flaky completed" }).waitFor();
      expect(page.url()).not.toContain(failed.executionId);
      expect(
        await page.getByRole("button", { name: /^fetch GET .* reused from the execution/ }).count(),
      ).toBe(2);
      expect(target.count("GET /stock")).toBe(before);
      await page.getByRole("link", { name: `…${failed.executionId.slice(-10)}`, exact: true }).click();
      await page.waitForURL(`**/${failed.executionId}`);
      expect(problems).toEqual([]);
    });

    test("show what a fetch sent, with names of secrets, and each of its attempts", async () => {
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
      await page.getByRole("button", { name: /^fetch POST .*HTTP 503, 2 attempts/ }).click();
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

    test("that failed with a call show where the called execution failed, and where it was called", async () => {
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
      await page.getByRole("button", { name: /^call carrier.*failed/ }).click();
      expect(await page.locator(".step-details").textContent()).toContain("LabelError: no label left");
      await child.getByRole("link", { name: "carrier" }).click();
      await page.getByRole("heading", { name: "carrier failed" }).waitFor();
      expect(problems).toEqual([]);
    });

    test("have a timeline that is a table for those who want one", async () => {
      isDown = false;
      const ended = await execute(desk.instance, "flaky", target.url);
      await using opened = await desk.open({ path: `/app/executions/${ended.executionId}` });
      const { page } = opened;
      await page.getByRole("button", { name: "Table" }).click();
      const rows = page.getByRole("region", { name: "Operations" }).getByRole("row");
      expect(await rows.count()).toBe(4);
      expect(await rows.last().textContent()).toMatch(/shipments.*ms.*HTTP 200/);
    });

    test("open at the failed step, however many there are, and can be searched", async () => {
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
      const failedStep = page.getByRole("button", { name: /^fetch POST .*HTTP 503/ });
      await failedStep.waitFor();
      const repeats = page.getByRole("button", { name: "120 × sleep" });
      await repeats.waitFor();
      expect(await page.getByRole("button", { name: /^sleep/ }).count()).toBe(0);
      await page.getByRole("button", { name: "Go to the failed step" }).click();
      await page.getByRole("group", { name: "Response" }).getByText("503").waitFor();
      expect(await failedStep.evaluate((row) => row.matches(":focus"))).toBe(true);
      await page.getByRole("searchbox", { name: "Search the operations" }).fill("sleep");
      await failedStep.waitFor({ state: "detached" });
      await repeats.focus();
      await page.keyboard.press("Enter");
      expect(await repeats.getAttribute("aria-expanded")).toBe("true");
      expect(await page.getByRole("button", { name: /^sleep/ }).count()).toBe(99);
      await page.getByRole("button", { name: "Show more of 121 operations" }).waitFor();
      await page.getByRole("searchbox", { name: "Search the operations" }).fill("");
      await page.getByRole("checkbox", { name: "Errors only" }).check();
      await page.getByRole("button", { name: "Table" }).click();
      const rows = page.getByRole("region", { name: "Operations" }).getByRole("row");
      expect(await rows.count()).toBe(2);
      await page.getByRole("checkbox", { name: "Errors only" }).uncheck();
      await page.getByRole("row", { name: "120 × sleep" }).getByRole("button", { expanded: true }).click();
      expect(await rows.count()).toBe(3);
      expect(await seriousFindings(page)).toEqual([]);
      expect(problems).toEqual([]);
    });

    test("have a console that follows its end, with milliseconds, search and a download", async () => {
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
      await page.getByRole("searchbox", { name: "Search the console" }).fill("line 42");
      await last.waitFor({ state: "detached" });
      const download = page.waitForEvent("download");
      await page.getByRole("button", { name: "Download" }).click();
      const text = await readFile(await (await download).path(), "utf8");
      expect(text.trimEnd().split("\n")).toHaveLength(200);
      expect(text).toMatch(/Z info line 42\n/);
      expect(problems).toEqual([]);
      await page.getByRole("searchbox", { name: "Search the console" }).fill("");
      await desk.instance.kill();
      await page.getByRole("alert").getByText("Duranium does not answer").first().waitFor();
      await desk.instance.start();
      await desk.instance.request("POST", `/executions/${id}/events/end`, { body: null });
      await console.getByText("line 200", { exact: true }).waitFor();
      await page.getByRole("alert").first().waitFor({ state: "detached" });
      expect(await console.getByText("line 199", { exact: true }).count()).toBe(1);
    });

    test("that wait for a callback show its address to keys that may manage them", async () => {
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
      const addresses = page.getByRole("list", { name: "Addresses of callbacks" });
      const url = (await addresses.locator("code").textContent()) ?? "";
      await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
      await addresses.getByRole("button", { name: /^Copy the address of callback 1/ }).click();
      await addresses.getByText("Copied").waitFor();
      expect(await page.evaluate("navigator.clipboard.readText()")).toBe(url);
      expect(await seriousFindings(page)).toEqual([]);
      const { body } = await desk.instance.request("POST", "/api-keys", {
        body: { name: "sender", scopes: ["workflows:read", "executions:read", "executions:run"] },
      });
      await using other = await desk.open({ key: body.key, path: `/app/executions/${id}` });
      await other.page.getByText("The address of the callback is not shown").waitFor();
      expect(await other.page.locator("body").textContent()).not.toContain("/callbacks/");
      expect((await fetch(url, { method: "POST" })).status).toBe(202);
      await page.getByRole("heading", { name: "called-back completed" }).waitFor();
      expect(await addresses.count()).toBe(0);
      expect(problems).toEqual([]);
    });

    test("show the status of a response that is large, and all of it when asked", async () => {
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
        const row = page.getByRole("button", { name: /^fetch GET .*HTTP 404/ }).nth(place);
        await row.click();
        await page.getByRole("button", { name: "Load it" }).click();
        await page.getByRole("group", { name: "Response" }).getByText("of the report").waitFor();
        await page.getByRole("group", { name: "Request" }).getByText("/report").waitFor();
        if (place === 0) await row.click();
      }
      expect(await seriousFindings(page)).toEqual([]);
      expect(problems).toEqual([]);
    });

    test("that did nothing say so once they have ended", async () => {
      await deploy(desk.instance, "idle", "export const run = () => 1;");
      const { executionId } = await execute(desk.instance, "idle");
      await using opened = await desk.open({ path: `/app/executions/${executionId}` });
      await opened.page.getByText("No operations", { exact: true }).waitFor();
      await opened.page.getByText(/^No lines:/).waitFor();
    });

    test("are paused, resumed, cancelled and deleted by buttons that ask where there is no way back", async () => {
      const id = await startExecution(desk.instance, "approval");
      await until(desk.instance, id, ({ waitingFor }) => waitingFor.length > 0);
      await using opened = await desk.open({ path: `/app/executions/${id}` });
      const { page } = opened;
      await page.getByRole("button", { name: "Pause" }).click();
      await page.getByRole("heading", { name: "approval paused" }).waitFor();
      await page.getByRole("button", { name: "Resume" }).click();
      await page.getByRole("button", { name: "Pause" }).waitFor();
      await page.getByRole("button", { name: "Cancel…" }).click();
      await page.getByRole("button", { name: "Cancel the execution" }).click();
      await page.getByRole("heading", { name: "approval cancelled" }).waitFor();
      await page.getByRole("button", { name: "Delete…" }).click();
      await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
      await page.waitForURL("**/app/executions");
      expect((await desk.instance.request("GET", `/executions/${id}`)).status).toBe(404);
    });

    test("are found by what the address says, and the list goes on by itself", async () => {
      await using opened = await desk.open({ path: "/app/executions" });
      const { page, problems } = opened;
      await page.getByLabel("Status").selectOption("failed");
      await page.getByLabel("Workflow", { exact: true }).fill("flaky");
      await page.keyboard.press("Enter");
      await page.waitForURL(/workflow(-contains)?=flaky&status=failed/);
      await page
        .getByRole("link", { name: /^flaky/ })
        .first()
        .waitFor();
      await page.goto("/app/executions?workflow=approval&status=suspended");
      await page.getByText("No execution is like this").waitFor();
      const id = await startExecution(desk.instance, "approval");
      await page.locator(`a[href$="${id}"]`).waitFor();
      expect(problems).toEqual([]);
    });

    test("that failed are selected, retried together and reported one by one, with errors in the list", async () => {
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
      await page.getByRole("search").getByLabel("Workflow", { exact: true }).fill("ulk-fla");
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
      await dialog.getByText("2 executions restarted, 1 refused.").waitFor();
      const report = dialog.getByRole("region", { name: "Report" });
      await report.getByText(/cannot be retried from a failed step.*Retry it from the start/).waitFor();
      expect(await seriousFindings(page)).toEqual([]);
      await report.getByText("Restarted as").first().getByRole("link").click();
      await page.getByRole("heading", { name: "bulk-flaky completed" }).waitFor();
      expect(problems).toEqual([]);
    });

    test("are opened by their id, or by a click anywhere in their row, and a cleared filter is empty", async () => {
      const { executionId } = await execute(desk.instance, "flaky", target.url);
      await using opened = await desk.open({ path: "/app/executions?status=failed" });
      const { page, problems } = opened;
      const field = (name: string) => page.getByRole("search").getByRole("textbox", { name });
      await page.getByLabel("Created").selectOption("between");
      await page.getByLabel("Until", { exact: true }).waitFor();
      expect(await page.evaluate(clippedTimes)).toEqual([false, false]);
      await page.getByLabel("Created").selectOption("");
      await field("Version").fill("latest");
      await page.keyboard.press("Enter");
      await page.getByText("A version is a number").waitFor();
      await page.getByRole("button", { name: "Clear" }).click();
      await page.getByText("A version is a number").waitFor({ state: "detached" });
      expect(await field("Version").inputValue()).toBe("");
      await field("Execution ID").fill("inv");
      await page.keyboard.press("Enter");
      await page.getByText("An execution ID looks like").waitFor();
      await field("Execution ID").fill(executionId);
      await page.keyboard.press("Enter");
      await page.waitForURL(`**/app/executions/${executionId}`);
      await page.goto("/app/executions?workflow=flaky");
      const row = page.getByRole("row").filter({ has: page.locator(`a[href$="${executionId}"]`) });
      await row.getByRole("cell").last().click({ force: true });
      await page.waitForURL(`**/app/executions/${executionId}`);
      expect(problems).toEqual([]);
    });

    test("that are forgotten say so, and where to go", async () => {
      await using opened = await desk.open({
        path: "/app/executions/inv_1gdJBtdVEcM942bjcDmb1c1khoaJe11Hbz",
      });
      await opened.page.getByText("There is no execution of this id").waitFor();
      await opened.page.getByRole("link", { name: "To the executions" }).click();
      await opened.page.getByRole("heading", { name: "Executions" }).waitFor();
    });
  });
}

/** Of each field for a time, whether it is narrower than a time needs. */
const clippedTimes = `[...document.querySelectorAll("input[type=datetime-local]")].map((input) => {
  const width = input.offsetWidth;
  input.style.width = "max-content";
  const needed = input.offsetWidth;
  input.style.width = "";
  return width < needed;
})`;
