import type { Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import { seriousFindings } from "../support/browser.ts";
import { startExecution, deploy, execute, until } from "../support/executions.ts";
import type { Desk } from "./desk.ts";

/** Every view, by what it shows when it is there. */
const views = [
  ["/app/login", "API key"],
  ["/app/workflows", "seen"],
  ["/app/workflows/seen/executions", "completed"],
  ["/app/workflows/seen/settings", "Save limits"],
  ["/app/executions", "seen"],
  ["/app/executions/:failed", "in version 1"],
  ["/app/executions/:waiting", "Waits for"],
  ["/app/settings/api-keys", "watched"],
  ["/app/settings/audit-log", "deploy workflow"],
  ["/app/settings/about", "0.1.0"],
  ["/app/nowhere", "nothing at this address"],
] as const;

/** What holds for all views. */
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
    });
    const addressOf = (path: string) => path.replace(/:(\w+)/, (_all, name: string) => ids[name] ?? "");

    test.each([
      ["light", 1280],
      ["dark", 360],
    ] as const)("gives axe nothing serious to say, and fits, in %s on %d pixels", async (theme, width) => {
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

    test("is reached and used by keyboard alone, with the focus where one has come to", async () => {
      await using opened = await desk.open();
      const { page } = opened;
      await page.getByRole("heading", { name: "Workflows" }).waitFor();
      await page.keyboard.press("Tab");
      expect(await focused(page)).toBe("Skip to the content");
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
      await page.getByText("Began").first().waitFor();
    });

    test("is looked at dark by whoever chose so, and remembers nothing but that", async () => {
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

    test("says that the server does not answer, where it does not, and goes on when it does", async () => {
      await using opened = await desk.open({ path: "/app/executions" });
      const { page, context } = opened;
      await page.getByRole("link", { name: /^seen/ }).first().waitFor();
      await context.setOffline(true);
      await page.getByRole("link", { name: "Settings" }).click();
      await page.getByRole("alert").getByText("A part of it could not be loaded").waitFor();
      await page.getByRole("link", { name: "Executions" }).click();
      await page.getByRole("alert").getByText("Duranium does not answer").waitFor();
      expect(await page.getByRole("link", { name: /^seen/ }).count()).toBeGreaterThan(0);
      await context.setOffline(false);
      await page.getByRole("alert").waitFor({ state: "detached" });
    });

    test("leads somewhere from a workflow that nobody has begun, and offers nothing to be done to it", async () => {
      await using opened = await desk.open({ path: "/app/workflows/not-begun/settings" });
      const { page, problems } = opened;
      await page.getByText("There is no workflow not-begun yet").waitFor();
      expect(await page.getByRole("button", { name: /^Delete/ }).count()).toBe(0);
      await page.goto("/app/workflows/not-begun/versions");
      await page.getByText("There is no version yet").waitFor();
      await page.goto("/app/workflows/not-begun/executions");
      await page.getByText("No executions yet").waitFor();
      await page.getByRole("link", { name: "To the editor" }).click();
      await page.getByRole("button", { name: "Begin not-begun" }).waitFor();
      await page.goto("/app/workflows/No_Name/settings");
      await page.getByText("nothing at this address").waitFor();
      expect(problems).toEqual([]);
    });

    test("finds workflows on all pages of them, and calls none undeployed that is", async () => {
      const draft = { files: { "workflow.ts": "" }, entry: "workflow.ts" };
      await deploy(desk.instance, "zz-last", "export const run = () => 1;");
      for (const workflowId of ["zz-last", "aa-draft"])
        await desk.instance.request("PUT", `/workflows/${workflowId}/draft`, {
          headers: { "if-none-match": "*" },
          body: draft,
        });
      await using opened = await desk.open({ path: "/app/settings/about" });
      const { page, problems } = opened;
      // What there is when there are many.
      await page.route("**/workflows?recent=*", async (route) => {
        await route.continue({ url: `${route.request().url()}&limit=1` });
      });
      await page.getByRole("link", { name: "Workflows", exact: true }).click();
      await page.getByRole("row", { name: /^aa-draft.*Not deployed yet/ }).waitFor();
      await page.getByRole("button", { name: "Show more" }).waitFor();
      expect(await page.getByRole("row", { name: /^zz-last/ }).count()).toBe(0);
      await page.getByLabel("Search by name").fill("zz");
      await page.getByRole("row", { name: /^zz-last 1 / }).waitFor();
      await page.getByLabel("Search by name").fill("nowhere");
      await page.getByText("No workflow has “nowhere” in its name.").waitFor();
      expect(problems).toEqual([]);
    });

    test("says what cannot be looked for, and asks nobody for it", async () => {
      await using opened = await desk.open({ path: "/app/executions" });
      const { page, problems } = opened;
      const wrong = [
        ["Workflow", "No Name", "Names consist of a-z"],
        ["Version", "latest", "A version is a number"],
        ["Entry point", "-x", "An entry point has"],
      ] as const;
      for (const [label, text, why] of wrong) {
        const field = page.getByRole("search").getByRole(label === "Workflow" ? "combobox" : "textbox", {
          name: label,
        });
        await field.fill(text);
        await page.keyboard.press("Enter");
        await page.getByText(why).waitFor();
        expect(await field.inputValue()).toBe(text);
        await field.fill("");
        await page.keyboard.press("Enter");
        await page.getByText(why).waitFor({ state: "detached" });
      }
      await page.goto("/app/executions?workflow=No%20Name");
      await page.getByRole("link", { name: /^seen/ }).first().waitFor();
      expect(problems).toEqual([]);
    });

    test("loads less than 200 KB when it is the first", async () => {
      await using opened = await desk.open();
      await opened.page.getByText("seen").first().waitFor();
      await opened.page.waitForLoadState("networkidle");
      expect(opened.transferredBytes()).toBeGreaterThan(50_000);
      expect(opened.transferredBytes()).toBeLessThan(200_000);
    });
  });
}

const cutOff =
  "[...document.querySelectorAll('.table-scroll')].some((table) => table.scrollWidth > table.clientWidth)";

/** What the element with the focus is called. */
async function focused(page: Page): Promise<string> {
  return await page.evaluate<string>("document.activeElement?.textContent?.trim() ?? ''");
}

/** Goes on with the tab key until something of this name has the focus. */
async function tabTo(page: Page, name: RegExp): Promise<void> {
  for (let presses = 0; presses < 60; presses++) {
    await page.keyboard.press("Tab");
    if (name.test(await focused(page))) return;
  }
  throw new Error(`the tab key does not lead to ${name}: it is at ${await focused(page)}`);
}
