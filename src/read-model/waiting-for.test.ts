import { describe, expect, test } from "vitest";
import type { OperationEntry } from "./journal-entries.ts";
import { waitingFor } from "./waiting-for.ts";

const noon = Date.UTC(2026, 0, 31, 12);

describe("waitingFor", () => {
  test("tells of a suspended execution what Restate says would wake it", () => {
    const asked = askedFor(
      { name: "timer", completionId: 3, wakesAt: noon },
      { name: "wait for event paid (2)", completionId: 4 },
      { name: "wait for event approved", completionId: 5 },
      { name: "sleep", completionId: 6, wakesAt: noon },
    );
    const wakers = { Unknown: [{ Single: { CompletionId: 6 } }, { Single: { SignalName: "event paid 1" } }] };
    expect(waitingFor("suspended", suspendedOn(wakers), asked)).toEqual([
      'event "paid"',
      "sleep until 2026-01-31T12:00:00.000Z",
    ]);
  });

  test("tells a wait and the timer that limits it as one, and a timer alone as itself", () => {
    const asked = askedFor(
      { name: "wait for callback 0", completionId: 3 },
      { name: "timer", completionId: 4, wakesAt: noon },
      { name: "timer", completionId: 5, wakesAt: noon },
    );
    const time = "2026-01-31T12:00:00.000Z";
    expect(waitingFor("running", {}, asked)).toEqual([`callback until ${time}`, `timer until ${time}`]);
    const onlyTimer = suspendedOn({ Single: { CompletionId: 4 } });
    expect(waitingFor("suspended", onlyTimer, asked)).toEqual([`timer until ${time}`]);
  });

  test("tells nothing of what has its result, and of an execution that has ended", () => {
    const asked = askedFor({ name: "fetch GET http://a/", completionId: 3 });
    expect(waitingFor("running", {}, asked)).toEqual(["fetch GET http://a/"]);
    expect(waitingFor("running", {}, { ...asked, isOpen: () => false })).toEqual([]);
    expect(waitingFor("failed", {}, asked)).toEqual([]);
  });
});

function askedFor(...operations: readonly (Partial<OperationEntry> & { readonly completionId: number })[]) {
  const entries = operations.map((operation, index) => ({
    kind: "operation" as const,
    index,
    name: "",
    isCall: false,
    child: undefined,
    wakesAt: undefined,
    at: undefined,
    ...operation,
  }));
  return { operations: entries, isOpen: () => true };
}

function suspendedOn(future: unknown) {
  return { suspended_waiting_future_json: JSON.stringify(future) };
}
