import { createServer } from "node:http";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { describeInBrowser, launchBrowser, openPage } from "../support/browser.ts";
import { sharedInstance } from "../support/instance.ts";
import type { Instance } from "../support/instance.ts";

/** A logged-in user visits a malicious page, on another site and on another port of the same host. */
describeInBrowser("another site", () => {
  let instance: Instance;
  let browser: Browser;
  let server: Server;
  let port: number;
  beforeAll(async () => {
    [instance, browser] = await Promise.all([sharedInstance(), launchBrowser()]);
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

  test.each(["127.0.0.1", "localhost"])("a page at %s can neither change nor read anything", async (host) => {
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
    // The session is still the same.
    await page.goto(`${instance.url}/app/workflows`);
    expect(await page.evaluate("fetch('/session').then(({ status }) => status)")).toBe(200);
  });

  test("a page of another origin cannot embed the web UI in a frame", async () => {
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

/** Requests that a script can send: simple ones, preflighted ones, and those that look like the web UI's. */
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
