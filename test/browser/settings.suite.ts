import { readFile } from "node:fs/promises";
import type { BrowserContext, Locator } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import { seriousFindings } from "../support/browser.ts";
import { deploy, execute } from "../support/executions.ts";
import { tinyEngine } from "../support/tiny-engine.ts";
import type { Desk } from "./desk.ts";

/** Settings of a workflow and of the installation. */
export function describeSettings(desk: Desk): void {
  describe("settings", () => {
    beforeAll(async () => {
      await deploy(desk.instance, "configured", "export const run = (ctx, payload) => payload;");
    });

    test("a new API key is shown once, works immediately, and is rejected after it is revoked", async () => {
      await using opened = await desk.open({ path: "/app/settings" });
      const { page, problems } = opened;
      await page.getByRole("button", { name: "New key" }).click();
      const scopes = page.getByRole("group", { name: "Scopes" });
      const chosen = scopes.getByRole("checkbox", { checked: true });
      while ((await chosen.count()) > 0) await chosen.first().uncheck();
      await page.getByRole("button", { name: "Create" }).click();
      expect(await errorAt(page.getByLabel("Name"))).toContain("use printable characters");
      await scopes.getByText("name one scope at least").waitFor();
      for (const scope of ["workflows:read", "executions:run"]) await scopes.getByLabel(scope).check();
      await page.getByLabel("Name").fill("ci");
      await page.getByLabel("Limit to workflows").fill("configured");
      await page.getByRole("button", { name: "Create" }).click();
      const dialog = page.getByRole("dialog", { name: "Key “ci”" });
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
      await page.getByLabel("Action").selectOption("deploy workflow");
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

    test("an engine is imported from a file, exported unchanged, and removed", async () => {
      const { bytes } = await tinyEngine({ languageVersion: "3.0.8" });
      await using opened = await desk.open({ path: "/app/settings/engines" });
      const { page, problems } = opened;
      const buffer = Buffer.from(bytes);
      const file = { name: "python.engine", mimeType: "application/octet-stream", buffer };
      await page.getByLabel("Engine file").setInputFiles(file);
      const row = page.getByRole("row", { name: /^Python current 3\.0\.8/ });
      await row.waitFor();
      const downloading = page.waitForEvent("download");
      await row.getByRole("button", { name: "Export" }).click();
      const download = await downloading;
      expect(download.suggestedFilename()).toBe("python-3.0.8.engine");
      expect(Buffer.compare(await readFile(await download.path()), bytes)).toBe(0);
      await row.getByRole("button", { name: "Remove…" }).click();
      await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
      await row.waitFor({ state: "detached" });
      expect(problems).toEqual([]);
    });

    test("a webhook URL executes the workflow until it is rotated", async () => {
      await using opened = await desk.open({ path: "/app/workflows/configured/settings" });
      const { page } = opened;
      await page.getByRole("button", { name: "New webhook" }).click();
      await page.getByLabel("Name", { exact: true }).fill("shop");
      await page.getByRole("button", { name: "Create" }).click();
      const dialog = page.getByRole("dialog", { name: "Webhook URL" });
      const first = (await dialog.locator("code").textContent()) ?? "";
      expect((await fetch(first, { method: "POST" })).status).toBe(202);
      await dialog.getByRole("button", { name: "Close" }).click();
      await page.getByRole("button", { name: "Rotate URL…" }).click();
      await page.getByRole("button", { name: "Rotate URL", exact: true }).click();
      const second = (await dialog.locator("code").textContent()) ?? "";
      expect((await fetch(first, { method: "POST" })).status).toBe(404);
      expect((await fetch(second, { method: "POST" })).status).toBe(202);
      await dialog.getByRole("button", { name: "Close" }).click();

      await page.getByRole("row", { name: /^shop Not signed/ }).waitFor();
      await page.getByRole("button", { name: "Rename…" }).click();
      await page.getByLabel("Name", { exact: true }).fill("web shop");
      await page.getByRole("button", { name: "Rename", exact: true }).click();
      await page.getByRole("row", { name: /^web shop Not signed/ }).waitFor();
      const invalid = { method: "POST", headers: { "content-type": "application/json" }, body: "{" };
      expect((await fetch(second, invalid)).status).toBe(400);
      await page.getByRole("button", { name: "Deliveries" }).click();
      const deliveries = page.getByRole("dialog", { name: "Deliveries of web shop" });
      await deliveries
        .getByRole("row", { name: /^accepted .* 202/ })
        .nth(1)
        .waitFor();
      await deliveries.getByRole("row", { name: /^rejected .* 400 invalid-json/ }).waitFor();
      expect(await seriousFindings(page)).toEqual([]);
      await deliveries.getByRole("link").first().click();
      await page.getByRole("heading", { name: "configured completed" }).waitFor();
    });

    test("a secret is set and never shown", async () => {
      await using opened = await desk.open({ path: "/app/workflows/configured/settings" });
      const { page } = opened;
      await page.getByRole("button", { name: "Set secret" }).click();
      const name = page.getByLabel("Name", { exact: true });
      const value = page.getByLabel("Value", { exact: true });
      const hosts = page.getByLabel("Allowed hosts");
      await name.fill("lower");
      await value.fill("short");
      await hosts.fill("api.stripe.com, http:/stripe");
      await page.getByRole("button", { name: "Set", exact: true }).click();
      expect(await errorAt(name)).toContain("use capital letters");
      expect(await errorAt(value)).toContain("characters or more");
      expect(await errorAt(hosts)).toContain('Invalid host pattern "http:/stripe"');
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

    test("limits, egress and tracing are saved independently, and invalid values are reported at their fields", async () => {
      await using opened = await desk.open({ path: "/app/workflows/configured/settings" });
      const { page } = opened;
      await page.getByRole("radio", { name: "Only these hosts" }).check();
      await page.getByLabel("Hosts", { exact: true }).fill("api.stripe.com\n*.example.com");
      await page.getByRole("button", { name: "Save egress" }).click();
      await page.getByRole("status").getByText("Settings saved").waitFor();
      await page.getByLabel("Memory, MiB").fill("a lot");
      await page.getByRole("button", { name: "Save limits" }).click();
      expect(await errorAt(page.getByLabel("Memory, MiB"))).toContain("“a lot” is not a whole number");
      await page.getByLabel("Memory, MiB").fill("1000000");
      await page.getByLabel("Concurrent host calls").fill("1e12");
      await page.getByRole("button", { name: "Save limits" }).click();
      expect(await errorAt(page.getByLabel("Memory, MiB"))).toContain("the maximum of this installation is");
      expect(await errorAt(page.getByLabel("Concurrent host calls"))).toContain(
        "the maximum of this installation is",
      );
      await page.getByLabel("Memory, MiB").fill("32");
      await page.getByLabel("Concurrent host calls").fill("");
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

    test("flow control is set in a form or as JSON, and errors are reported at their fields", async () => {
      const path = "/workflows/configured/settings";
      await desk.instance.request("PUT", path, { body: {} });
      await using opened = await desk.open({ path: `/app${path}` });
      const { page, problems } = opened;
      const flow = async () => (await desk.instance.request("GET", path)).body.flow;
      const save = page.getByRole("button", { name: "Save flow control" });
      const kind = (name: string) => page.getByRole("group", { name, exact: true });
      await kind("Concurrency").getByRole("checkbox").check();
      await kind("Concurrency").getByLabel("In total").fill("twenty");
      await kind("Rate").getByRole("checkbox").check();
      await save.click();
      expect(await errorAt(kind("Concurrency").getByLabel("In total"))).toContain("is not a whole number");
      expect(await errorAt(kind("Rate").getByLabel("In a period of"))).toContain("Enter a duration");
      await kind("Concurrency").getByLabel("In total").fill("20");
      await kind("Concurrency").getByLabel("Key", { exact: true }).fill("customer");
      await kind("Concurrency")
        .getByRole("radio", { name: /^Only while it works/ })
        .check();
      await kind("Rate").getByLabel("Executions", { exact: true }).fill("100");
      await kind("Rate").getByLabel("In a period of").fill("1m");
      await save.click();
      const key = kind("Concurrency").getByLabel("Key", { exact: true });
      await expect.poll(async () => await errorAt(key)).toContain("use a JSON pointer into the payload");
      expect(await seriousFindings(page)).toEqual([]);
      await key.fill("/customer/id");
      await save.click();
      const set = {
        concurrency: { total: 20, key: "/customer/id", holds: "active" },
        rateLimit: { limit: 100, period: "PT1M" },
      };
      await expect.poll(flow).toEqual(set);
      const view = page.getByRole("group", { name: "View of the flow control" });
      await view.getByRole("button", { name: "JSON" }).click();
      expect(JSON.parse(await page.getByLabel("Flow", { exact: true }).inputValue())).toEqual(set);
      await page.getByLabel("Flow", { exact: true }).fill('{"singleton": {"key": ""}}');
      await view.getByRole("button", { name: "Form" }).click();
      await page.getByText("The form cannot show this. Edit it as JSON.").waitFor();
      await page.getByLabel("Flow", { exact: true }).fill("");
      await save.click();
      await expect.poll(flow).toBeUndefined();
      expect(problems).toEqual([]);
    });

    test("request rates of hosts are set in rows, and the other egress settings stay", async () => {
      const path = "/workflows/configured/settings";
      await desk.instance.request("PUT", path, { body: { egress: { allow: ["api.example.com"] } } });
      await using opened = await desk.open({ path: `/app${path}` });
      const { page, problems } = opened;
      const save = page.getByRole("button", { name: "Save request rates" });
      await page.getByRole("button", { name: "Add a host" }).click();
      await save.click();
      const row = page.getByRole("group", { name: "Host 1" });
      expect(await errorAt(row.getByLabel("Host", { exact: true }))).toContain("Enter a host");
      await row.getByLabel("Host", { exact: true }).fill("api.example.com");
      const named = page.getByRole("group", { name: "api.example.com" });
      await named.getByLabel("Requests").fill("10");
      await named.getByLabel("In a period of").fill("1s");
      await named.getByLabel("In flight").fill("2");
      expect(await seriousFindings(page)).toEqual([]);
      await save.click();
      const rate = { "api.example.com": { limit: 10, period: "PT1S", concurrency: 2 } };
      await expect
        .poll(async () => (await desk.instance.request("GET", path)).body)
        .toEqual({ egress: { allow: ["api.example.com"], rate } });
      expect(problems).toEqual([]);
    });

    test("redaction and the replay check that a deploy requires are set, and errors are reported at their fields", async () => {
      const path = "/workflows/configured/settings";
      await desk.instance.request("PUT", path, { body: { limits: { memoryMib: 32 } } });
      await using opened = await desk.open({ path: `/app${path}` });
      const { page, problems } = opened;
      const settings = async () => (await desk.instance.request("GET", path)).body;
      const headers = page.getByLabel("Redacted headers");
      const values = page.getByLabel("Redacted values");
      await headers.fill("x session");
      await values.fill("/items/*/card\ncustomer");
      await page.getByRole("button", { name: "Save redaction" }).click();
      expect(await errorAt(headers)).toContain("use the name of a header");
      expect(await errorAt(values)).toContain("use a JSON Pointer");
      await headers.fill("x-session");
      await values.fill("/items/*/card\n\n/customer/first name");
      await page.getByRole("button", { name: "Save redaction" }).click();
      const redact = { headers: ["x-session"], body: ["/items/*/card", "/customer/first name"] };
      const kept = { limits: { memoryMib: 32 }, recordings: { redact } };
      await expect.poll(settings).toEqual(kept);

      await page.getByRole("checkbox", { name: "Require a replay check" }).check();
      await page.getByRole("checkbox", { name: /^Other result/ }).check();
      const last = page.getByLabel("Latest executions");
      await last.fill("1000");
      await page.getByRole("button", { name: "Save deploys" }).click();
      expect(await errorAt(last)).toContain("500");
      expect(await seriousFindings(page)).toEqual([]);
      await last.fill("100");
      await page.getByRole("button", { name: "Save deploys" }).click();
      const requireReplayCheck = { last: 100, allow: ["otherResult"] };
      await expect.poll(settings).toEqual({ ...kept, deploy: { requireReplayCheck } });
      await page.getByRole("checkbox", { name: "Require a replay check" }).uncheck();
      await page.getByRole("button", { name: "Save deploys" }).click();
      await expect.poll(settings).toEqual(kept);
      expect(problems).toEqual([]);
    });

    test("a shorter retention is saved only after confirmation, and other settings stay unchanged", async () => {
      const path = "/workflows/configured/settings";
      await desk.instance.request("PUT", path, { body: { limits: { memoryMib: 32 } } });
      await using opened = await desk.open({ path: `/app${path}` });
      const { page, problems } = opened;
      const hours = page.getByRole("textbox", { name: "Hours after the end" });
      const save = page.getByRole("button", { name: "Save retention" });
      const settings = async () => (await desk.instance.request("GET", path)).body;
      await hours.fill("a day");
      await save.click();
      expect(await errorAt(hours)).toContain("“a day” is not a whole number");
      await hours.fill("721");
      await save.click();
      const dialog = page.getByRole("dialog", {
        name: "Delete executions that ended more than 721 hours ago?",
      });
      await dialog.getByRole("button", { name: "Delete executions" }).click();
      await dialog.getByRole("alert").getByText("retains executions for 720 hours").waitFor();
      await dialog.getByRole("button", { name: "Back" }).click();
      await hours.fill("1");
      await save.click();
      const confirm = page.getByRole("dialog", {
        name: "Delete executions that ended more than an hour ago?",
      });
      expect(await seriousFindings(page)).toEqual([]);
      expect(await settings()).toEqual({ limits: { memoryMib: 32 } });
      await confirm.getByRole("button", { name: "Delete executions" }).click();
      await expect.poll(settings).toEqual({ limits: { memoryMib: 32 }, retentionHours: 1 });
      // A longer retention deletes nothing, so it needs no confirmation.
      await hours.fill("");
      await save.click();
      await expect.poll(settings).toEqual({ limits: { memoryMib: 32 } });
      expect(problems).toEqual([]);
    });

    test("a workflow is deleted only after its name was typed below the list of what is deleted with it", async () => {
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
      await dialog.getByRole("button", { name: "Delete workflow" }).click({ force: true });
      expect((await desk.instance.request("GET", "/workflows/doomed")).status).toBe(200);
      await name.fill("doomed");
      await page.keyboard.press("Enter");
      await page.getByRole("status").getByText("Workflow doomed deleted").waitFor();
      expect((await desk.instance.request("GET", "/workflows/doomed")).status).toBe(404);
      expect(problems).toEqual([]);
    });

    test("revoking your own key asks for its name and logs out", async () => {
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

    test("only a key that may manage all executions gets links to the Restate UI, which shows the invocation", async () => {
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
        expect(await page.getByRole("link", { name: "Restate UI" }).count()).toBe(links);
        await page.goto(`/app/executions/${executionId}`);
        await page.getByText("linked").first().waitFor();
        const link = page.getByRole("link", { name: "Open in Restate" });
        if (links === 1) await expectRestatePage(context, link, executionId);
        else expect(await link.count()).toBe(0);
      }
    });

    test('every tab of a workflow shows "Access denied" to a key of other workflows', async () => {
      const { body } = await desk.instance.request("POST", "/api-keys", {
        body: { name: "of-others", scopes: ["workflows:read", "workflows:deploy"], workflows: ["others"] },
      });
      await using opened = await desk.open({ key: body.key, path: "/app/workflows/configured/settings" });
      const { page, problems } = opened;
      for (const tab of ["Editor", "Versions", "Executions", "Settings"]) {
        await page
          .getByRole("navigation", { name: "Sections of configured" })
          .getByRole("link", { name: tab })
          .click();
        await page.getByText("Access denied").waitFor();
        await page.getByRole("navigation", { name: "Sections of configured" }).getByText(tab).waitFor();
        expect(await page.title()).toContain(tab);
      }
      expect(problems).toEqual([]);
    });

    test("a disabled button names the scope that the key lacks", async () => {
      const { body } = await desk.instance.request("POST", "/api-keys", {
        body: { name: "reader", scopes: ["workflows:read"] },
      });
      await using opened = await desk.open({ key: body.key, path: "/app/workflows/configured/settings" });
      const { page } = opened;
      const button = page.getByRole("button", { name: "Set secret" });
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

/** The error that a screen reader announces at a field. */
async function errorAt(field: Locator): Promise<unknown> {
  await expect.poll(async () => await field.getAttribute("aria-invalid")).toBe("true");
  const id = await field.getAttribute("aria-describedby");
  return await field.page().locator(`[id="${id}"]`).textContent();
}

/** Follows the link: the Restate UI shows the invocation and its journal, and cannot access Duranium's API or pages. */
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

/** What a script in the Restate UI could try: call Duranium's API, run a script that it displays, read Duranium's windows. */
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
