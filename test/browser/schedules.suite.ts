import { setTimeout as delay } from "node:timers/promises";
import type { Locator, Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import { seriousFindings } from "../support/browser.ts";
import { deploy } from "../support/executions.ts";
import type { Desk } from "./desk.ts";

/** Schedules: the list, the editor with its preview, and what can be done with one. */
export function describeSchedules(desk: Desk): void {
  describe("schedules", () => {
    beforeAll(async () => {
      await deploy(desk.instance, "planned", `export const run = (ctx) => ctx.schedule ?? "by hand";`);
    });

    test("a schedule is created with a preview of its next runs in both time zones", async () => {
      await using opened = await desk.open({ path: "/app/schedules/new?workflow=planned" });
      const { page, problems } = opened;
      const preview = page.getByRole("region", { name: "Preview" });
      await page.getByLabel("ID", { exact: true }).fill("nightly");
      await page.getByLabel("Time zone").fill("Europe/Berlin");
      await page.getByLabel("Cron patterns").fill("30 2 * *");
      await preview.getByText(/a pattern has 5 fields/).waitFor();
      await page.getByLabel("Cron patterns").fill("30 2 * * *\n0 14 * * 6");
      await preview.getByText("At 02:30", { exact: true }).waitFor();
      await preview.getByText("At 14:00, only on Saturday").waitFor();
      const rows = preview.getByRole("region", { name: "Next runs" }).getByRole("row");
      await expect.poll(async () => await rows.count()).toBe(11);
      expect(await rows.first().textContent()).toBe("Europe/BerlinYour time, UTCStarts");
      expect(await preview.getByRole("list", { name: "Runs by day" }).getByRole("listitem").count()).toBe(14);
      expect(await seriousFindings(page)).toEqual([]);
      await page.getByLabel("End after runs").fill("none");
      await page.getByRole("button", { name: "Create schedule" }).click();
      await page.getByText("“none” is not a whole number of 1 or more.").waitFor();
      await page.getByLabel("End after runs").fill("");
      await page.getByRole("button", { name: "Create schedule" }).click();
      await page.getByRole("heading", { name: "nightly active" }).waitFor();
      await page.getByRole("link", { name: "Edit" }).click();
      await page.getByLabel("Cron patterns").fill("0 3 * * *");
      await page.getByRole("button", { name: "Save schedule" }).click();
      await page.waitForURL("**/app/schedules/nightly");
      await page.getByText("At 03:00").waitFor();
      await page.getByRole("link", { name: "Schedules" }).click();
      const row = page.getByRole("row").filter({ has: page.getByRole("link", { name: "nightly" }) });
      expect(await row.textContent()).toMatch(/^nightlyplannedAt 03:00 Europe\/Berlinactivein /);
      await row.getByRole("cell").last().click({ force: true });
      await page.waitForURL("**/app/schedules/nightly");
      expect(problems).toEqual([]);
    });

    test("a schedule is paused with a note, resumed, triggered and deleted", async () => {
      await put(desk, "hourly", { every: "1h" });
      await using opened = await desk.open({ path: "/app/schedules/hourly" });
      const { page, problems } = opened;
      const pausing = await dialogOf(page, "Pause…", "Pause hourly");
      await pausing.getByLabel("Note").fill("the target moves");
      await pausing.getByRole("button", { name: "Pause" }).click();
      await page.getByRole("heading", { name: "hourly paused" }).waitFor();
      await page.getByText(/^Paused .*: the target moves$/).waitFor();
      expect(await seriousFindings(page)).toEqual([]);
      const resuming = await dialogOf(page, "Resume…", "Resume hourly");
      await resuming.getByRole("button", { name: "Resume" }).click();
      await page.getByRole("heading", { name: "hourly active" }).waitFor();
      const triggering = await dialogOf(page, "Trigger…", "Trigger hourly");
      await triggering.getByRole("button", { name: "Run now" }).click();
      const runs = page.getByRole("region", { name: "Recent runs" }).last();
      await runs.getByText("completed").waitFor();
      expect(await seriousFindings(page)).toEqual([]);
      await runs.getByRole("link").click();
      await page.getByRole("group", { name: "Result" }).getByText('"hourly"').waitFor();
      await page.goBack();
      const deleting = await dialogOf(page, "Delete…", "Delete hourly?");
      await deleting.getByRole("button", { name: "Delete schedule" }).click();
      await page.waitForURL("**/app/schedules");
      expect((await desk.instance.request("GET", "/schedules/hourly")).status).toBe(404);
      expect(problems).toEqual([]);
    });

    test("a backfill runs each instant of a past range once", async () => {
      await put(desk, "daily", { cron: ["0 6 * * *"] });
      await using opened = await desk.open({ path: "/app/schedules/daily" });
      const { page, problems } = opened;
      const dialog = await dialogOf(page, "Backfill…", "Backfill daily");
      await dialog.getByRole("button", { name: "Start backfill" }).click();
      await dialog.getByText("Enter a date and time.").first().waitFor();
      await dialog.getByLabel("From").fill("2026-03-01T00:00");
      await dialog.getByLabel("Until").fill("2026-03-04T00:00");
      expect(await seriousFindings(page)).toEqual([]);
      await dialog.getByRole("button", { name: "Start backfill" }).click();
      const runs = page.getByRole("region", { name: "Recent runs" }).last();
      await expect.poll(async () => await runs.getByText("completed").count()).toBe(3);
      await runs
        .getByText(/^Sun,? 1 Mar/)
        .first()
        .waitFor();
      expect(problems).toEqual([]);
    });

    test("runs that overlap follow the chosen policy, and what was skipped or cancelled is shown", async () => {
      await deploy(desk.instance, "slow", `export const run = (ctx) => ctx.waitForEvent("done");`);
      await using opened = await desk.open({ path: "/app/schedules/new?workflow=slow" });
      const { page, problems } = opened;
      const runs = page.getByRole("region", { name: "Recent runs" }).last();
      const policy = page.getByLabel("While the previous run is in progress");
      await page.getByLabel("ID", { exact: true }).fill("overlapping");
      await page.getByRole("radio", { name: /^At an interval/ }).check();
      await page.getByLabel("Every", { exact: true }).fill("1s");
      await policy.selectOption("Skip the new run");
      await page.getByRole("button", { name: "Create schedule" }).click();
      await page.getByRole("heading", { name: "overlapping running" }).waitFor();
      await runs.getByText("skipped").nth(1).waitFor();
      const { body } = await desk.instance.request("GET", "/schedules/overlapping");
      expect(body).toMatchObject({ overlap: "skip", info: { started: 1 } });
      expect(body.info.skipped).toBeGreaterThanOrEqual(2);
      await page.getByRole("link", { name: "Edit" }).click();
      await policy.selectOption("Cancel the run in progress");
      await page.getByRole("button", { name: "Save schedule" }).click();
      await page.waitForURL("**/app/schedules/overlapping");
      await runs.getByText("cancelled").first().waitFor();
      await desk.instance.request("POST", "/schedules/overlapping/pause", { body: {} });
      const waiting = await desk.instance.request("GET", "/executions?workflow=slow&status=suspended");
      for (const { executionId } of waiting.body.items)
        await desk.instance.request("POST", `/executions/${executionId}/cancel`);
      expect(problems).toEqual([]);
    });

    test("after an outage, runs within the catch-up window start late, and earlier ones are counted as missed", async () => {
      await put(desk, "outage", { every: "PT1S" }, { catchUp: "PT1S", overlap: "allow" });
      await desk.instance.kill();
      // The outage is longer than the window.
      await delay(2_500);
      await desk.instance.start();
      await using opened = await desk.open({ path: "/app/schedules/outage" });
      const { page, problems } = opened;
      const missed = page.locator("dl.facts div", { hasText: /^Missed/ });
      await missed.getByText(/[1-9]/).waitFor();
      await page.getByText("1 second", { exact: true }).waitFor();
      const runs = page.getByRole("region", { name: "Recent runs" }).last();
      await runs.getByText("completed").first().waitFor();
      const { body } = await desk.instance.request("GET", "/schedules/outage");
      expect(body.info.missed).toBeGreaterThanOrEqual(1);
      expect(await seriousFindings(page)).toEqual([]);
      await desk.instance.request("POST", "/schedules/outage/pause", { body: {} });
      await page.getByRole("heading", { name: "outage paused" }).waitFor();
      expect(problems).toEqual([]);
    });

    test("a schedule of one instant runs then, and has ended", async () => {
      await put(desk, "soon", { at: [new Date(Date.now() + 1_500).toISOString()] });
      await using opened = await desk.open({ path: "/app/schedules/soon" });
      const { page, problems } = opened;
      await page.getByRole("heading", { name: "soon ended" }).waitFor();
      await page.getByRole("region", { name: "Recent runs" }).last().getByText("completed").waitFor();
      await page.getByText("No further runs").waitFor();
      const { body } = await desk.instance.request("GET", "/schedules/soon");
      expect(body.info).toMatchObject({ started: 1, next: [] });
      expect(problems).toEqual([]);
    });

    test("a schedule with one time shows it in its preview and as its only next run", async () => {
      await using opened = await desk.open({ path: "/app/schedules/new?workflow=planned" });
      const { page, problems } = opened;
      await page.getByLabel("ID", { exact: true }).fill("launch");
      await page.getByRole("radio", { name: /^Once/ }).check();
      await page.getByLabel("Time", { exact: true }).fill("2030-01-31T09:30");
      const preview = page.getByRole("region", { name: "Preview" });
      await preview.getByText("Once", { exact: true }).waitFor();
      await preview.getByRole("row", { name: /31 Jan 2030, 09:30/ }).waitFor();
      await page.getByRole("button", { name: "Create schedule" }).click();
      await page.getByRole("heading", { name: "launch active" }).waitFor();
      await page.getByRole("row", { name: /31 Jan 2030, 09:30/ }).waitFor();
      expect(problems).toEqual([]);
    });

    test("a schedule of the code says so and cannot be edited", async () => {
      await deploy(
        desk.instance,
        "self-planned",
        `export const schedules = [{ name: "sweep", every: "1h" }];
        export const run = () => 1;`,
      );
      await using opened = await desk.open({ path: "/app/schedules?workflow=self-planned" });
      const { page, problems } = opened;
      await page.getByRole("link", { name: "self-planned.sweep" }).click();
      await page.getByText("Managed by the code of").waitFor();
      await page.getByRole("link", { name: "self-planned, version 1" }).waitFor();
      await page.getByRole("button", { name: "Pause…" }).waitFor();
      expect(await page.getByRole("link", { name: "Edit" }).count()).toBe(0);
      expect(await page.getByRole("button", { name: "Delete…" }).count()).toBe(0);
      expect(problems).toEqual([]);
    });
  });
}

async function put(desk: Desk, id: string, spec: object, more: object = {}): Promise<void> {
  const body = { workflowId: "planned", spec, ...more };
  const { status } = await desk.instance.request("PUT", `/schedules/${id}`, { body });
  expect(status).toBe(200);
}

async function dialogOf(page: Page, button: string, title: string): Promise<Locator> {
  await page.getByRole("button", { name: button }).click();
  return page.getByRole("dialog", { name: title });
}
