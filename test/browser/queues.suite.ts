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
  });
}
