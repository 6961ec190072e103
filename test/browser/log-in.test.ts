import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { describeInBrowser, launchBrowser, openPage, seriousFindings } from "../support/browser.ts";
import { startInstance } from "../support/instance.ts";
import type { Instance } from "../support/instance.ts";

describeInBrowser("logging in and out", () => {
  let instance: Instance;
  let browser: Browser;
  beforeAll(async () => {
    [instance, browser] = await Promise.all([startInstance(), launchBrowser()]);
  });
  afterAll(async () => {
    await browser?.close();
    await instance?.[Symbol.asyncDispose]();
  });

  test("leads back to where one wanted to go, and keeps the key nowhere that a script could read", async () => {
    await using opened = await openPage(browser, instance, { key: null, path: "/app/settings/about" });
    const { page, problems } = opened;
    await page.getByLabel("API key").fill("no-such-key-0123456789abcdef");
    await page.getByRole("button", { name: "Log in" }).click();
    await page.getByRole("alert").getByText("not known").waitFor();
    await page.getByLabel("API key").fill(instance.rootKey);
    await page.keyboard.press("Enter");
    await page.waitForURL("**/app/settings/about");
    const readable = await page.evaluate(
      "JSON.stringify([document.cookie, { ...localStorage }, { ...sessionStorage }])",
    );
    expect(readable).toBe('["",{},{}]');
    expect(problems).toEqual([]);
  });

  test("ends the session on the server", async () => {
    await using opened = await openPage(browser, instance);
    const { page, context } = opened;
    const [cookie] = await context.cookies();
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: "Strict" });
    await page.getByRole("button", { name: /^Account/ }).click();
    await page.getByRole("menuitem", { name: "Log out" }).click();
    await page.waitForURL("**/app/login**");
    const answer = await fetch(`${instance.url}/session`, {
      headers: { cookie: `${cookie?.name}=${cookie?.value}` },
    });
    expect(answer.status).toBe(401);
  });

  test("goes nowhere else afterwards, whatever the address says", async () => {
    await using opened = await openPage(browser, instance, {
      key: null,
      path: "/app/login?to=//example.com/",
    });
    const { page } = opened;
    await page.getByLabel("API key").fill(instance.rootKey);
    await page.keyboard.press("Enter");
    await page.waitForURL(`${instance.url}/app/workflows`);
  });

  test.each(["light", "dark"] as const)("has nothing serious for axe to say, in %s", async (theme) => {
    await using opened = await openPage(browser, instance, { key: null, theme });
    await opened.page.getByLabel("API key").waitFor();
    expect(await seriousFindings(opened.page)).toEqual([]);
  });
});
