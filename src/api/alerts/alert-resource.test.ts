import { expect, test } from "vitest";
import { alertResource, ruleResource } from "./alert-resource.ts";

const url = "https://discord.example/api/webhooks/42/t0ken?wait=s3cret";

test("the URL of a webhook is masked for keys that may not change alerts", () => {
  const rule = {
    id: "rule",
    isEnabled: true,
    condition: { kind: "first-failure" },
    channels: [{ id: "a", kind: "webhook", url, secret: "whsec_x" }],
    sendsRecovery: true,
    quietMs: 0,
    createdAt: 0,
    updatedAt: 0,
    updatedBy: "root",
    openIncidents: 0,
  } as const;
  const delivery = { id: 1, channel: "webhook", target: url, state: "pending", attempts: 0 } as const;
  const content = { ruleName: "rule", incidents: [] };
  const alert = {
    id: "b",
    ruleId: "rule",
    kind: "test",
    createdAt: 0,
    content,
    deliveries: [delivery],
  } as const;
  for (const shown of [
    ruleResource(rule, { showsUrls: false }).channels,
    alertResource(alert, { showsUrls: false }).deliveries,
  ]) {
    expect(JSON.stringify(shown)).toContain("https://discord.example/api/webhooks/42/••••");
    expect(JSON.stringify(shown)).not.toMatch(/t0ken|s3cret|whsec/);
  }
  expect(ruleResource(rule, { showsUrls: true }).channels).toMatchObject([{ url }]);
  expect(alertResource(alert, { showsUrls: true }).deliveries).toMatchObject([{ target: url }]);
});
