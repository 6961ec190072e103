import type { AlertContent, AlertKind, AlertRule } from "../../domain/monitoring/alerts.ts";
import type { WorkflowId } from "../../domain/ids.ts";
import type { EvaluationSteps } from "../../stores/alerts/alert-evaluation.ts";
import type { IncidentFacts, StoredIncident } from "../../stores/alerts/alert-incidents.ts";
import type { Steps } from "../../stores/sql/database.ts";
import { alertGroupMs, maxAlertsPerHour, maxIncidentsPerAlert } from "./limits.ts";

/**
 * Opens and closes the incidents of rules, and adds the alerts about them to the outbox.
 *
 * Invariants:
 *
 * 1. A rule has at most one open incident for each workflow. It is alerted to at most once when it opens, and once when it closes.
 * 2. Within `quietMs` after an alert about the opening of an incident, none about the same rule and workflow is added. An incident
 *    that is still open afterwards is alerted to then.
 * 3. A recovery is alerted to only if the opening was.
 *
 * One book is used within one transaction.
 */
export interface IncidentBook {
  current(rule: Pick<AlertRule, "id">, workflowId: WorkflowId): StoredIncident | undefined;
  /** The workflows for which the rule has an open incident. */
  openWorkflows(rule: Pick<AlertRule, "id">): readonly WorkflowId[];
  /** Opens an incident, or updates the open one. */
  report(rule: AlertRule, workflowId: WorkflowId, facts: IncidentFacts): Steps<void>;
  close(rule: AlertRule, workflowId: WorkflowId): Steps<void>;
  /** Alerts to incidents whose rules were quiet when they opened. */
  alertWaiting(rules: readonly AlertRule[]): Steps<void>;
  /** Stores what was reported. */
  save(): Steps<void>;
}

export interface BookOptions extends Pick<EvaluationSteps, "incidents" | "outbox"> {
  /** Milliseconds since the Unix epoch. */
  readonly now: number;
}

export function* openIncidentBook(options: BookOptions): Steps<IncidentBook> {
  const { incidents, now } = options;
  const stored = yield* incidents.open();
  const open = new Map(stored.map((incident) => [keyOf(incident.ruleId, incident.workflowId), incident]));
  const changed = new Set<string>();

  function* tryAlert(rule: AlertRule, incident: StoredIncident): Steps<StoredIncident> {
    // A rule about recoveries is alerted to when the incident closes.
    if (rule.condition.kind === "recovered" || incident.alertedAt !== undefined) return incident;
    if (!(yield* mayAlert(options, rule, incident.workflowId))) return incident;
    yield* announce(options, rule, "opened", incident);
    yield* incidents.markAlerted(incident.id, now);
    return { ...incident, alertedAt: now };
  }

  return {
    current: ({ id }, workflowId) => open.get(keyOf(id, workflowId)),
    openWorkflows: ({ id }) =>
      [...open.values()].filter(({ ruleId }) => ruleId === id).map(({ workflowId }) => workflowId),
    *report(rule, workflowId, facts) {
      const key = keyOf(rule.id, workflowId);
      const known = open.get(key);
      if (known !== undefined) changed.add(key);
      const incident =
        known === undefined
          ? yield* incidents.add({ ruleId: rule.id, workflowId, openedAt: now, ...facts })
          : { ...known, ...facts };
      open.set(key, yield* tryAlert(rule, incident));
    },
    *close(rule, workflowId) {
      const key = keyOf(rule.id, workflowId);
      const incident = open.get(key);
      if (incident === undefined) return;
      open.delete(key);
      if (changed.delete(key)) yield* incidents.update(incident.id, incident);
      yield* incidents.close(incident.id, now);
      yield* alertRecovery(options, rule, { ...incident, closedAt: now });
    },
    *alertWaiting(rules) {
      const byId = new Map(rules.map((rule) => [rule.id, rule]));
      for (const [key, incident] of open) {
        const rule = byId.get(incident.ruleId);
        if (rule !== undefined) open.set(key, yield* tryAlert(rule, incident));
      }
    },
    *save() {
      for (const key of changed) {
        const incident = open.get(key);
        if (incident !== undefined) yield* incidents.update(incident.id, incident);
      }
      changed.clear();
    },
  };
}

function* alertRecovery(options: BookOptions, rule: AlertRule, closed: StoredIncident): Steps<void> {
  if (rule.condition.kind === "recovered") {
    if (!(yield* mayAlert(options, rule, closed.workflowId))) return;
    yield* options.incidents.markAlerted(closed.id, options.now);
  } else if (closed.alertedAt === undefined || !rule.sendsRecovery) return;
  // A missed run stays missed.
  if (rule.condition.kind === "schedule-missed") return;
  yield* announce(options, rule, "recovered", closed);
}

function keyOf(ruleId: string, workflowId: WorkflowId): string {
  return `${ruleId} ${workflowId}`;
}

function* mayAlert(
  { incidents, outbox, now }: BookOptions,
  rule: AlertRule,
  workflowId: WorkflowId,
): Steps<boolean> {
  const quietSince = now - rule.quietMs + 1;
  if (yield* incidents.wasAlertedSince({ ruleId: rule.id, workflowId }, quietSince)) return false;
  return (yield* outbox.countSince(rule.id, now - hourMs)) < maxAlertsPerHour;
}

const hourMs = 60 * 60_000;

/** Adds the incident to an alert of the rule that has not been sent yet, or else adds an alert. */
function* announce(
  { outbox, now }: BookOptions,
  rule: AlertRule,
  kind: AlertKind,
  incident: StoredIncident,
): Steps<void> {
  const { alertedAt: _alertedAt, ...shown } = incident;
  const unsealed = yield* outbox.findUnsealed(rule.id, kind);
  const incidents = [...(unsealed?.content.incidents ?? []), shown];
  const content: AlertContent = { ruleName: rule.name ?? rule.id, incidents };
  if (unsealed !== undefined && incidents.length <= maxIncidentsPerAlert)
    yield* outbox.replaceContent(unsealed.id, content);
  else {
    const alone = { ...content, incidents: [shown] };
    yield* outbox.add(rule, { kind, createdAt: now, content: alone, dueAt: now + alertGroupMs });
  }
}
