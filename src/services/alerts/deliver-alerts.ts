import { messageOf } from "../../domain/errors.ts";
import type { Logger } from "../../base/logger.ts";
import type { AlertOutbox, AttemptOutcome, ClaimedDelivery } from "../../stores/alerts/alert-outbox.ts";
import type { AlertRuleStore } from "../../stores/alerts/alert-rules.ts";
import type { Instruments } from "../../telemetry/instruments.ts";
import type { SendAlert } from "./alert-senders.ts";
import { deliveryDelaysMs, deliveryLeaseMs, deliveryTimeoutMs } from "./limits.ts";

export interface DeliveryOptions {
  readonly outbox: AlertOutbox;
  readonly rules: Pick<AlertRuleStore, "get">;
  readonly send: SendAlert;
  /** Identifies this process in claims. */
  readonly process: string;
  readonly logger: Logger;
  readonly observer: Pick<Instruments, "deliveryAttempted">;
  readonly now: () => number;
}

/**
 * Attempts due deliveries, at most `limit`. A delivery is at least once: a process that dies between the receiver's answer and
 * the row of it leaves a claim, and the delivery is repeated with the same ID after the claim has ended.
 *
 * @returns for each claimed delivery, a promise that resolves when its outcome is stored
 */
export async function attemptDue(
  options: DeliveryOptions,
  limit: number,
  signal: AbortSignal,
): Promise<readonly Promise<void>[]> {
  const now = options.now();
  // A claim locks the database, and the thread would wait for the log that is being stored.
  if (((await options.outbox.nextDueAt()) ?? Number.POSITIVE_INFINITY) > now) return [];
  const { process } = options;
  const claimed = await options.outbox.claim({ process, now, leaseMs: deliveryLeaseMs, limit });
  return claimed.map(async (delivery) => {
    const outcome = await attempt(options, delivery, signal);
    // An attempt that was interrupted is repeated by the next process.
    if (!signal.aborted || "deliveredAt" in outcome) await options.outbox.settle(delivery.id, outcome);
  });
}

async function attempt(
  { rules, send, logger, observer, now }: DeliveryOptions,
  { id: deliveryId, channelId, attempts, ...alert }: ClaimedDelivery,
  signal: AbortSignal,
): Promise<AttemptOutcome> {
  const rule = await rules.get(alert.ruleId);
  const channel = rule?.channels.find(({ id }) => id === channelId);
  if (channel === undefined) return { error: "the channel was removed from the rule" };
  try {
    const limited = AbortSignal.any([signal, AbortSignal.timeout(deliveryTimeoutMs)]);
    const sent = await send(channel, alert, { deliveryId, signal: limited });
    observer.deliveryAttempted({ channel: channel.kind, outcome: "delivered" });
    return { deliveredAt: now(), ...sent };
  } catch (error) {
    const delayMs = deliveryDelaysMs[attempts - 1];
    const outcome = delayMs === undefined ? "failed" : "retried";
    observer.deliveryAttempted({ channel: channel.kind, outcome });
    const described = `cannot deliver alert ${alert.alertId} of rule ${alert.ruleId} by ${channel.kind}`;
    if (delayMs === undefined) logger.error(`${described}, and gives up`, { error });
    else logger.warn(`${described}, and will try again`, { error });
    const text = messageOf(error).slice(0, maxErrorCharacters).toWellFormed();
    return { error: text, ...(delayMs === undefined ? {} : { nextAttemptAt: now() + delayMs }) };
  }
}

const maxErrorCharacters = 500;
