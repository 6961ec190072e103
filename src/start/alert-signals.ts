import type { AlertMonitor } from "../services/alerts/alert-monitor.ts";

/** Connects the parts of a process that change rules and store ends to its monitor of alerts, if it has one. */
export interface AlertSignals extends Pick<AlertMonitor, "onEndsStored" | "onRulesChanged"> {
  connect(monitor: Pick<AlertMonitor, "onEndsStored" | "onRulesChanged">): void;
}

export function createAlertSignals(): AlertSignals {
  let monitor: Pick<AlertMonitor, "onEndsStored" | "onRulesChanged"> | undefined;
  return {
    onEndsStored: () => monitor?.onEndsStored(),
    onRulesChanged: () => monitor?.onRulesChanged(),
    connect: (connected) => (monitor = connected),
  };
}
