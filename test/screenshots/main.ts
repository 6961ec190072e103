import { mkdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildWeb } from "../../scripts/build-web.ts";
import { launchBrowser, openPage } from "../support/browser.ts";
import type { OpenPage } from "../support/browser.ts";
import { startInstance } from "../support/instance.ts";
import { seedOperations } from "./seed-operations.ts";
import { seed } from "./seed.ts";
import type { Seeded } from "./seed.ts";

/**
 * `npm run screenshots` takes pictures of every view, light and dark, of an instance with a small shop's workflows in
 * it, for the documents. It takes a minute. `npm run screenshots -- execution failures` takes only these.
 */

interface Picture {
  readonly name: string;
  readonly path: string;
  readonly width?: number;
  readonly height?: number;
  /** What is done, and waited for, before it is taken. */
  readonly prepare?: (page: OpenPage["page"]) => Promise<unknown>;
}

const directory = fileURLToPath(new URL("../../docs/screenshots", import.meta.url));
const maxBytes = 150 * 1024;

/** Waits for the line of the selected step, which an executor finds out by a replay. */
async function sourceLine(page: OpenPage["page"]): Promise<void> {
  await page.locator('.source-line[data-kind="here"]').waitFor();
}

function picturesOf({ failed, retried, waiting, monthEnd, pricing, payload }: Seeded): readonly Picture[] {
  const phone = { width: 360, height: 740 };
  const preview: Picture["prepare"] = async (page) => {
    const panel = page.getByRole("tabpanel", { name: "Preview" });
    await panel.getByRole("textbox", { name: "Payload" }).fill(payload);
    await panel.getByRole("textbox", { name: "Entry point" }).fill("order-created");
    await page.locator(".view-line").first().waitFor();
    await page.getByRole("button", { name: "Preview" }).click();
    await panel.getByText("completed").waitFor();
    await panel.getByRole("group", { name: "Result" }).scrollIntoViewIfNeeded();
  };
  return [
    {
      name: "overview",
      path: "/app/overview?window=PT1H",
      prepare: async (page) => await page.locator(".u-legend").nth(1).waitFor(),
    },
    { name: "workflows", path: "/app/workflows" },
    {
      name: "new-workflow",
      path: "/app/workflows",
      prepare: async (page) => await page.getByRole("button", { name: "New workflow" }).click(),
    },
    { name: "editor", path: "/app/workflows/order-flow/editor", width: 1180, height: 760, prepare: preview },
    {
      name: "versions",
      path: "/app/workflows/order-flow/versions",
      prepare: async (page) => await page.locator(".view-line").first().waitFor(),
    },
    { name: "executions", path: "/app/executions" },
    {
      name: "executions-selected",
      path: "/app/executions?status=failed",
      prepare: async (page) =>
        await page.getByRole("checkbox", { name: "Select all loaded executions" }).check(),
    },
    { name: "failures", path: "/app/failures" },
    { name: "schedules", path: "/app/schedules" },
    { name: "schedule", path: "/app/schedules/nightly-import" },
    { name: "schedule-edit", path: "/app/schedules/nightly-import/edit" },
    { name: "queues", path: "/app/queues" },
    { name: "queue", path: "/app/queues/workflow%3Apacking" },
    { name: "alert-rules", path: "/app/alerts/rules" },
    { name: "execution-failed", path: `/app/executions/${failed}`, prepare: sourceLine },
    { name: "execution-retried", path: `/app/executions/${retried}`, prepare: sourceLine },
    { name: "execution-waiting", path: `/app/executions/${waiting}`, prepare: sourceLine },
    { name: "execution", path: `/app/executions/${monthEnd}`, prepare: sourceLine },
    {
      name: "step-through",
      path: `/app/executions/${pricing}`,
      width: 1280,
      height: 700,
      prepare: async (page) => {
        await page.getByRole("button", { name: /^100 × GET/ }).click();
        await page.getByRole("link", { name: /items\/42/ }).click();
        await page.getByText("99 other steps outstanding").waitFor();
        await page.evaluate("scrollTo(0, document.querySelector('.execution-panes').offsetTop - 110)");
      },
    },
    { name: "execution-phone", path: `/app/executions/${retried}`, ...phone, prepare: sourceLine },
    { name: "workflow-settings", path: "/app/workflows/order-flow/settings" },
    {
      name: "flow-control",
      path: "/app/workflows/order-flow/settings",
      prepare: async (page) =>
        await page.getByRole("button", { name: "Save flow control" }).scrollIntoViewIfNeeded(),
    },
    { name: "api-keys", path: "/app/settings/api-keys" },
    { name: "audit-log", path: "/app/settings/audit-log" },
    { name: "about", path: "/app/settings/about" },
  ];
}

function isWanted({ name }: Picture): boolean {
  const names = process.argv.slice(2);
  return names.length === 0 || names.includes(name);
}

async function take(
  opened: OpenPage,
  { name, path, width = 1280, height = 800, prepare }: Picture,
  theme: string,
) {
  const { page } = opened;
  await page.setViewportSize({ width, height });
  await page.goto(path);
  await page.waitForLoadState("networkidle").catch(() => undefined);
  await prepare?.(page);
  // What is drawn late: fonts, and the colours of code.
  await page.waitForTimeout(700);
  const file = join(directory, `${name}-${theme}.png`);
  await page.screenshot({ path: file });
  const { size } = await stat(file);
  process.stdout.write(`${name}-${theme}.png: ${Math.round(size / 1024)} KiB\n`);
  if (size > maxBytes) throw new Error(`${file} has ${size} bytes, and may have ${maxBytes}`);
}

await buildWeb();
await mkdir(directory, { recursive: true });
await using instance = await startInstance();
await using seeded = await seed(instance);
await seedOperations(instance);
const browser = await launchBrowser();
try {
  for (const theme of ["light", "dark"] as const) {
    await using anonymous = await openPage(browser, instance, { theme, key: null });
    const logIn = { name: "log-in", path: "/app/login" };
    if (isWanted(logIn)) await take(anonymous, logIn, theme);
    await using opened = await openPage(browser, instance, { theme });
    for (const picture of picturesOf(seeded).filter(isWanted)) await take(opened, picture, theme);
  }
} finally {
  await browser.close();
}
