import { describe, expect, test } from "vitest";
import { seriousFindings } from "../support/browser.ts";
import { deploy, execute } from "../support/executions.ts";
import { startTarget } from "../support/target.ts";
import type { Desk } from "./desk.ts";

/** What an operator looks at: failures by cause, alerts, and the overview. */
export function describeOperations(desk: Desk): void {
  describe("operations", () => {
    test("failures are grouped by cause, and forked and retried in bulk", async () => {
      const failing = `export async function run(ctx, payload) {
        throw new RangeError("order " + payload + " is unknown");
      }`;
      await deploy(desk.instance, "by-cause", failing);
      for (const order of [4711, 4712, 4713]) await execute(desk.instance, "by-cause", order);
      await deploy(desk.instance, "by-cause", `export const run = () => "fixed";`);
      await using opened = await desk.open({ path: "/app/failures?workflow=by-cause" });
      const { page, problems } = opened;
      const cause = page.getByRole("button", { name: /^RangeError: order \S+ is unknown/ });
      await cause.waitFor();
      await expect
        .poll(async () => await page.getByRole("row", { name: /^RangeError/ }).textContent())
        .toMatch(/workflow\.ts:2.*by-cause.*3/);
      await cause.click();
      await page.getByRole("link", { name: "All failed executions of by-cause" }).waitFor();
      expect(await seriousFindings(page)).toEqual([]);
      await page.getByRole("button", { name: "Fork…" }).click();
      const forking = page.getByRole("dialog", { name: "Fork RangeError of by-cause" });
      await forking.getByRole("button", { name: "Check" }).click();
      await forking.getByText("3 executions can be forked").waitFor();
      await forking.getByLabel("At most").fill("1");
      await forking.getByRole("button", { name: "Fork", exact: true }).click();
      await forking.getByText("1 execution forked, 0 failed.").waitFor();
      await forking.getByRole("button", { name: "Close" }).click();
      await page.getByRole("button", { name: "Retry…" }).click();
      const dialog = page.getByRole("dialog", { name: "Retry RangeError of by-cause" });
      await dialog.getByRole("radio", { name: "The beginning" }).check();
      await dialog.getByLabel("At most").fill("2");
      expect(await seriousFindings(page)).toEqual([]);
      await dialog.getByRole("button", { name: "Retry" }).click();
      await dialog.getByText("2 executions retried, 0 failed.").waitFor();
      await dialog.getByText("Retried as").first().getByRole("link").click();
      await page.getByRole("heading", { name: "by-cause completed" }).waitFor();
      expect(problems).toEqual([]);
    });

    test("an alert rule is created, tested, changed and deleted, and its alerts are listed", async () => {
      await deploy(desk.instance, "on-call", "export const run = (ctx, alert) => alert;");
      await using opened = await desk.open({ path: "/app/alerts/rules" });
      const { page, problems } = opened;
      await page.getByRole("button", { name: "New rule" }).click();
      const dialog = page.getByRole("dialog", { name: "New alert rule" });
      await dialog.getByLabel("When").selectOption({ label: "The failure rate is high" });
      await dialog.getByRole("group", { name: "Channel 1" }).getByLabel("Kind").selectOption("workflow");
      await dialog.getByRole("group", { name: "Channel 1" }).getByLabel("Workflow").fill("on-call");
      expect(await seriousFindings(page)).toEqual([]);
      await dialog.getByRole("button", { name: "Create rule" }).click();
      await dialog.getByText(/^Start with a lower-case letter/).waitFor();
      await dialog.getByLabel("ID", { exact: true }).fill("many-fail");
      await dialog.getByRole("button", { name: "Create rule" }).click();
      const row = page.getByRole("row", { name: /^many-fail 20 % or more fail within 15 minutes/ });
      await row.waitFor();
      expect(await seriousFindings(page)).toEqual([]);
      await row.getByRole("button", { name: "Send test" }).click();
      await page.getByRole("link", { name: "Sent" }).click();
      await page.getByRole("row", { name: /test.*delivered Workflow on-call/ }).waitFor();
      expect(await seriousFindings(page)).toEqual([]);
      await page.getByRole("link", { name: "Rules" }).click();
      await row.getByRole("button", { name: "Edit…" }).click();
      const editing = page.getByRole("dialog", { name: "Edit many-fail" });
      await editing.getByLabel("Failure rate, %").fill("50");
      await editing.getByRole("button", { name: "Save rule" }).click();
      const changed = page.getByRole("row", { name: /^many-fail 50 % or more/ });
      await changed.getByRole("button", { name: "Delete…" }).click();
      await page.getByRole("dialog").getByRole("button", { name: "Delete rule" }).click();
      await changed.waitFor({ state: "detached" });
      expect(problems).toEqual([]);
    });

    test("a delivery that fails is listed with its reason and the next attempt, and sent again by hand", async () => {
      let isUp = false;
      await using receiver = await startTarget({
        "POST /alerts": (_request, response) => {
          response.statusCode = isUp ? 200 : 503;
          return {};
        },
      });
      const body = {
        name: "Hook",
        on: { kind: "first-failure" },
        channels: [{ kind: "webhook", url: `${receiver.url}/alerts` }],
      };
      await desk.instance.request("PUT", "/alerts/rules/hook", { body });
      await desk.instance.request("POST", "/alerts/rules/hook/test", {});
      await using opened = await desk.open({ path: "/app/alerts/sent" });
      const { page, problems } = opened;
      const row = page.getByRole("row", { name: /^Hook test/ });
      await row.getByText(/503/).waitFor();
      await row.getByText(/^next in /).waitFor();
      isUp = true;
      await row.getByRole("button", { name: "Send again" }).click();
      await row.getByText("delivered").waitFor();
      expect(await row.getByRole("button", { name: "Send again" }).count()).toBe(0);
      await desk.instance.request("DELETE", "/alerts/rules/hook");
      expect(problems).toEqual([]);
    });

    test("the overview is the home, and names what fails", async () => {
      await deploy(desk.instance, "sick", `export const run = () => { throw new Error("no stock"); };`);
      for (let count = 0; count < 3; count++) await execute(desk.instance, "sick");
      await using opened = await desk.open({ path: "/" });
      const { page, problems } = opened;
      await page.getByRole("heading", { name: "Overview" }).waitFor();
      await page.getByRole("group", { name: "Period" }).getByRole("button", { name: "Hour" }).click();
      await page.waitForURL("**/app/overview?window=PT1H");
      const failing = page.getByRole("region", { name: "Failing workflows" });
      await failing.getByText("Error: no stock").waitFor();
      await page
        .getByRole("region", { name: "Recent deploys" })
        .getByRole("link", { name: "sick 1" })
        .waitFor();
      await page.getByRole("img", { name: /^Ended executions over time: \d+ completed/ }).waitFor();
      await page.getByRole("img", { name: /^Duration over time: median/ }).waitFor();
      expect(await seriousFindings(page)).toEqual([]);
      await failing.getByRole("link", { name: "sick" }).click();
      await page.getByRole("button", { name: /^Error: no stock/ }).waitFor();
      expect(problems).toEqual([]);
    });
  });
}
