import { existsSync } from "node:fs";
import axe from "axe-core";
import { chromium } from "playwright-core";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { describe } from "vitest";
import type { Instance } from "./instance.ts";
import { eventTimeoutMs } from "./time-limits.ts";

/** A page of the web UI in a real browser with a separate profile. */
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

export async function launchBrowser(): Promise<Browser> {
  if (chromiumPath === undefined) throw new Error(`There is no Chromium at ${places.join(", ")}`);
  return await chromium.launch({ executablePath: chromiumPath, args: ["--no-sandbox"] });
}

/** Opens a page of an instance in a new profile, logged in. */
export async function openPage(
  browser: Browser,
  instance: Instance,
  options: OpenOptions = {},
): Promise<OpenPage> {
  const { path = "/app/workflows", theme = "light", width = 1280, height = 800 } = options;
  const context = await browser.newContext({
    baseURL: instance.url,
    colorScheme: theme,
    reducedMotion: "reduce",
    viewport: { width, height },
    locale: "en-GB",
    timezoneId: "UTC",
  });
  context.setDefaultTimeout(eventTimeoutMs);
  const key = options.key === undefined ? instance.rootKey : options.key;
  if (key !== null) await logIn(context, key);
  const page = await context.newPage();
  const problems: string[] = [];
  watch(page, instance.url, problems);
  const transferredBytes = await countBytes(context, page);
  await page.goto(path);
  return {
    page,
    context,
    problems,
    transferredBytes,
    [Symbol.asyncDispose]: async () => await context.close(),
  };
}

/** Logs in like the web UI, without typing the key. */
async function logIn(context: BrowserContext, key: string): Promise<void> {
  const response = await context.request.post("/session", { data: { key } });
  if (!response.ok()) throw new Error(`the log-in answered ${response.status()}: ${await response.text()}`);
}

/** Serious findings of axe in the whole page in its current state. */
export async function seriousFindings(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate<{ violations: readonly Finding[] }>(
    "axe.run(document, { resultTypes: ['violations'] })",
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

async function countBytes(context: BrowserContext, page: Page): Promise<() => number> {
  let bytes = 0;
  const session = await context.newCDPSession(page);
  await session.send("Network.enable");
  session.on("Network.loadingFinished", ({ encodedDataLength }) => void (bytes += encodedDataLength));
  return () => bytes;
}
