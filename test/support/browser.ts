import { existsSync } from "node:fs";
import axe from "axe-core";
import { chromium } from "playwright-core";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { describe } from "vitest";
import type { Instance } from "./instance.ts";
import { eventTimeoutMs } from "./time-limits.ts";

/** A page of the web UI in a real browser, with no cookies and no stored data of earlier pages. */
export interface OpenPage extends AsyncDisposable {
  readonly page: Page;
  readonly context: BrowserContext;
  /**
   * Problems that must not occur: errors in the console, exceptions, violations of the content security policy,
   * requests of the web UI that its own server rejects, and any other response with status 401 or 404. The
   * developer tools show those in red, even if the web UI handles them.
   */
  readonly problems: readonly string[];
  /** Compressed size of all response bodies so far. */
  transferredBytes(): number;
}

export interface OpenOptions {
  /** Must start with `/app`. */
  readonly path?: string;
  /** The API key of the session, or `null` for no session. Defaults to the root key. */
  readonly key?: string | null;
  readonly theme?: "light" | "dark";
  readonly width?: number;
  readonly height?: number;
  /** Whether the page has a profile of its own, with an empty HTTP cache. Loading it takes longer. */
  readonly isColdStart?: boolean;
}

/**
 * Paths of Chromium and of browsers that are based on it. The shell without windows comes first: it renders with the
 * same engine, and takes a third less of processor time.
 */
const places = [
  "/usr/bin/chromium-headless-shell",
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

const chromiumPath = places.find((path) => existsSync(path));

/**
 * Defines tests in a browser. Without a browser they are skipped with a message, except in CI, where a missing
 * browser must not go unnoticed.
 */
export function describeInBrowser(name: string, tests: () => void): void {
  if (chromiumPath === undefined && process.env["CI"] !== "true") {
    process.stderr.write(`Skipped, as there is no Chromium here (apt-get install chromium): ${name}\n`);
    describe.skip(name, tests);
    return;
  }
  describe(name, tests);
}

/**
 * Each preview compiles the engine and esbuild anew, and runs for a moment. So functions that are not called are not
 * validated, and only those that run for long are optimized.
 */
const compileLess = "--js-flags=--wasm-lazy-validation,--wasm-tiering-budget=200000000";

export async function launchBrowser(): Promise<Browser> {
  if (chromiumPath === undefined) throw new Error(`There is no Chromium at ${places.join(", ")}`);
  return await chromium.launch({ executablePath: chromiumPath, args: ["--no-sandbox", compileLess] });
}

/**
 * Opens a page of an instance, logged in. Once the page is disposed, its tab is emptied and opened again for later pages
 * of this browser, because a new profile loads and compiles the whole web UI again.
 */
export async function openPage(
  browser: Browser,
  instance: Instance,
  options: OpenOptions = {},
): Promise<OpenPage> {
  const { path = "/app/workflows", theme = "light", width = 1280, height = 800 } = options;
  const idle = idleTabs(browser, instance);
  const page = (options.isColdStart === true ? undefined : idle.pop()) ?? (await openTab(browser, instance));
  const context = page.context();
  await page.setViewportSize({ width, height });
  await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
  const key = options.key === undefined ? instance.rootKey : options.key;
  if (key !== null) await logIn(context, key);
  const problems: string[] = [];
  watch(page, instance.url, problems);
  const { transferredBytes, stop } = await countBytes(context, page);
  await page.goto(path);
  return {
    page,
    context,
    problems,
    transferredBytes,
    async [Symbol.asyncDispose]() {
      try {
        if (options.isColdStart === true) return await context.close();
        await stop();
        await emptyTab(page);
        idle.push(page);
      } catch {
        // The test has closed the page, or left it in a state in which it cannot be emptied.
        await context.close();
      }
    },
  };
}

const idleByBrowser = new WeakMap<Browser, Map<string, Page[]>>();

function idleTabs(browser: Browser, { url }: Instance): Page[] {
  const byInstance = idleByBrowser.get(browser) ?? new Map<string, Page[]>();
  idleByBrowser.set(browser, byInstance);
  const idle = byInstance.get(url) ?? [];
  byInstance.set(url, idle);
  return idle;
}

/** Opens a tab in a new profile. */
async function openTab(browser: Browser, { url }: Instance): Promise<Page> {
  const context = await browser.newContext({ baseURL: url, locale: "en-GB", timezoneId: "UTC" });
  context.setDefaultTimeout(eventTimeoutMs);
  return await context.newPage();
}

/** Returns a tab to the state of a new profile, except for the HTTP cache and the code in memory. */
async function emptyTab(page: Page): Promise<void> {
  const context = page.context();
  for (const event of ["console", "dialog", "pageerror", "request", "response"] as const)
    page.removeAllListeners(event);
  // A page with unsaved changes asks before it is left.
  page.on("dialog", (dialog) => void dialog.accept().catch(() => undefined));
  for (const other of context.pages()) if (other !== page) await other.close();
  await context.unrouteAll();
  await page.unrouteAll();
  await context.setOffline(false);
  await context.clearPermissions();
  // Of the same origin, so that the process of the tab stays.
  await page.goto("/healthz");
  await page.evaluate("localStorage.clear(); sessionStorage.clear()");
  await context.clearCookies();
  page.removeAllListeners("dialog");
}

/** Logs in like the web UI, without typing the key. */
async function logIn(context: BrowserContext, key: string): Promise<void> {
  const response = await context.request.post("/session", { data: { key } });
  if (!response.ok()) throw new Error(`the log-in answered ${response.status()}: ${await response.text()}`);
}

/** Serious findings of axe in the whole page in its current state. */
export async function seriousFindings(page: Page): Promise<readonly string[]> {
  if (!(await page.evaluate<boolean>("'axe' in globalThis"))) await page.evaluate(axe.source);
  // What would be loaded beforehand, style sheets and media, is for rules about none of which the web UI has anything.
  const { violations } = await page.evaluate<{ violations: readonly Finding[] }>(
    "axe.run(document, { resultTypes: ['violations'], preload: false })",
  );
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(
      ({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html }) => html.slice(0, 200)).join(" | ")}`,
    );
}

interface Finding {
  readonly id: string;
  readonly impact: string;
  readonly help: string;
  readonly nodes: readonly { readonly html: string }[];
}

function watch(page: Page, url: string, problems: string[]): void {
  page.on("response", (response) => {
    const method = response.request().method();
    if (response.url().startsWith(`${url}/`) && isUnexpected(method, response.status()))
      problems.push(`answer: ${response.status()} to ${method} ${response.url().slice(url.length)}`);
  });
  page.on("console", (message) => {
    // The browser's own message about a failed response, which lacks the method and sometimes the URL.
    const isAnswer = /^Failed to load resource: the server responded with a status of 4\d\d/.test(
      message.text(),
    );
    if (message.type() === "error" && !isAnswer) problems.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => problems.push(`exception: ${error.message}`));
}

/** A user's action may be rejected, such as a deploy with an error, and the web UI then shows the reason. */
function isUnexpected(method: string, status: number): boolean {
  return status === 401 || status === 404 || (method === "GET" && status >= 400);
}

async function countBytes(
  context: BrowserContext,
  page: Page,
): Promise<{ readonly transferredBytes: () => number; readonly stop: () => Promise<void> }> {
  let bytes = 0;
  const session = await context.newCDPSession(page);
  await session.send("Network.enable");
  session.on("Network.loadingFinished", ({ encodedDataLength }) => void (bytes += encodedDataLength));
  return { transferredBytes: () => bytes, stop: async () => await session.detach() };
}
