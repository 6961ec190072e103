/** Limits on alerts, and when they are evaluated and delivered. */

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** Rules per installation. Each is compared with every execution that fails. */
export const maxAlertRules = 200;

/** Rules about one workflow, so that a key that is bound to it leaves room for others. */
export const maxAlertRulesPerWorkflow = 20;

/** Test alerts per hour about one workflow, and about all. Each of them may be an e-mail to anyone. */
export const maxTestAlertsPerHour = 30;

/** Incidents that one alert describes. Further ones get an alert of their own. */
export const maxIncidentsPerAlert = 25;

/** Alerts of one rule per hour. Incidents beyond that stay open, and are alerted to when the rate allows it. */
export const maxAlertsPerHour = 60;

/** How long an alert waits for further incidents of its rule, so that one message reports what broke together. */
export const alertGroupMs = 2_000;

/** How long a rule stays quiet about a workflow after an alert, unless it says otherwise. */
export const defaultQuietMs = 10 * minuteMs;

/** Ends of executions that are evaluated in one transaction. */
export const maxEvaluatedEnds = 500;

/** Minimum interval between two evaluations of ended executions. */
export const evaluationIntervalMs = 500;

/** Interval at which ended executions are read, in case a process stored some without a notice. */
export const endsPollIntervalMs = 5_000;

/** Interval between the sweeps over executions that run, wait or are paused, unless a rule needs it more often. */
export const stateSweepIntervalMs = 30_000;

/** Minimum interval between these sweeps. It is longer if a sweep takes long: they take at most a fifth of the time. */
export const minStateSweepIntervalMs = 1_000;

/** Interval at which the outbox is read, in case another process added an alert. */
export const outboxPollIntervalMs = 5_000;

/** Deliveries that one process attempts at the same time. */
export const maxConcurrentDeliveries = 8;

/** Duration of one attempt to deliver an alert. */
export const deliveryTimeoutMs = 20_000;

/** How long a delivery belongs to the process that attempts it. */
export const deliveryLeaseMs = 2 * deliveryTimeoutMs;

/** Delays before the second and each later attempt, as Standard Webhooks recommends them. The delivery fails after the last. */
export const deliveryDelaysMs: readonly number[] = [
  5_000,
  30_000,
  2 * minuteMs,
  10 * minuteMs,
  30 * minuteMs,
  2 * hourMs,
  6 * hourMs,
  14 * hourMs,
];

/** How long alerts and closed incidents are retained. */
export const alertRetentionMs = 31 * dayMs;

/** Body of a response to an alert. Nothing reads it. */
export const maxAlertResponseBytes = 64 * 1024;
