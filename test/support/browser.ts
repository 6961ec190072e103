import { existsSync } from "node:fs";
import axe from "axe-core";
import { chromium } from "playwright-core";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { describe } from "vitest";
import type { Instance } from "./instance.ts";
import { eventTimeoutMs } from "./time-limits.ts";

/** A page of Duranium in a real browser, in a profile of its own. */
export interface OpenPage extends AsyncDisposable {
  readonly page: Page;
  readonly context: BrowserContext;
  /**
   * What must not be there: errors in the console, exceptions, violations of the content security policy; questions of
   * the page that its own server refuses, and all else that is answered with 401 or 404. Whoever opens the developer
   * tools sees those in red, though the page expected them.
   */
  readonly problems: readonly string[];
  /** The bytes of bodies that came over the wire so far, as they were compressed. */
  transferredBytes(): number;
}

export interface OpenOptions {
  /** Begins with `/app`. */
  readonly path?: string;
  /** The key of the session; `null` for nobody's. The root key where nothing is said. */
  readonly key?: string | null;
  readonly theme?: "light" | "dark";
  readonly width?: number;
  readonly height?: number;
}

/** Where Chromium is, or a browser that is made of it. */
const places = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

const chromiumPath = places.find((path) => existsSync(path));

/**
 * Tests in a browser. Where there is none they are skipped with a word; but not in CI, where nothing that was to be
 * looked at may go unseen.
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

/** As the page does it, without typing the key. */
async function logIn(context: BrowserContext, key: string): Promise<void> {
  const response = await context.request.post("/session", { data: { key } });
  if (!response.ok()) throw new Error(`the log-in answered ${response.status()}: ${await response.text()}`);
}

/** What axe finds that is serious, in the whole page as it stands. */
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
    // The browser's words for an answer that is no success, which tell neither the method nor always the address.
    const isAnswer = /^Failed to load resource: the server responded with a status of 4\d\d/.test(
      message.text(),
    );
    if (message.type() === "error" && !isAnswer) problems.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => problems.push(`exception: ${error.message}`));
}

/** What somebody does may be refused, as a deploy with a mistake in it is, and the page says so. */
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
