import { randomUUID } from "node:crypto";
import { createHttpClient } from "../host/network/undici-client.ts";
import { startAlertMonitor } from "../services/alerts/alert-monitor.ts";
import type { AlertMonitorOptions } from "../services/alerts/alert-monitor.ts";
import { createMessages } from "../services/alerts/alert-message.ts";
import { createAlertSender } from "../services/alerts/alert-senders.ts";
import type { Mailer } from "../services/alerts/mailer.ts";
import type { LogWriter } from "../stores/logs/log-writer.ts";
import type { Parts } from "./parts.ts";

/** Starts to evaluate the rules of alerts, and to deliver the alerts. */
export async function startAlerts(parts: Parts, writer: LogWriter): Promise<void> {
  const { config, stack, log, network, restate, stores } = parts;
  const http = stack.use(createHttpClient({ policy: network.policy, resolve: network.resolve }));
  const mailer = await openMailer(parts);
  const messages = createMessages(config.publicUrl);
  const { workflows, ends } = stores;
  const { database } = stores;
  const options: AlertMonitorOptions = {
    stores,
    restate,
    ends,
    writer,
    send: createAlertSender({ messages, http, mailer, restate, workflows }),
    process: randomUUID(),
    ownsOutbox: config.role === "all" && database.dialect === "sqlite",
    countRetentionMs: config.retentionHours * 60 * 60 * 1_000,
    logger: log.part("alerts"),
    observer: parts.telemetry.instruments,
    now: Date.now,
  };
  stack.use(database.lease("alerts", () => startAlertMonitor(options, database)));
}

/** Loads the client of SMTP only where a mail server is configured. */
async function openMailer({ config, stack }: Parts): Promise<Mailer | undefined> {
  if (config.smtp === undefined) return undefined;
  const { createMailer } = await import("../services/alerts/mailer.ts");
  return stack.use(createMailer(config.smtp));
}
