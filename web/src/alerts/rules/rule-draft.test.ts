import { expect, test } from "vitest";
import { draftOfRule, newChannel, newRule, ruleOf } from "./rule-draft.ts";

const rest = {
  ruleId: "mine",
  createdAt: "2026-11-30T00:00:00Z",
  updatedAt: "2026-11-30T00:00:00Z",
  updatedBy: "root",
  openIncidents: 0,
};

test.each([
  { kind: "first-failure" },
  { kind: "failures-in-a-row", count: 5 },
  { kind: "failure-rate", percent: 30, window: "PT5M", minRuns: 4 },
  { kind: "running-longer", than: "PT2H" },
] as const)("a rule on %j survives the form", (on) => {
  const rule = {
    enabled: false,
    workflow: "order-flow",
    on,
    channels: [
      { kind: "email", to: ["a@example.com", "b@example.com"] },
      { kind: "workflow", workflow: "on-call", entryPoint: "alert" },
      { kind: "slack", url: "https://hooks.slack.com/services/••••" },
    ],
    recovery: false,
    quiet: "PT10M",
  } as const;
  expect(ruleOf(draftOfRule({ ...rule, ...rest }))).toEqual(rule);
});

test("an unchanged webhook is sent without its secret, which keeps it", () => {
  const channels = [{ kind: "webhook", url: "https://example.com/alerts", hasSecret: true }] as const;
  const rule = {
    on: { kind: "paused" } as const,
    channels,
    enabled: true,
    recovery: true,
    quiet: "PT0S",
    ...rest,
  };
  const draft = draftOfRule(rule);
  expect(ruleOf(draft).channels).toEqual([{ kind: "webhook", url: "https://example.com/alerts" }]);
});

test("fields that cannot be read are reported together", () => {
  const draft = { ...newRule, ruleId: "", count: "three", channels: [newChannel] };
  expect(() => ruleOf(draft)).toThrow(/“three” is not a whole number.*|Start with a lower-case letter/);
});
