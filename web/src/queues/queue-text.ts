import type { Queue } from "#client";
import { formatDuration } from "#base/duration-text.ts";

type Limits = Queue["limits"];

const kinds: Readonly<Record<string, string>> = {
  workflow: "Workflow",
  shared: "Shared limit",
  host: "Host",
};

/** The kind and name of a queue from its ID: `workflow:order-flow`. */
export function nameOf(id: string): { readonly kind: string; readonly name: string } {
  const colon = id.indexOf(":");
  return { kind: kinds[id.slice(0, colon)] ?? "Queue", name: id.slice(colon + 1) };
}

/** The workflow whose executions wait in a queue, if it is of one workflow. */
export function workflowOf(id: string): string | undefined {
  return id.startsWith("workflow:") ? id.slice("workflow:".length) : undefined;
}

/** `3 at a time, 1 per key, 10 per min`. */
export function limitsText({ total, perKey, rate, debounce, singleton, batch }: Limits): string {
  const texts = [
    total === undefined ? "" : `${total} at a time`,
    perKey === undefined ? "" : `${perKey} per key`,
    rate === undefined ? "" : rateText(rate),
    debounce === undefined ? "" : `debounced by ${formatDuration(debounce.periodMs)}`,
    singleton === undefined ? "" : "one per key",
    batch === undefined ? "" : `batches of ${batch.size} within ${formatDuration(batch.periodMs)}`,
  ].filter((text) => text !== "");
  return texts.length === 0 ? "no limit" : texts.join(", ");
}

function rateText({ limit, periodMs, burst }: NonNullable<Limits["rate"]>): string {
  const period = formatDuration(periodMs).replace(/^1 (?=[a-z]+$)/, "");
  return `${limit} per ${period}${burst > 1 ? `, up to ${burst} at once` : ""}`;
}
