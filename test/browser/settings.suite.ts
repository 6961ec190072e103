import type { BrowserContext, Locator } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import { seriousFindings } from "../support/browser.ts";
import { deploy, execute } from "../support/executions.ts";
import type { Desk } from "./desk.ts";

/** What is set for a workflow, and for the installation. */
export function describeSettings(desk: Desk): void {
  describe("settings", () => {
    beforeAll(async () => {
      await deploy(desk.instance, "configured", "export const run = (ctx, payload) => payload;");
    });

    test("make a key that is shown once, works at once, and opens nothing when it is revoked", async () => {
      await using opened = await desk.open({ path: "/app/settings" });
      const { page, problems } = opened;
      await page.getByRole("button", { name: "New key" }).click();
      const scopes = page.getByRole("group", { name: "May" });
      const chosen = scopes.getByRole("checkbox", { checked: true });
      while ((await chosen.count()) > 0) await chosen.first().uncheck();
      await page.getByRole("button", { name: "Create" }).click();
      expect(await errorAt(page.getByLabel("Name"))).toContain("use printable characters");
      await scopes.getByText("name one scope at least").waitFor();
      for (const scope of ["workflows:read", "executions:run"]) await scopes.getByLabel(scope).check();
      await page.getByLabel("Name").fill("ci");
      await page.getByLabel("Only for these workflows").fill("configured");
      await page.getByRole("button", { name: "Create" }).click();
      const dialog = page.getByRole("dialog", { name: "The key “ci”" });
      const key = (await dialog.locator("code").textContent()) ?? "";
      const asked = async () =>
        await fetch(`${desk.instance.url}/workflows/configured`, {
          headers: { authorization: `Bearer ${key}` },
        });
      expect((await asked()).status).toBe(200);
      await dialog.getByRole("button", { name: "Close" }).click();
      expect(await page.content()).not.toContain(key);
      await page.getByRole("button", { name: "Revoke… ci" }).click();
      await page.getByRole("dialog").getByRole("button", { name: "Revoke" }).click();
      await page.getByRole("row", { name: /^ci/ }).waitFor({ state: "detached" });
      expect((await asked()).status).toBe(401);
      await page.getByRole("link", { name: "Audit log" }).click();
      await page
        .getByRole("row", { name: /root revoke api key/ })
        .first()
        .waitFor();
      await page.getByLabel("Did").selectOption("deploy workflow");
      await page.getByLabel("Workflow", { exact: true }).fill("configured");
      await page.keyboard.press("Enter");
      await page.waitForURL("**/app/settings/audit-log?action=deployWorkflow&workflow=configured");
      const version = page.getByRole("link", { name: "configured, version 1" });
      await version.waitFor();
      expect(await page.getByRole("row").count()).toBe(2);
      await page.getByRole("link", { name: "root", exact: true }).click();
      await page.waitForURL("**actor=root**");
      expect(await seriousFindings(page)).toEqual([]);
      await version.click();
      await page.waitForURL("**/app/workflows/configured/versions");
      expect(problems).toEqual([]);
    });

    test("make a webhook whose address executes the workflow, and another one that replaces it", async () => {
      await using opened = await desk.open({ path: "/app/workflows/configured/settings" });
      const { page } = opened;
      await page.getByRole("button", { name: "New webhook" }).click();
      await page.getByRole("button", { name: "Create" }).click();
      const dialog = page.getByRole("dialog", { name: "The address of the webhook" });
      const first = (await dialog.locator("code").textContent()) ?? "";
      expect((await fetch(first, { method: "POST" })).status).toBe(202);
      await dialog.getByRole("button", { name: "Close" }).click();
      await page.getByRole("button", { name: "New address…" }).click();
      await page.getByRole("button", { name: "Give it another address" }).click();
      const second = (await dialog.locator("code").textContent()) ?? "";
      expect((await fetch(first, { method: "POST" })).status).toBe(404);
      expect((await fetch(second, { method: "POST" })).status).toBe(202);
    });

    test("take a secret in, and never show it", async () => {
      await using opened = await desk.open({ path: "/app/workflows/configured/settings" });
      const { page } = opened;
      await page.getByRole("button", { name: "Set a secret" }).click();
      const name = page.getByLabel("Name", { exact: true });
      const value = page.getByLabel("Value", { exact: true });
      const hosts = page.getByLabel("May be sent to");
      await name.fill("lower");
      await value.fill("short");
      await hosts.fill("api.stripe.com, http:/stripe");
      await page.getByRole("button", { name: "Set", exact: true }).click();
      expect(await errorAt(name)).toContain("use capital letters");
      expect(await errorAt(value)).toContain("characters or more");
      expect(await errorAt(hosts)).toContain('"http:/stripe" names no hosts');
      expect(await page.evaluate("document.activeElement.id")).toBe(await name.getAttribute("id"));
      expect(await page.getByRole("alert").count()).toBe(0);
      expect(await seriousFindings(page)).toEqual([]);
      await name.fill("STRIPE_KEY");
      expect(await name.getAttribute("aria-invalid")).toBe("false");
      await value.fill("sk_live_0123456789abcdef");
      await hosts.fill("api.stripe.com");
      await page.getByRole("button", { name: "Set", exact: true }).click();
      await page.getByRole("row", { name: /STRIPE_KEY api\.stripe\.com/ }).waitFor();
      expect(await page.content()).not.toContain("sk_live");
    });

    test("keep limits and egress, each without touching the other, and say what cannot be meant", async () => {
      await using opened = await desk.open({ path: "/app/workflows/configured/settings" });
      const { page } = opened;
      await page.getByRole("radio", { name: "These hosts only" }).check();
      await page.getByLabel("Hosts", { exact: true }).fill("api.stripe.com\n*.example.com");
      await page.getByRole("button", { name: "Save egress" }).click();
      await page.getByRole("status").getByText("The settings are saved.").waitFor();
      await page.getByLabel("Memory, MiB").fill("a lot");
      await page.getByRole("button", { name: "Save limits" }).click();
      expect(await errorAt(page.getByLabel("Memory, MiB"))).toContain("“a lot” is not a whole number");
      await page.getByLabel("Memory, MiB").fill("1000000");
      await page.getByLabel("Host calls at once").fill("1e12");
      await page.getByRole("button", { name: "Save limits" }).click();
      expect(await errorAt(page.getByLabel("Memory, MiB"))).toContain("allows");
      expect(await errorAt(page.getByLabel("Host calls at once"))).toContain("allows");
      await page.getByLabel("Memory, MiB").fill("32");
      await page.getByLabel("Host calls at once").fill("");
      await page.getByRole("button", { name: "Save limits" }).click();
      const kept = { egress: { allow: ["api.stripe.com", "*.example.com"] }, limits: { memoryMib: 32 } };
      await expect
        .poll(async () => (await desk.instance.request("GET", "/workflows/configured/settings")).body)
        .toEqual(kept);
      const tracing = page.getByRole("checkbox", { name: "Send traceparent with fetches" });
      for (const isSent of [true, false]) {
        await tracing.setChecked(isSent);
        await page.getByRole("button", { name: "Save tracing" }).click();
        await expect
          .poll(async () => (await desk.instance.request("GET", "/workflows/configured/settings")).body)
          .toEqual(isSent ? { ...kept, traceparent: true } : kept);
      }
    });

    test("remove old executions after a time, once it is confirmed, and leave the other settings alone", async () => {
      const path = "/workflows/configured/settings";
      await desk.instance.request("PUT", path, { body: { limits: { memoryMib: 32 } } });
      await using opened = await desk.open({ path: `/app${path}` });
      const { page, problems } = opened;
      const hours = page.getByRole("textbox", { name: "Hours after their end" });
      const save = page.getByRole("button", { name: "Save retention" });
      const settings = async () => (await desk.instance.request("GET", path)).body;
      await hours.fill("a day");
      await save.click();
      expect(await errorAt(hours)).toContain("“a day” is not a whole number");
      await hours.fill("721");
      await save.click();
      const dialog = page.getByRole("dialog", {
        name: "Remove executions that ended more than 721 hours ago?",
      });
      await dialog.getByRole("button", { name: "Remove them" }).click();
      await dialog.getByRole("alert").getByText("keeps executions for 720 hours").waitFor();
      await dialog.getByRole("button", { name: "Back" }).click();
      await hours.fill("1");
      await save.click();
      const confirm = page.getByRole("dialog", {
        name: "Remove executions that ended more than an hour ago?",
      });
      expect(await seriousFindings(page)).toEqual([]);
      expect(await settings()).toEqual({ limits: { memoryMib: 32 } });
      await confirm.getByRole("button", { name: "Remove them" }).click();
      await expect.poll(settings).toEqual({ limits: { memoryMib: 32 }, retentionHours: 1 });
      // To keep them for longer removes nothing, so nobody is asked.
      await hours.fill("");
      await save.click();
      await expect.poll(settings).toEqual({ limits: { memoryMib: 32 } });
      expect(problems).toEqual([]);
    });

    test("delete a workflow once its name was typed below a list of what goes with it", async () => {
      await deploy(desk.instance, "doomed", "export const run = () => 1;");
      await desk.instance.request("PUT", "/workflows/doomed/secrets/API_KEY", {
        body: { value: "0123456789abcdef", hosts: ["api.example.com"] },
      });
      await using opened = await desk.open({ path: "/app/workflows/doomed/settings" });
      const { page, problems } = opened;
      await page.getByRole("button", { name: "Delete doomed…" }).click();
      const dialog = page.getByRole("dialog", { name: "Delete doomed?" });
      const lost = dialog.getByRole("list", { name: "Deleted with the workflow" });
      await lost.getByText("1 version").waitFor();
      await lost.getByText("1 secret: API_KEY").waitFor();
      expect(await seriousFindings(page)).toEqual([]);
      const name = dialog.getByLabel("Type doomed to confirm");
      await name.fill("doome");
      await page.keyboard.press("Enter");
      await dialog.getByRole("button", { name: "Delete the workflow" }).click({ force: true });
      expect((await desk.instance.request("GET", "/workflows/doomed")).status).toBe(200);
      await name.fill("doomed");
      await page.keyboard.press("Enter");
      await page.getByRole("status").getByText("Workflow doomed deleted.").waitFor();
      expect((await desk.instance.request("GET", "/workflows/doomed")).status).toBe(404);
      expect(problems).toEqual([]);
    });

    test("warn before one's own key is revoked", async () => {
      const { body } = await desk.instance.request("POST", "/api-keys", {
        body: { name: "mine", scopes: ["workflows:read", "keys:manage"] },
      });
      await using opened = await desk.open({ key: body.key, path: "/app/settings/api-keys" });
      const { page } = opened;
      await page.getByRole("button", { name: "Revoke… mine" }).click();
      const dialog = page.getByRole("dialog", { name: "Revoke your own key “mine”?" });
      await dialog.getByText("You are logged in with this key.").waitFor();
      await dialog.getByLabel("Type mine to confirm").fill("mine");
      await dialog.getByRole("button", { name: "Revoke my key and log out" }).click();
      await page.waitForURL("**/app/login**");
    });

    test("and executions link to Restate's page, which shows the invocation, for a key that may manage all executions", async () => {
      const makeKey = async (permissions: object) =>
        (await desk.instance.request("POST", "/api-keys", { body: { name: "looker", ...permissions } })).body
          .key as string;
      const reading = ["workflows:read", "executions:read", "keys:manage"];
      const { executionId } = await execute(desk.instance, "configured", "linked");
      for (const [key, links] of [
        [desk.instance.rootKey, 1],
        [await makeKey({ scopes: reading }), 0],
        [await makeKey({ scopes: [...reading, "executions:manage"], workflows: ["configured"] }), 0],
      ] as const) {
        await using opened = await desk.open({ key, path: "/app/settings/about" });
        const { page, context } = opened;
        await page.getByText("openapi.json").waitFor();
        expect(await page.getByRole("link", { name: "Its own page" }).count()).toBe(links);
        await page.goto(`/app/executions/${executionId}`);
        await page.getByText("linked").first().waitFor();
        const link = page.getByRole("link", { name: "In Restate" });
        if (links === 1) await expectRestatePage(context, link, executionId);
        else expect(await link.count()).toBe(0);
      }
    });

    test("and all else of a workflow are kept from a key of others, which is told so", async () => {
      const { body } = await desk.instance.request("POST", "/api-keys", {
        body: { name: "of-others", scopes: ["workflows:read", "workflows:deploy"], workflows: ["others"] },
      });
      await using opened = await desk.open({ key: body.key, path: "/app/workflows/configured/settings" });
      const { page, problems } = opened;
      for (const tab of ["Editor", "Versions", "Executions", "Settings"]) {
        await page
          .getByRole("navigation", { name: "Of configured" })
          .getByRole("link", { name: tab })
          .click();
        await page.getByText("This is not for your API key").waitFor();
        await page.getByRole("navigation", { name: "Of configured" }).getByText(tab).waitFor();
        expect(await page.title()).toContain(tab);
      }
      expect(problems).toEqual([]);
    });

    test("say of each button that a key may not press why", async () => {
      const { body } = await desk.instance.request("POST", "/api-keys", {
        body: { name: "reader", scopes: ["workflows:read"] },
      });
      await using opened = await desk.open({ key: body.key, path: "/app/workflows/configured/settings" });
      const { page } = opened;
      const button = page.getByRole("button", { name: "Set a secret" });
      await button.click({ force: true });
      expect(await page.getByRole("dialog").count()).toBe(0);
      expect(await button.getAttribute("title")).toContain("secrets:write");
      for (const name of ["Save limits", "Save retention"]) {
        expect(await page.getByRole("button", { name }).getAttribute("title")).toContain("workflows:deploy");
      }
      await page.getByRole("link", { name: "Executions" }).first().click();
      await page.getByText("lacks the scope executions:read").waitFor();
      await page.getByRole("link", { name: "Settings" }).first().click();
      await page.getByText("lacks the scope keys:manage").waitFor();
    });
  });
}

/** What is said to be wrong at a field, as those hear it who come to the field. */
async function errorAt(field: Locator): Promise<unknown> {
  await expect.poll(async () => await field.getAttribute("aria-invalid")).toBe("true");
  const id = await field.getAttribute("aria-describedby");
  return await field.page().locator(`[id="${id}"]`).textContent();
}

/** Follows the link: Restate's page shows the invocation, its journal comes from Restate, and it reaches nothing of ours. */
async function expectRestatePage(context: BrowserContext, link: Locator, executionId: string): Promise<void> {
  const opening = context.waitForEvent("page");
  await link.click();
  const restate = await opening;
  const problems: string[] = [];
  restate.on("pageerror", (error) => problems.push(error.message));
  restate.on("console", (message) => {
    if (message.type() === "error") problems.push(message.text());
  });
  // The first entry of the journal of an execution.
  await restate.getByText('"current"').first().waitFor();
  expect(new URL(restate.url()).pathname).toBe(`/ui/invocations/${executionId}`);
  expect(problems).toEqual([]);
  expect(await restate.evaluate(reachFromRestatePage)).toEqual({
    request: "refused",
    script: "refused",
    window: "refused",
  });
}

/** What a script in Restate's page could try: to ask our API, to run what it shows, and to look into a window of ours. */
const reachFromRestatePage = `(async () => {
  const outcome = async (attempt) => {
    try {
      return await attempt();
    } catch {
      return "refused";
    }
  };
  return {
    request: await outcome(
      () =>
        new Promise((resolve, reject) => {
          const request = new XMLHttpRequest();
          request.onload = () => resolve("answered " + request.status);
          request.onerror = reject;
          request.open("GET", "/workflows");
          request.send();
        }),
    ),
    script: await outcome(() => {
      const script = document.createElement("script");
      script.textContent = "window.hasRun = true";
      document.body.append(script);
      return window.hasRun === true ? "run" : "refused";
    }),
    window: await outcome(async () => {
      const opened = window.open("/workflows");
      for (let tries = 0; tries < 100 && opened !== null && !opened.closed; tries++) {
        await new Promise((resolve) => setTimeout(resolve, 50));
        const text = opened.document.body?.innerText ?? "";
        if (text !== "") return text;
      }
      return "refused";
    }),
  };
})()`;
