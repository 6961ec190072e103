import { once } from "node:events";
import { expect, test } from "vitest";
import { startDeadline } from "./deadline.ts";

test("a deadline aborts with its own reason when its time is over", async () => {
  using deadline = startDeadline(new AbortController().signal, 5);
  await once(deadline.signal, "abort");
  expect(deadline.isOver).toBe(true);
  expect(deadline.signal.reason).toMatchObject({ name: "TimeoutError" });
});

test("a deadline aborts with its parent signal and for the same reason, and is then not expired", () => {
  const outer = new AbortController();
  using deadline = startDeadline(outer.signal, 60_000);
  outer.abort(new Error("enough"));
  expect(deadline.isOver).toBe(false);
  expect(deadline.signal.reason).toEqual(new Error("enough"));
});

test("a deadline with an aborted parent signal is aborted", () => {
  using deadline = startDeadline(AbortSignal.abort("before"), 60_000);
  expect(deadline.signal.reason).toBe("before");
});

test("a disposed deadline leaves neither its timer nor its listener", () => {
  const timersBefore = process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
  const outer = new AbortController();
  const deadline = startDeadline(outer.signal, 60_000);
  deadline[Symbol.dispose]();
  outer.abort();
  expect(deadline.signal.aborted).toBe(false);
  expect(process.getActiveResourcesInfo().filter((name) => name === "Timeout")).toHaveLength(timersBefore);
});
