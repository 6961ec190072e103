import { expect, test } from "vitest";
import type { Coordination } from "./coordination.ts";

/** What holds for the coordination of each database. `open` joins the same installation each time. */
export function coordinationContract(open: () => Coordination): void {
  test("a lease starts its task and ends it, and can be requested again", async () => {
    await using coordination = open();
    const events: string[] = [];
    const started = waiters(events);
    const lease = coordination.lease("sweep", () => recorded(events));
    await started(1);
    await lease[Symbol.asyncDispose]();
    const again = coordination.lease("sweep", () => recorded(events));
    await started(3);
    await again[Symbol.asyncDispose]();
    expect(events).toEqual(["start", "end", "start", "end"]);
  });

  test("a notice reaches the subscribers of its topic before `publish` returns, and those that left no longer", async () => {
    await using coordination = open();
    const received: (string | undefined)[] = [];
    using _other = coordination.subscribe("queues", () => received.push("of another topic"));
    const subscription = coordination.subscribe("log-lines", (key) => received.push(key));
    coordination.publish("log-lines", "one two");
    expect(received.filter((key) => key !== undefined)).toEqual(["one two"]);
    subscription[Symbol.dispose]();
    coordination.publish("log-lines", "three");
    expect(received.filter((key) => key !== undefined)).toEqual(["one two"]);
  });
}

function recorded(events: string[]): AsyncDisposable {
  events.push("start");
  return { [Symbol.asyncDispose]: async () => void events.push("end") };
}

/** Waits until there are so many events. */
function waiters(events: readonly string[]) {
  return async (count: number) => await expect.poll(() => events.length).toBeGreaterThanOrEqual(count);
}
