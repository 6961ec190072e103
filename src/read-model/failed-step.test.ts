import { describe, expect, test } from "vitest";
import type { ExecutionId } from "../domain/ids.ts";
import { findFailedStep } from "./failed-step.ts";
import type { Row } from "./restate-sql.ts";
import { finished, run, signal } from "./testing/journal-rows.ts";
import { readTimeline } from "./timeline.ts";

const refused = { ok: false, now: 5, error: { name: "TypeError", message: "refused" } };
const answered = (status: number) => ({ ok: true, now: 5, value: { status }, text: "" });

describe("findFailedStep", () => {
  test("finds the step whose failure arrived last, even if other steps ended after it", async () => {
    expect(
      await failedIn([
        run("fetch GET http://a/", 1),
        finished("Run", 1, answered(200)),
        run("fetch GET http://b/", 2),
        run("fetch GET http://c/", 3),
        finished("Run", 2, refused),
        finished("Run", 3, answered(200)),
      ]),
    ).toBe("fetch GET http://b/");
  });

  test("finds a fetch whose response has an error status", async () => {
    expect(await failedIn([run("fetch GET http://a/", 1), finished("Run", 1, answered(503))])).toBe(
      "fetch GET http://a/",
    );
  });

  test.each([
    ["another step", [run("fetch GET http://b/", 2), finished("Run", 2, answered(200))]],
    ["an event", [run("wait for event go", 2), signal("event go 0", { now: 6, value: 1 })]],
  ])("returns undefined if the workflow continued with %s", async (_, rows) => {
    const failed = [run("fetch GET http://a/", 1), finished("Run", 1, refused)];
    expect(await failedIn([...failed, ...rows])).toBeUndefined();
  });

  test("returns undefined if no step failed", async () => {
    expect(
      await failedIn([run("fetch GET http://a/", 1), finished("Run", 1, answered(200))]),
    ).toBeUndefined();
    expect(await failedIn([])).toBeUndefined();
  });

  test("reads the status of a response that is too large to show", async () => {
    const { raw: _raw, ...large } = finished("Run", 1, answered(500));
    const rows = [run("fetch GET http://a/", 1), large];
    const head = Buffer.from('\b\u0002*{"ok":true,"now":5,"value":{"status":500,"statusText":""').toString(
      "hex",
    );
    expect(await failedIn(rows, [{ index: 1, head }])).toBe("fetch GET http://a/");
    expect(await failedIn(rows, [{ index: 1, head: head.replace("353030", "323030") }])).toBeUndefined();
  });
});

/** The name of the failed step in a journal of these rows; `looked` is what Restate says when it is asked. */
async function failedIn(rows: readonly Row[], looked: readonly Row[] = []): Promise<string | undefined> {
  const timeline = readTimeline(rows.map((each, index) => ({ ...each, index })));
  const failed = await findFailedStep({ query: async () => looked }, "inv_1" as ExecutionId, timeline);
  return failed?.step.name;
}
