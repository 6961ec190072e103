import type { Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import { seriousFindings } from "../support/browser.ts";
import { startExecution, deploy, execute, until } from "../support/executions.ts";
import type { Desk } from "./desk.ts";

/** Every view, with a text that it shows once it has loaded. */
const views = [
  ["/app/login", "API key"],
  ["/app/overview", "Failing workflows"],
  ["/app/failures", "RangeError"],
  ["/app/alerts/sent", "Rules"],
  ["/app/alerts/rules", "New rule"],
  ["/app/workflows", "seen"],
  ["/app/workflows/seen/executions", "completed"],
  ["/app/workflows/seen/settings", "Save limits"],
  ["/app/executions", "seen"],
  ["/app/executions/:failed", "in version 1"],
  ["/app/executions/:waiting", "Waits for"],
  ["/app/queues", "Executions and requests that limits hold back."],
  ["/app/schedules", "At 02:30"],
  ["/app/schedules/viewed", "Next runs"],
  ["/app/schedules/new", "Cron patterns"],
  ["/app/settings/api-keys", "watched"],
  ["/app/settings/audit-log", "deploy workflow"],
  ["/app/settings/engines", "with the release"],
  ["/app/settings/about", "0.1.0"],
  ["/app/nowhere", "Page not found"],
] as const;

/** Properties of all views. */
export function describeViews(desk: Desk): void {
  describe("every view", () => {
    const ids: Record<string, string> = {};
    beforeAll(async () => {
      await deploy(
        desk.instance,
        "seen",
        `export async function run(ctx, payload) {
          console.warn("looked at", payload);
          if (payload === "wait") await ctx.waitForEvent("seen", { timeout: "3d" });
          await ctx.sleep(5);
          if (payload === "fail") throw new RangeError("it was to fail");
          return { payload };
        }`,
      );
      await execute(desk.instance, "seen", { some: ["value", 1, null, true] });
      ids["failed"] = (await execute(desk.instance, "seen", "fail")).executionId;
      ids["waiting"] = await startExecution(desk.instance, "seen", "wait");
      await until(desk.instance, ids["waiting"], ({ waitingFor }) => waitingFor.length > 0);
      await desk.instance.request("POST", "/api-keys", { body: { name: "watched" } });
      const spec = { cron: ["30 2 * * *"], timeZone: "Europe/Berlin" };
      await desk.instance.request("PUT", "/schedules/viewed", { body: { workflowId: "seen", spec } });
    });
    const addressOf = (path: string) => path.replace(/:(\w+)/, (_all, name: string) => ids[name] ?? "");

    test.each([
      ["light", 1280],
      ["dark", 360],
    ] as const)("every view passes axe and fits in %s mode at %d pixels", async (theme, width) => {
      await using opened = await desk.open({ theme, width });
      const { page, problems } = opened;
      const found: Record<string, unknown> = {};
      for (const [path, shown] of views) {
        await page.goto(addressOf(path));
        await page.getByText(shown).filter({ visible: true }).first().waitFor();
        const findings = await seriousFindings(page);
        if (findings.length > 0) found[path] = findings;
        if (await page.evaluate(`document.documentElement.scrollWidth > ${width}`)) found[path] = "too wide";
        if (await page.evaluate(cutOff)) found[path] = "has a table of which a part is out of sight";
        if (!(await page.title()).endsWith(" · Duranium")) found[path] = "has no title of its own";
      }
      expect(found).toEqual({});
      expect(problems).toEqual([]);
    });

    test("views are reached and used by keyboard, and the focus follows navigation", async () => {
      await using opened = await desk.open();
      const { page } = opened;
      await page.getByRole("heading", { name: "Workflows" }).waitFor();
      await page.keyboard.press("Tab");
      expect(await focused(page)).toBe("Skip to content");
      await page.keyboard.press("Enter");
      await tabTo(page, /^New workflow$/);
      await page.keyboard.press("Enter");
      await page.getByRole("dialog", { name: "New workflow" }).waitFor();
      await page.keyboard.press("Escape");
      expect(await focused(page)).toBe("New workflow");
      await page.keyboard.press("Shift+Tab");
      await page.goto("/app/workflows");
      await tabTo(page, /^Executions$/);
      await page.keyboard.press("Enter");
      await page.getByRole("heading", { name: "Executions" }).waitFor();
      await expect.poll(async () => await focused(page)).toBe("Executions");
      await page.getByRole("link", { name: /^seen/ }).first().waitFor();
      await tabTo(page, /^seen/);
      await page.keyboard.press("Enter");
      await page.waitForURL("**/app/executions/inv_*");
      await page.getByRole("heading", { name: "Timeline" }).waitFor();
      await tabTo(page, /^sleep|^wait/);
      await page.keyboard.press("Enter");
      await page.waitForURL(/\?step=\d+$/);
    });

    test("the dark theme is stored, and nothing else is", async () => {
      await using opened = await desk.open();
      const { page } = opened;
      await page.getByRole("button", { name: /^Account/ }).click();
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("Enter");
      await page.reload();
      await page.getByRole("heading", { name: "Workflows" }).waitFor();
      expect(await page.evaluate("getComputedStyle(document.documentElement).colorScheme")).toBe("dark");
      expect(await page.evaluate("JSON.stringify(localStorage)")).toBe('{"duranium.theme":"dark"}');
    });

    test("an unreachable server is reported until it responds again", async () => {
      // Whose code for the settings is not loaded yet.
      await using opened = await desk.open({ path: "/app/executions", isColdStart: true });
      const { page, context } = opened;
      await page.getByRole("link", { name: /^seen/ }).first().waitFor();
      await context.setOffline(true);
      await page.getByRole("link", { name: "Settings" }).click();
      await page.getByRole("alert").getByText("Failed to load").waitFor();
      await page.getByRole("link", { name: "Executions" }).click();
      await page.getByRole("alert").getByText("Cannot reach the server").waitFor();
      expect(await page.getByRole("link", { name: /^seen/ }).count()).toBeGreaterThan(0);
      await context.setOffline(false);
      await page.getByRole("alert").waitFor({ state: "detached" });
    });

    test("an unknown workflow offers no actions but a link to the editor", async () => {
      await using opened = await desk.open({ path: "/app/workflows/not-started/settings" });
      const { page, problems } = opened;
      await page.getByText("Workflow not-started not found").waitFor();
      expect(await page.getByRole("button", { name: /^Delete/ }).count()).toBe(0);
      await page.goto("/app/workflows/not-started/versions");
      await page.getByText("No versions yet").waitFor();
      await page.goto("/app/workflows/not-started/executions");
      await page.getByText("No executions yet").waitFor();
      await page.getByRole("link", { name: "Open editor" }).click();
      await page.getByRole("button", { name: "Create not-started" }).waitFor();
      await page.goto("/app/workflows/No_Name/settings");
      await page.getByText("Page not found").first().waitFor();
      expect(problems).toEqual([]);
    });

    test("the search finds workflows on all pages and never shows a deployed one as not deployed", async () => {
      const draft = { files: { "workflow.ts": "" }, entry: "workflow.ts" };
      await deploy(desk.instance, "zz-last", "export const run = () => 1;");
      for (const workflowId of ["zz-last", "aa-draft"])
        await desk.instance.request("PUT", `/workflows/${workflowId}/draft`, {
          headers: { "if-none-match": "*" },
          body: draft,
        });
      await using opened = await desk.open({ path: "/app/settings/about" });
      const { page, problems } = opened;
      // One workflow per page, as with many workflows.
      await page.route("**/workflows?recent=*", async (route) => {
        await route.continue({ url: `${route.request().url()}&limit=1` });
      });
      await page.getByRole("link", { name: "Workflows", exact: true }).click();
      await page.getByRole("row", { name: /^aa-draft.*Not deployed yet/ }).waitFor();
      await page.getByRole("button", { name: "Load more" }).waitFor();
      expect(await page.getByRole("row", { name: /^zz-last/ }).count()).toBe(0);
      await page.getByLabel("Search by name").fill("zz");
      await page.getByRole("row", { name: /^zz-last 1 / }).waitFor();
      await page.getByLabel("Search by name").fill("nowhere");
      await page.getByText("No workflow name contains “nowhere”.").waitFor();
      expect(problems).toEqual([]);
    });

    test("an invalid filter is reported at its field and is not sent", async () => {
      await using opened = await desk.open({ path: "/app/executions" });
      const { page, problems } = opened;
      const wrong = [
        ["Workflow", "No Name", "Use a-z, 0-9"],
        ["Version", "latest", "Enter a version number"],
        ["Entry point", "-x", "Start with a letter or digit"],
      ] as const;
      for (const [label, text, why] of wrong) {
        await page.getByRole("search").getByRole("button", { name: label }).click();
        const field = page.getByRole("search").getByRole(label === "Workflow" ? "combobox" : "textbox", {
          name: label,
        });
        await field.fill(text);
        await page.keyboard.press("Enter");
        await page.getByText(why).waitFor();
        expect(await field.inputValue()).toBe(text);
        await page.keyboard.press("Escape");
        await page.getByText(why).waitFor({ state: "detached" });
      }
      await page.goto("/app/executions?workflow=No%20Name");
      await page.getByRole("link", { name: /^seen/ }).first().waitFor();
      expect(problems).toEqual([]);
    });

    test("the first view loads less than 200 KB", async () => {
      await using opened = await desk.open({ isColdStart: true });
      await opened.page.getByText("seen").first().waitFor();
      await opened.page.waitForLoadState("networkidle");
      expect(opened.transferredBytes()).toBeGreaterThan(50_000);
      expect(opened.transferredBytes()).toBeLessThan(200_000);
    });
  });
}

const cutOff =
  "[...document.querySelectorAll('.table-scroll')].some((table) => table.scrollWidth > table.clientWidth)";

/** The text of the focused element. */
async function focused(page: Page): Promise<string> {
  return await page.evaluate<string>("document.activeElement?.textContent?.trim() ?? ''");
}

/** Presses Tab until an element with this text has the focus. */
async function tabTo(page: Page, name: RegExp): Promise<void> {
  for (let presses = 0; presses < 60; presses++) {
    await page.keyboard.press("Tab");
    if (name.test(await focused(page))) return;
  }
  throw new Error(`Cannot reach ${name} with Tab: the focus is at ${await focused(page)}`);
}
