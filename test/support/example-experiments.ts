import type { ExperimentReport } from "../../src/experiments/experiment.ts";
import {
  callText,
  changeText,
  outcomeText,
  placeText,
  repeatText,
  summaryText,
} from "../../src/experiments/row-text.ts";

/** An example with the routes of its target and a payload, for a recording with few steps. */
export interface RecordedExample {
  readonly file: string;
  readonly title: string;
  readonly entryPoint?: string;
  readonly payload: (target: string) => unknown;
}

const order = { orderId: "o-1", items: [{ sku: "apple", quantity: 2 }] };

export const recordedExamples: readonly RecordedExample[] = [
  {
    file: "order.ts",
    title: "a payment, and a receipt later",
    payload: (api) => ({ api, email: "ann@example.com", amount: 20, receiptAfter: "50ms" }),
  },
  {
    file: "order-flow.ts",
    title: "an order that is in stock",
    entryPoint: "order-created",
    payload: (shop) => ({ shop, ...order }),
  },
  {
    file: "order-flow.ts",
    title: "a cancelled order",
    entryPoint: "order-cancelled",
    payload: (shop) => ({ shop, ...order }),
  },
  {
    file: "fan-out.ts",
    title: "two pages",
    payload: (site) => ({ urls: [`${site}/page/1`, `${site}/page/2`] }),
  },
  {
    file: "flaky-import.ts",
    title: "two records",
    payload: (api) => ({ source: `${api}/records`, target: `${api}/imported` }),
  },
  {
    file: "reminder.ts",
    title: "one reminder, then the invoice is paid",
    payload: (mailer) => ({ mailer, customer: "ann", every: "50ms", reminders: 2 }),
  },
  { file: "weekly-report.ts", title: "a week with one order", payload: (shop) => ({ shop }) },
];

export interface ExampleReports {
  readonly example: RecordedExample;
  readonly target: string;
  readonly failures: ExperimentReport;
  readonly crashes: ExperimentReport;
}

/** The page with the tables of all examples, formatted as in the repository. */
export function examplesPage(reports: readonly ExampleReports[]): string {
  return `${[intro, ...reports.map(section)].join("\n\n")}\n`;
}

const intro = `# Experiments on the examples

For authors: what each [example workflow](../../examples) does if a call fails, and if its process crashes. The
[experiments](../guides/experiments.md) repeat recordings of real executions. A test compares this page with their reports.`;

function section({ example: { file, title }, target, failures, crashes }: ExampleReports): string {
  const repeating = crashes.rows.filter(({ outcome, repeats }) => outcome !== "same" || repeats.length > 0);
  const shown = (text: string) =>
    text
      .replaceAll(target, "https://api.example")
      .replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, "{id}")
      // The wait before a retry is random.
      .replaceAll(/(waitedMs: \(absent\) → )\d+/g, "$1…")
      .replaceAll("|", "\\|");
  const lines = [...failures.rows, ...repeating].map((row) => [
    row.place === undefined ? "" : placeText(row.place),
    shown(`\`${callText(row.name)}\``),
    changeText(row),
    shown([outcomeText(row), ...row.repeats.map(repeatText)].join("; ")),
  ]);
  return [
    `## ${file}: ${title}`,
    `Failures: ${summaryText(failures)}. Crashes: ${summaryText(crashes)}.`,
    markdownTable(["place", "step", "what goes wrong", "what the workflow does"], lines),
  ].join("\n\n");
}

function markdownTable(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = heads.map((head, column) =>
    Math.max(head.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  return [line(heads), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)].join("\n");
}
