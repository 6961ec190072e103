import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { describeInBrowser, launchBrowser, openPage } from "../support/browser.ts";
import { sharedInstance } from "../support/instance.ts";
import type { Instance } from "../support/instance.ts";

describeInBrowser("the API reference", () => {
  let instance: Instance;
  let browser: Browser;
  beforeAll(async () => {
    [instance, browser] = await Promise.all([sharedInstance(), launchBrowser()]);
  });
  afterAll(async () => {
    await browser.close();
    await instance[Symbol.asyncDispose]();
  });

  test("the API reference loads from this server alone, and sends a request with a key without storing it", async () => {
    await using opened = await openPage(browser, instance, { path: "/docs", key: null, isColdStart: true });
    const { page, problems } = opened;
    const elsewhere: string[] = [];
    page.on("request", (request) => {
      if (!/^(data|blob):/.test(request.url()) && new URL(request.url()).origin !== instance.url)
        elsewhere.push(request.url());
    });
    await page.goto("/docs#tag/workflows/GET/workflows");
    await page.reload();
    await page.getByRole("heading", { name: "List workflows" }).first().waitFor();
    await page.getByPlaceholder("Token").first().fill(instance.rootKey);
    await page.getByRole("button", { name: /Test Request.*get \/workflows\)/s }).click();
    const answered = page.waitForResponse((response) =>
      response.url().startsWith(`${instance.url}/workflows`),
    );
    await page.getByRole("button", { name: /^Send/ }).first().click();
    expect((await answered).status()).toBe(200);
    expect(await page.evaluate("JSON.stringify({ ...localStorage, ...sessionStorage })")).not.toContain(
      instance.rootKey,
    );
    expect(elsewhere).toEqual([]);
    expect(problems).toEqual([]);
  });
});
