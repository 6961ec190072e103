import { describe, expect, test } from "vitest";
import { seriousFindings } from "../support/browser.ts";
import { deploy, startExecution, until } from "../support/executions.ts";
import type { Desk } from "./desk.ts";

/** Queues: what runs and waits, and what an operator can do. */
export function describeQueues(desk: Desk): void {
  describe("queues", () => {
    test("a queue shows its slots, and its limit is raised, and it is paused and purged", async () => {
      await deploy(
        desk.instance,
        "limited",
        `export const flow = { concurrency: { total: 1 } };
        export const run = (ctx) => ctx.waitForEvent("go");`,
      );
      const ids = [];
      for (let count = 0; count < 4; count++) ids.push(await startExecution(desk.instance, "limited"));
      await until(desk.instance, ids[3] as string, ({ status }) => status === "queued");
      await using opened = await desk.open({ path: "/app/queues" });
      const { page, problems } = opened;
      await page.getByRole("row", { name: /^limited Workflow queuing 1 of 1 3 1 at a time/ }).waitFor();
      expect(await seriousFindings(page)).toEqual([]);
      await page.getByRole("link", { name: "limited" }).click();
      await page.getByRole("heading", { name: "limited queuing" }).waitFor();
      const press = async (name: string) => await page.getByRole("button", { name }).click();
      await press("Change limits…");
      const limits = page.getByRole("dialog", { name: "Limits of limited" });
      await limits.getByLabel("At a time").fill("two");
      await limits.getByRole("button", { name: "Change limits" }).click();
      await limits.getByText("Enter a whole number.").waitFor();
      await limits.getByLabel("At a time").fill("2");
      await limits.getByRole("button", { name: "Change limits" }).click();
      await page.getByText("2 of 2").waitFor();
      await page.getByText("Limits are overridden: 2 at a time.").waitFor();
      await press("Pause…");
      const pausing = page.getByRole("dialog", { name: "Pause limited" });
      await pausing.getByLabel("Note").fill("migration");
      await pausing.getByRole("button", { name: "Pause" }).click();
      await page.getByRole("heading", { name: "limited paused" }).waitFor();
      await page.getByText(/^Paused .*: migration$/).waitFor();
      expect(await seriousFindings(page)).toEqual([]);
      await press("Purge…");
      await page.getByRole("dialog").getByRole("button", { name: "Skip 2 executions" }).click();
      await until(desk.instance, ids[3] as string, ({ status }) => status === "skipped");
      await page.goto("/app/executions?workflow=limited&status=skipped");
      await expect.poll(async () => await page.getByRole("link", { name: /^limited/ }).count()).toBe(2);
      expect(await seriousFindings(page)).toEqual([]);
      for (const id of ids.slice(0, 2)) await desk.instance.request("POST", `/executions/${id}/cancel`);
      expect(problems).toEqual([]);
    });

    test("a drained queue starts what was queued, holds what arrives later, and is resumed", async () => {
      await deploy(
        desk.instance,
        "drained",
        `export const flow = { concurrency: { total: 1 } };
        export const run = (ctx) => ctx.waitForEvent("go");`,
      );
      const start = async () => await startExecution(desk.instance, "drained");
      const reach = async (id: string, wanted: string) =>
        await until(desk.instance, id, ({ status }) => status === wanted);
      const finish = async (id: string) =>
        await desk.instance.request("POST", `/executions/${id}/events/go`, { body: null });
      const first = await start();
      await reach(first, "suspended");
      const second = await start();
      await reach(second, "queued");
      await using opened = await desk.open({ path: "/app/queues/workflow%3Adrained" });
      const { page, problems } = opened;
      await page.getByRole("button", { name: "Drain…" }).click();
      const dialog = page.getByRole("dialog", { name: "Drain drained" });
      await dialog.getByText(/^Starts the 1 execution that is queued now/).waitFor();
      await dialog.getByLabel("Note").fill("upgrade");
      await dialog.getByRole("button", { name: "Drain" }).click();
      await page.getByRole("heading", { name: "drained draining" }).waitFor();
      await page.getByText(/^Draining .*: upgrade$/).waitFor();
      const third = await start();
      await reach(third, "queued");
      await finish(first);
      await reach(second, "suspended");
      await finish(second);
      await page.getByRole("heading", { name: "drained paused" }).waitFor();
      expect((await desk.instance.request("GET", `/executions/${third}`)).body.status).toBe("queued");
      await page.getByRole("button", { name: "Resume…" }).click();
      await page.getByRole("dialog").getByRole("button", { name: "Resume" }).click();
      await reach(third, "suspended");
      await page.getByRole("heading", { name: "drained open" }).waitFor();
      await finish(third);
      expect(problems).toEqual([]);
    });

    test("a limit that workflows share is created, changed and deleted", async () => {
      await using opened = await desk.open({ path: "/app/queues" });
      const { page, problems } = opened;
      await page.getByRole("button", { name: "New shared limit" }).click();
      const dialog = page.getByRole("dialog", { name: "New shared limit" });
      await dialog.getByRole("button", { name: "Create limit" }).click();
      await dialog.getByText("Enter at least one limit.").waitFor();
      expect(await seriousFindings(page)).toEqual([]);
      await dialog.getByLabel("Name").fill("Postgres");
      await dialog.getByLabel("At a time").fill("20");
      await dialog.getByRole("button", { name: "Create limit" }).click();
      await dialog.getByText(/^use a lower-case letter/).waitFor();
      await dialog.getByLabel("Name").fill("postgres");
      await dialog.getByRole("button", { name: "Create limit" }).click();
      await page.getByRole("row", { name: /^postgres 20 at a time/ }).waitFor();
      expect(await seriousFindings(page)).toEqual([]);
      await page.getByRole("button", { name: "Edit…" }).click();
      const editing = page.getByRole("dialog", { name: "Edit postgres" });
      await editing.getByLabel("Starts").fill("100");
      await editing.getByLabel("In a period of").fill("1m");
      await editing.getByRole("button", { name: "Save limit" }).click();
      await page.getByRole("row", { name: /^postgres 20 at a time, 100 per minute/ }).waitFor();
      const { body } = await desk.instance.request("GET", "/limits/postgres");
      expect(body.limit).toMatchObject({ total: 20, rateLimit: { limit: 100 } });
      await page.getByRole("button", { name: "Delete…" }).click();
      await page.getByRole("dialog").getByRole("button", { name: "Delete limit" }).click();
      await page.getByText("No shared limits yet").waitFor();
      expect(problems).toEqual([]);
    });

    test("a queued execution says what blocks it", async () => {
      await deploy(
        desk.instance,
        "one-by-one",
        `export const flow = { concurrency: { total: 1 } };
        export const run = (ctx) => ctx.waitForEvent("go");`,
      );
      const running = await startExecution(desk.instance, "one-by-one");
      await until(desk.instance, running, ({ status }) => status === "suspended");
      const queued = await startExecution(desk.instance, "one-by-one");
      await until(desk.instance, queued, ({ status }) => status === "queued");
      await using opened = await desk.open({ path: `/app/executions/${queued}` });
      const { page, problems } = opened;
      await page.getByRole("heading", { name: "one-by-one queued" }).waitFor();
      const blocked = page.getByRole("region", { name: "Queued" });
      await blocked.getByRole("link", { name: `…${running.slice(-10)}` }).waitFor();
      expect(await seriousFindings(page)).toEqual([]);
      await desk.instance.request("POST", `/executions/${running}/events/go`, { body: null });
      await page.getByRole("heading", { name: "one-by-one suspended" }).waitFor();
      await desk.instance.request("POST", `/executions/${queued}/cancel`);
      expect(problems).toEqual([]);
    });

    test("a workflow is paused with a note, and what was started meanwhile runs once it is resumed", async () => {
      await deploy(desk.instance, "paused-here", `export const run = () => "ran";`);
      await using opened = await desk.open({ path: "/app/workflows/paused-here/executions" });
      const { page, problems } = opened;
      await page.getByRole("button", { name: "Pause workflow…" }).click();
      const pausing = page.getByRole("dialog", { name: "Pause paused-here" });
      await pausing.getByLabel("Note").fill("the carrier is down");
      await pausing.getByRole("button", { name: "Pause" }).click();
      const notice = page.getByRole("region", { name: "Paused" });
      await notice
        .getByText(/^Paused by root at .*: the carrier is down\. New executions are queued\.$/)
        .waitFor();
      const id = await startExecution(desk.instance, "paused-here");
      await until(desk.instance, id, ({ status }) => status === "queued");
      expect(await seriousFindings(page)).toEqual([]);
      await page.getByRole("button", { name: "Resume workflow…" }).click();
      await page.getByRole("dialog").getByRole("button", { name: "Resume" }).click();
      await notice.waitFor({ state: "detached" });
      await until(desk.instance, id, ({ status }) => status === "completed");
      expect(problems).toEqual([]);
    });
  });
}
