import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { begin, deploy, execute, until } from "../support/executions.ts";
import { startTarget } from "../support/target.ts";
import type { Target } from "../support/target.ts";
import type { Desk } from "./page.test.ts";

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
      const id = await begin(desk.instance, "approval", { amount: 80 });
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
      await page.getByRole("button", { name: /^fetch POST .*\/shipments.* succeeded/ }).click();
      await page.getByRole("group", { name: "Response" }).getByText("503").waitFor();

      isDown = false;
      const before = target.count("GET /stock");
      await page.getByRole("button", { name: "Retry…" }).click();
      await page.getByRole("radio", { name: /At the step that failed/ }).check();
      await page.getByRole("dialog").getByRole("button", { name: "Retry" }).click();
      await page.getByRole("heading", { name: "flaky completed" }).waitFor();
      expect(page.url()).not.toContain(failed.executionId);
      expect(await page.getByRole("button", { name: /^fetch GET .* kept from the execution/ }).count()).toBe(
        2,
      );
      expect(target.count("GET /stock")).toBe(before);
      await page.getByRole("link", { name: /^inv_/ }).click();
      await page.waitForURL(`**/${failed.executionId}`);
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
      expect(await rows.last().textContent()).toMatch(/shipments.*ms.*succeeded/);
    });

    test("are paused, resumed, cancelled and deleted by buttons that ask where there is no way back", async () => {
      const id = await begin(desk.instance, "approval");
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
      await page.waitForURL("**/app/executions?workflow=flaky&status=failed");
      await page
        .getByRole("link", { name: /^flaky/ })
        .first()
        .waitFor();
      await page.goto("/app/executions?workflow=approval&status=suspended");
      await page.getByText("No execution is like this").waitFor();
      const id = await begin(desk.instance, "approval");
      await page.locator(`a[href$="${id}"]`).waitFor();
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
