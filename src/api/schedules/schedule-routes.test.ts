import { describe, expect, test } from "vitest";
import type { WorkflowId } from "../../domain/ids.ts";
import { readProblem, testApi } from "../testing/test-api.ts";

const definition = { workflowId: "report", spec: { cron: ["0 9 * * 1-5"], timeZone: "Europe/Berlin" } };

test("a schedule is created, read, paused with a note, resumed, triggered, backfilled and deleted", async () => {
  const { ask } = testApi();
  expect(await (await ask("PUT", "/schedules/daily", { json: definition })).json()).toMatchObject(definition);
  expect(await (await ask("GET", "/schedules/daily")).json()).toMatchObject({
    id: "daily",
    managedBy: "api",
  });
  const paused = await ask("POST", "/schedules/daily/pause", { json: { note: "holidays" } });
  expect(await paused.json()).toMatchObject({ paused: { note: "holidays" } });
  expect(await (await ask("POST", "/schedules/daily/resume", { json: {} })).json()).not.toHaveProperty(
    "paused",
  );
  expect((await ask("POST", "/schedules/daily/trigger")).status).toBe(200);
  const period = { start: "2026-11-01T00:00:00Z", end: "2026-11-02T00:00:00Z" };
  expect((await ask("POST", "/schedules/daily/backfill", { json: period })).status).toBe(200);
  expect(await (await ask("GET", "/schedules?workflow=report")).json()).toMatchObject({
    items: [{ id: "daily" }],
  });
  expect((await ask("DELETE", "/schedules/daily")).status).toBe(204);
  expect((await ask("GET", "/schedules/daily")).status).toBe(404);
});

test("each broken rule of a definition is reported with its place", async () => {
  const { ask } = testApi();
  const spec = { cron: ["0 9 * * *", "0 25 * * *"], timeZone: "Europe/Bonn" };
  const problem = await readProblem(await ask("PUT", "/schedules/daily", { json: { ...definition, spec } }));
  expect(problem.errors?.map(({ pointer }) => pointer)).toEqual(["#/spec/cron/1", "#/spec/timeZone"]);
});

test("a definition that is too large with its payload is rejected with its limit", async () => {
  const { ask } = testApi();
  const problem = await readProblem(
    await ask("PUT", "/schedules/daily", { json: { ...definition, payload: "x".repeat(64 * 1_024) } }),
  );
  expect(problem).toMatchObject({
    code: "body-too-large",
    detail:
      "Cannot read the definition of the schedule, its payload included: it is larger than 65536 bytes, the limit of this route",
  });
});

describe("a key that is bound to a workflow", () => {
  test("sees and changes only the schedules of that workflow", async () => {
    const { ask, services } = testApi();
    const { key } = await services.apiKeys.create({
      name: "bound",
      scopes: ["executions:read", "schedules:manage"],
      workflows: ["report" as WorkflowId],
    });
    const headers = { authorization: `Bearer ${key}` };
    const other = { ...definition, workflowId: "other" };
    await ask("PUT", "/schedules/theirs", { json: other });
    expect((await ask("PUT", "/schedules/mine", { json: definition, headers })).status).toBe(200);
    expect((await ask("PUT", "/schedules/theirs", { json: definition, headers })).status).toBe(403);
    expect((await ask("PUT", "/schedules/new", { json: other, headers })).status).toBe(403);
    for (const verb of ["trigger", "pause", "resume"]) {
      const body = verb === "trigger" ? {} : { json: {} };
      expect((await ask("POST", `/schedules/theirs/${verb}`, { ...body, headers })).status).toBe(403);
    }
    expect((await ask("GET", "/schedules/theirs", { headers })).status).toBe(403);
    expect((await ask("DELETE", "/schedules/theirs", { headers })).status).toBe(403);
    expect(await (await ask("GET", "/schedules", { headers })).json()).toMatchObject({
      items: [{ id: "mine" }],
    });
    expect(await (await ask("GET", "/schedules?workflow=other", { headers })).json()).toEqual({ items: [] });
  });
});
