import { expect, test } from "vitest";
import { FormError } from "../../components/form-errors.ts";
import { draftOf, flowOf, isRepresentable } from "./flow-draft.ts";
import type { Flow } from "./flow-draft.ts";

const full: Flow = {
  concurrency: { total: 20, perKey: 3, key: "/customer/id", holds: "active" },
  rateLimit: { limit: 100, period: "PT1M", burst: 5, key: ["/region", "entryPoint"], mode: "reject" },
  debounce: { period: "PT10S", max: "PT1M", key: "/id" },
  singleton: { key: "/id", mode: "cancel-running" },
  priority: { key: "/priority" },
  limits: ["postgres", { name: "mailer", key: "/tenant" }],
};

test("flow control is the same after a round trip through the form", () => {
  expect(flowOf(draftOf(full))).toEqual(full);
  expect(flowOf(draftOf({ batch: { size: 10, period: "PT5S" }, priority: -3 }))).toEqual({
    batch: { size: 10, period: "PT5S" },
    priority: -3,
  });
  expect(flowOf(draftOf({}))).toEqual({});
});

test("what the form cannot show is edited as JSON, and defaults and short durations are not such", () => {
  expect(isRepresentable(full)).toBe(true);
  expect(isRepresentable({ concurrency: { total: 1, holds: "run" }, singleton: { mode: "skip" } })).toBe(
    true,
  );
  expect(isRepresentable({ debounce: { period: "10s" } })).toBe(true);
  expect(isRepresentable({ singleton: { key: "" } })).toBe(false);
  expect(isRepresentable({ singleton: { key: "/a,b" } })).toBe(false);
});

test("all fields that cannot be read are reported with their places", () => {
  const draft = {
    ...draftOf({}),
    on: new Set(["concurrency", "rateLimit", "batch", "priority"] as const),
  };
  const concurrency = { ...draft.concurrency, perKey: "two" };
  const attempt = () => flowOf({ ...draft, concurrency });
  expect(attempt).toThrow(FormError);
  try {
    attempt();
  } catch (error) {
    expect((error as FormError).errors.map(({ pointer }) => pointer)).toEqual([
      "#/flow/concurrency/perKey",
      "#/flow/rateLimit/limit",
      "#/flow/rateLimit/period",
      "#/flow/batch/size",
      "#/flow/batch/period",
      "#/flow/priority",
    ]);
  }
});
