import { describe, expect, test } from "vitest";
import type { OperationEntry } from "./journal-entries.ts";
import { waitingFor } from "./waiting-for.ts";

const noon = Date.UTC(2026, 0, 31, 12);

describe("waitingFor", () => {
  test("lists what wakes a suspended execution, as Restate reports it", () => {
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

  test("describes a wait and its timeout as one item, and a timer of its own as another", () => {
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

  test("omits commands with a result, and is empty for an ended execution", () => {
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
