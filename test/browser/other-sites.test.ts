import { createServer } from "node:http";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { describeInBrowser, launchBrowser, openPage } from "../support/browser.ts";
import { startInstance } from "../support/instance.ts";
import type { Instance } from "../support/instance.ts";

/** Somebody who is logged in visits a page that means ill, on another site and on another port of the same host. */
describeInBrowser("another site", () => {
  let instance: Instance;
  let browser: Browser;
  let server: Server;
  let port: number;
  beforeAll(async () => {
    [instance, browser] = await Promise.all([startInstance(), launchBrowser()]);
    server = createServer((_request, response) => {
      response.setHeader("content-type", "text/html");
      response.end("<!doctype html><title>Free cake</title><body></body>");
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    ({ port } = server.address() as AddressInfo);
  });
  afterAll(async () => {
    server?.close();
    await browser?.close();
    await instance?.[Symbol.asyncDispose]();
  });

  const keys = async () => (await instance.request("GET", "/api-keys")).body.items.length as number;

  test.each(["127.0.0.1", "localhost"])("at %s changes nothing, and reads nothing", async (host) => {
    await using opened = await openPage(browser, instance);
    const { page } = opened;
    const before = await keys();
    await page.goto(`http://${host}:${port}/`);
    expect(await tryAll(page, instance.url)).toEqual({
      read: "refused",
      plain: "refused",
      preflighted: "refused",
      deleted: "refused",
    });
    await submitForm(page, `${instance.url}/api-keys`);
    expect(await keys()).toBe(before);
    // Nobody was logged out, or in as somebody else.
    await page.goto(`${instance.url}/app/workflows`);
    expect(await page.evaluate("fetch('/session').then(({ status }) => status)")).toBe(200);
  });

  test("cannot show the page in a frame", async () => {
    await using opened = await openPage(browser, instance);
    const { page } = opened;
    await page.goto(`http://127.0.0.1:${port}/`);
    await page.evaluate(
      `new Promise((resolve) => {
        const frame = document.createElement("iframe");
        frame.onload = resolve;
        frame.src = ${JSON.stringify(`${instance.url}/app`)};
        document.body.append(frame);
      })`,
    );
    expect(page.frames().map((frame) => frame.url())).not.toContain(`${instance.url}/app`);
  });
});

/** What a script can send: what every site may, what is asked for first, and what looks like a request of our page. */
async function tryAll(page: Page, url: string): Promise<unknown> {
  return await page.evaluate(
    `(async () => {
      const url = ${JSON.stringify(url)};
      const body = JSON.stringify({ name: "stolen" });
      const outcome = async (path, init) => {
        try {
          const response = await fetch(url + path, { credentials: "include", ...init });
          return response.type === "opaque" ? "refused" : "answered " + response.status;
        } catch {
          return "refused";
        }
      };
      return {
        read: await outcome("/api-keys"),
        plain: await outcome("/api-keys", { method: "POST", mode: "no-cors", body: new Blob([body]) }),
        preflighted: await outcome("/api-keys", {
          method: "POST",
          headers: { "content-type": "application/json" },
          body,
        }),
        deleted: await outcome("/session", { method: "DELETE" }),
      };
    })()`,
  );
}

async function submitForm(page: Page, action: string): Promise<void> {
  const submitted = page.waitForResponse((response) => response.url() === action);
  await page.evaluate(
    `{
      const form = document.createElement("form");
      form.method = "post";
      form.enctype = "text/plain";
      form.action = ${JSON.stringify(action)};
      form.innerHTML = '<input name=\\'{"name":"stolen","x":"\\' value=\\'"}\\'>';
      document.body.append(form);
      form.submit();
    }`,
  );
  expect([401, 403]).toContain((await submitted).status());
  await page.waitForURL(action);
}
