import { randomBytes, randomUUID } from "node:crypto";
import type {
  AlertActor,
  AlertRuleView,
  AlertService,
  AskedChannel,
  AskedRule,
} from "../../api/contract/alert.ts";
import { maskedUrl } from "../../domain/monitoring/alerts.ts";
import type { AlertChannel, AlertRule } from "../../domain/monitoring/alerts.ts";
import { DuraniumError } from "../../domain/errors.ts";
import type { WorkflowId } from "../../domain/ids.ts";
import { assertScope, assertWorkflowAccess } from "../../domain/permissions.ts";
import type { Permissions } from "../../domain/permissions.ts";
import type { AlertIncidentStore } from "../../stores/alerts/alert-incidents.ts";
import type { AlertOutbox } from "../../stores/alerts/alert-outbox.ts";
import type { AlertRuleStore, StoredRule } from "../../stores/alerts/alert-rules.ts";
import type { WorkflowStore } from "../../stores/workflows.ts";
import { defaultQuietMs, maxAlertRules, maxAlertRulesPerWorkflow, maxTestAlertsPerHour } from "./limits.ts";

export interface AlertServiceOptions {
  readonly rules: AlertRuleStore;
  readonly incidents: Pick<AlertIncidentStore, "open" | "list">;
  readonly outbox: AlertOutbox;
  readonly workflows: Pick<WorkflowStore, "get">;
  /** True if a mail server is configured. */
  readonly canSendMail: boolean;
  /** Called after a rule or the outbox changed. */
  readonly onChanged: () => void;
}

/** Rules of alerts, their incidents, and the alerts that were sent. */
export function createAlertService(options: AlertServiceOptions): AlertService {
  const { rules, incidents, outbox, onChanged } = options;
  async function viewsOf(stored: readonly StoredRule[]): Promise<readonly AlertRuleView[]> {
    const open = await incidents.open();
    return stored.map(({ sinceSequence: _sinceSequence, ...rule }) => {
      const openIncidents = open.filter(({ ruleId }) => ruleId === rule.id).length;
      return { ...rule, openIncidents };
    });
  }

  async function view(id: string, actor: Permissions): Promise<AlertRuleView> {
    const [rule] = await viewsOf([await find(rules, id, actor)]);
    if (rule === undefined) throw notFound(id);
    return rule;
  }

  return {
    async rules(workflowIds) {
      const all = await rules.list();
      return await viewsOf(all.filter((rule) => isAmong(workflowIds, rule)));
    },
    rule: view,
    async putRule(asked, actor) {
      const known = await rules.get(asked.id);
      if (known !== undefined) await find(rules, asked.id, actor);
      const { channels, secrets } = resolveChannels(asked, known);
      await assertAllowed(options, asked, { known, actor });
      await rules.put(ruleOf(asked, { channels, known, actor }));
      onChanged();
      return { rule: await view(asked.id, actor), isNew: known === undefined, secrets };
    },
    async removeRule(id, actor) {
      await find(rules, id, actor);
      await rules.remove(id);
    },
    async test(id, actor) {
      const rule = await find(rules, id, actor);
      const now = Date.now();
      await assertTestRate(outbox, rule, now);
      const content = { ruleName: rule.name ?? rule.id, incidents: [] };
      const alertId = await outbox.add(rule, { kind: "test", createdAt: now, dueAt: now, content });
      onChanged();
      return { alertId };
    },
    alerts: async (filter, page) => await outbox.list(filter, page),
    // An incident without a duration only holds where the count of missed runs starts.
    incidents: async (filter) =>
      (await incidents.list(filter)).filter(({ openedAt, closedAt }) => openedAt !== closedAt),
    async retry(alertId, actor) {
      const alert = await outbox.get(alertId);
      if (alert === undefined || !isAmong(actor.workflows, { workflowId: alert.workflowId ?? undefined }))
        throw new DuraniumError("alert-not-found", `Alert "${alertId}" not found`);
      await outbox.retryFailed(alertId, Date.now());
      onChanged();
    },
  };
}

/** A rule about all workflows is visible to keys for all workflows only. */
function isAmong(
  workflowIds: readonly WorkflowId[] | undefined,
  { workflowId }: { readonly workflowId?: WorkflowId | undefined },
): boolean {
  return workflowIds === undefined || (workflowId !== undefined && workflowIds.includes(workflowId));
}

async function find(
  rules: Pick<AlertRuleStore, "get">,
  id: string,
  { workflows }: Permissions,
): Promise<StoredRule> {
  const rule = await rules.get(id);
  if (rule !== undefined && isAmong(workflows, rule)) return rule;
  throw notFound(id);
}

function notFound(id: string): DuraniumError {
  return new DuraniumError("alert-rule-not-found", `Alert rule "${id}" not found`);
}

function ruleOf(
  { quietMs = defaultQuietMs, ...asked }: AskedRule,
  {
    channels,
    known,
    actor,
  }: {
    readonly channels: readonly AlertChannel[];
    readonly known: StoredRule | undefined;
    readonly actor: AlertActor;
  },
): AlertRule {
  const now = Date.now();
  const { name, workflowId, ...rest } = asked;
  return {
    ...rest,
    ...(name === undefined ? {} : { name }),
    ...(workflowId === undefined ? {} : { workflowId }),
    channels,
    quietMs,
    createdAt: known?.createdAt ?? now,
    updatedAt: now,
    updatedBy: actor.name,
  };
}

async function assertAllowed(
  { rules, workflows, canSendMail }: AlertServiceOptions,
  { workflowId, channels }: AskedRule,
  { known, actor }: { readonly known: StoredRule | undefined; readonly actor: AlertActor },
): Promise<void> {
  if (workflowId !== undefined) assertWorkflowAccess(actor, workflowId);
  else if (actor.workflows !== undefined)
    throw new DuraniumError(
      "forbidden",
      "API key is bound to workflows: name one of them as the workflow of the rule",
    );
  if (known === undefined && (await rules.count()) >= maxAlertRules)
    throw invalid("", `there are ${maxAlertRules} rules, the maximum (maxAlertRules)`);
  const isNew = known === undefined || known.workflowId !== workflowId;
  const others = (await rules.list()).filter((rule) => rule.workflowId === workflowId);
  if (isNew && workflowId !== undefined && others.length >= maxAlertRulesPerWorkflow)
    throw invalid(
      "",
      `there are ${others.length} rules about workflow "${workflowId}", the maximum (maxAlertRulesPerWorkflow)`,
    );
  for (const [index, channel] of channels.entries()) {
    if (channel.kind === "email" && !canSendMail)
      throw invalid(`/channels/${index}`, "no mail server is configured: set DURANIUM_SMTP_URL");
    if (channel.kind !== "workflow") continue;
    assertScope(actor, "executions:run");
    assertWorkflowAccess(actor, channel.workflowId);
    await workflows.get(channel.workflowId);
  }
}

async function assertTestRate(
  outbox: AlertOutbox,
  { id, workflowId }: StoredRule,
  now: number,
): Promise<void> {
  const hourMs = 60 * 60_000;
  if ((await outbox.countTestsSince(workflowId, now - hourMs)) < maxTestAlertsPerHour) return;
  throw new DuraniumError(
    "rate-limited",
    `Cannot test the rule "${id}": ${maxTestAlertsPerHour} test alerts were sent within an hour (maxTestAlertsPerHour). Repeat the request later`,
    { retryAfterSeconds: 300 },
  );
}

/** Completes the channels of a request with the IDs and secrets of those that the rule has already. */
function resolveChannels(
  { channels }: AskedRule,
  known: StoredRule | undefined,
): { readonly channels: readonly AlertChannel[]; readonly secrets: ReadonlyMap<string, string> } {
  const secrets = new Map<string, string>();
  const free = [...(known?.channels ?? [])];
  const resolved = channels.map((asked, index): AlertChannel => {
    const place = free.findIndex((channel) => isSameChannel(channel, asked));
    const [same] = place === -1 ? [] : free.splice(place, 1);
    const id = same?.id ?? randomUUID();
    if (asked.kind === "slack") return { id, ...asked, url: slackUrl(asked, same, index) };
    if (asked.kind !== "webhook") return { id, ...asked };
    const stored = same?.kind === "webhook" ? same.secret : undefined;
    const secret = asked.secret ?? stored ?? newSecret();
    if (asked.secret === undefined && stored === undefined) secrets.set(id, secret);
    return { id, kind: "webhook", url: asked.url, secret };
  });
  return { channels: resolved, secrets };
}

function isSameChannel(channel: AlertChannel, asked: AskedChannel): boolean {
  if (channel.kind === "slack" && asked.kind === "slack")
    return channel.url === asked.url || isMaskedFormOf(asked.url, channel.url);
  if (channel.kind === "webhook" && asked.kind === "webhook") return channel.url === asked.url;
  if (channel.kind === "email" && asked.kind === "email") return channel.to.join() === asked.to.join();
  return (
    channel.kind === "workflow" &&
    asked.kind === "workflow" &&
    channel.workflowId === asked.workflowId &&
    channel.entryPoint === asked.entryPoint
  );
}

/** A client that sends back what it read sends the masked URL, percent-encoded or not. */
function isMaskedFormOf(text: string, url: string): boolean {
  return text === maskedUrl(url) || decoded(text) === maskedUrl(url);
}

function decoded(url: string): string {
  try {
    return decodeURI(url);
  } catch {
    return url;
  }
}

function slackUrl(
  { url }: Extract<AskedChannel, { kind: "slack" }>,
  same: AlertChannel | undefined,
  index: number,
): string {
  if (same?.kind === "slack") return same.url;
  if (decoded(url).endsWith("••••"))
    throw invalid(`/channels/${index}/url`, "the URL is masked, and the rule has no such channel");
  return url;
}

/** 256 random bits in the form of Standard Webhooks. */
function newSecret(): string {
  return `whsec_${randomBytes(32).toString("base64")}`;
}

function invalid(pointer: string, why: string): DuraniumError {
  return new DuraniumError("invalid-request", `Cannot save the rule: ${why}`, {
    fields: [{ pointer: `#${pointer}`, detail: why }],
  });
}
