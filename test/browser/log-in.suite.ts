import { describe, expect, test } from "vitest";
import type { Desk } from "./desk.ts";

/** Logging in and out. */
export function describeLogIn(desk: Desk): void {
  describe("logging in and out", () => {
    test("logging in returns to the requested page, and scripts cannot read the key", async () => {
      await using opened = await desk.open({ key: null, path: "/app/settings/about" });
      const { page, problems } = opened;
      expect(await page.getByLabel("API key").evaluate((field) => field.matches(":focus"))).toBe(true);
      await page.getByLabel("API key").fill("no-such-key-0123456789abcdef");
      await page.getByRole("button", { name: "Log in" }).click();
      await page.getByRole("alert").getByText("Invalid API key").waitFor();
      expect(await page.getByText("Authentication required").count()).toBe(0);
      await page.getByLabel("API key").fill(desk.instance.rootKey);
      await page.keyboard.press("Enter");
      await page.waitForURL("**/app/settings/about");
      const readable = await page.evaluate(
        "JSON.stringify([document.cookie, { ...localStorage }, { ...sessionStorage }])",
      );
      expect(readable).toBe('["",{},{}]');
      // The only failed request is the one with the invalid key.
      expect(problems).toEqual(["answer: 401 to POST /session"]);
    });

    test("logging out ends the session on the server", async () => {
      await using opened = await desk.open();
      const { page, context } = opened;
      const [cookie] = await context.cookies();
      expect(cookie).toMatchObject({ httpOnly: true, sameSite: "Strict" });
      await page.getByRole("button", { name: /^Account/ }).click();
      await page.getByRole("menuitem", { name: "Log out" }).click();
      await page.waitForURL("**/app/login**");
      const answer = await fetch(`${desk.instance.url}/session`, {
        headers: { cookie: `${cookie?.name}=${cookie?.value}` },
      });
      expect(answer.status).toBe(401);
    });

    test("logging in never redirects to another origin", async () => {
      await using opened = await desk.open({ key: null, path: "/app/login?to=//example.com/" });
      const { page } = opened;
      await page.getByLabel("API key").fill(desk.instance.rootKey);
      await page.keyboard.press("Enter");
      await page.waitForURL(`${desk.instance.url}/app/overview`);
    });

    test("an expired session leads to the login page", async () => {
      const { body: key } = await desk.instance.request("POST", "/api-keys", {
        body: { name: "short-lived" },
      });
      await using opened = await desk.open({ key: key.key });
      await opened.page.getByRole("heading", { name: "Workflows" }).waitFor();
      await desk.instance.request("DELETE", `/api-keys/${key.id}`);
      await opened.page.waitForURL("**/app/login?to=*workflows");
    });
  });
}
