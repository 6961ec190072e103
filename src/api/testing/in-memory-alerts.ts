import { randomUUID } from "node:crypto";
import type { Alert, AlertChannel, AlertRule } from "../../domain/monitoring/alerts.ts";
import { DuraniumError } from "../../domain/errors.ts";
import type { AlertRuleView, AlertService, AskedChannel } from "../contract/alert.ts";
import type { FailureService, OverviewService } from "../contract/monitoring.ts";

/** Rules and alerts in memory. Nothing is sent. */
export function inMemoryAlerts(now: number): AlertService {
  const rules = new Map<string, AlertRule>();
  const alerts: Alert[] = [];
  const find = (id: string): AlertRuleView => {
    const rule = rules.get(id);
    if (rule !== undefined) return { ...rule, openIncidents: 0 };
    throw new DuraniumError("alert-rule-not-found", `Alert rule "${id}" not found`);
  };
  return {
    rules: async () => [...rules.keys()].map(find),
    rule: async (id) => find(id),
    async putRule({ quietMs = 600_000, channels, ...asked }, { name }) {
      const isNew = !rules.has(asked.id);
      const times = { createdAt: now, updatedAt: now, updatedBy: name };
      const resolved = channels.map(withId);
      rules.set(asked.id, { ...asked, ...times, quietMs, channels: resolved });
      const generated = resolved.flatMap((each) =>
        each.kind === "webhook" ? [[each.id, each.secret] as const] : [],
      );
      return { rule: find(asked.id), isNew, secrets: new Map(generated) };
    },
    async removeRule(id) {
      find(id);
      rules.delete(id);
    },
    async test(id) {
      const { id: ruleId, name = id } = find(id);
      const alert: Alert = {
        id: randomUUID(),
        ruleId,
        kind: "test",
        createdAt: now,
        content: { ruleName: name, incidents: [] },
        deliveries: [],
      };
      alerts.unshift(alert);
      return { alertId: alert.id };
    },
    alerts: async () => ({ items: alerts }),
    incidents: async () => [],
    async retry(alertId) {
      if (alerts.some(({ id }) => id === alertId)) return;
      throw new DuraniumError("alert-not-found", `Alert "${alertId}" not found`);
    },
  };
}

function withId(asked: AskedChannel): AlertChannel {
  const id = randomUUID();
  return asked.kind === "webhook"
    ? { id, kind: "webhook", url: asked.url, secret: asked.secret ?? `whsec_${"A".repeat(43)}=` }
    : { id, ...asked };
}

export function inMemoryFailures(): FailureService {
  return {
    list: async () => ({ items: [] }),
    async executions(failureId) {
      throw new DuraniumError("failure-not-found", `Failure "${failureId}" not found`);
    },
  };
}

export function inMemoryOverview(now: number): OverviewService {
  const runs = { completed: 3, failed: 1, cancelled: 0, skipped: 0, failureRate: 0.25, p50Ms: 10, p95Ms: 20 };
  return {
    read: async (window) => ({
      window,
      from: now - 3_600_000,
      to: now,
      slotMs: 3_600_000,
      health: { status: "ok", problems: [] },
      runs,
      slots: [{ at: now - 3_600_000, ...runs }],
      current: { scheduled: 0, queued: 0, running: 1, suspended: 0, retrying: 0, paused: 0 },
      waiting: { callbacks: 0, events: 0 },
      queues: { running: 0, queued: 0, items: [] },
      schedules: [],
      failing: [],
      incidents: [],
      deploys: [],
    }),
  };
}
