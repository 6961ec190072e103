import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { mkdtempDisposable, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { createFuelMeter } from "../src/telemetry/fuel-meter.ts";
import { createInstruments } from "../src/telemetry/instruments.ts";
import { createMetricsService, createProcessMetrics } from "../src/telemetry/metrics.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const folder = join(root, "monitoring");
const read = (name: string) => readFileSync(join(folder, name), "utf8");

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly annotations: Readonly<Record<string, string>>;
}

const rules = (parse(read("alerts.yml")) as { groups: { rules: Rule[] }[] }).groups.flatMap(
  (group) => group.rules,
);
const dashboard = JSON.parse(read("grafana-dashboard.json")) as {
  readonly panels: readonly {
    readonly title: string;
    readonly targets?: readonly { readonly expr: string }[];
  }[];
  readonly templating: { readonly list: readonly { readonly definition?: string }[] };
  readonly annotations: { readonly list: readonly { readonly expr: string }[] };
};
const queries = [
  ...rules.map(({ alert, expr }) => [alert, expr] as const),
  ...dashboard.panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => [title, expr] as const)),
  ...dashboard.templating.list.flatMap(({ definition }) =>
    definition === undefined ? [] : [["variable", definition] as const],
  ),
  ...dashboard.annotations.list.map(({ expr }) => ["annotation", expr] as const),
];

const promtool = findPromtool();

describe("the dashboard and the alerts", () => {
  test("use only metrics and labels that a process exports", async () => {
    const exported = await exportedMetrics();
    for (const [where, query] of queries) {
      const names = query.match(/\b(?:duranium|nodejs|process)_\w+/g) ?? [];
      expect(where === "DuraniumDown" || names.length > 0, where).toBe(true);
      expect(
        names.filter((name) => !exported.has(name)),
        where,
      ).toEqual([]);
    }
  });

  test("show every metric of Duranium", async () => {
    const text = queries.map(([, query]) => query).join("\n");
    const families = [...(await exportedMetrics())].filter((name) => name.startsWith("duranium_"));
    const ours = new Set(families.map((name) => name.replace(/_(?:bucket|sum|count)$/, "")));
    expect([...ours].filter((name) => !text.includes(name))).toEqual([]);
  });

  test("are documented: each alert has a section in the runbooks, and links to it", () => {
    const runbooks = readFileSync(join(root, "docs/operating/runbooks.md"), "utf8");
    const sections = new Map(
      runbooks.split(/^## /m).map((text) => [text.slice(0, text.indexOf("\n")), text] as const),
    );
    const parts = ["**Meaning.**", "**Look at**", "**Do**"];
    for (const { alert, annotations } of rules) {
      expect(
        parts.filter((part) => sections.get(alert)?.includes(part) !== true),
        alert,
      ).toEqual([]);
      const path = annotations["runbook_url"]?.replace("https://example.com/duranium/", "");
      expect(path).toBe(`docs/operating/runbooks.md#${alert.toLowerCase()}`);
      expect(annotations["summary"] && annotations["description"], alert).toBeTruthy();
    }
    const alerts = [...sections.keys()].filter((title) => title.startsWith("Duranium"));
    expect(alerts).toEqual(rules.map(({ alert }) => alert));
  });

  test.skipIf(promtool === undefined)("are accepted by promtool, and fire as expected", async () => {
    expect(run(["check", "rules", "alerts.yml"])).toContain(`${rules.length} rules found`);
    expect(run(["test", "rules", "alerts.test.yml"])).toContain("SUCCESS");
    const asRules = dashboard.panels
      .flatMap(({ targets = [] }) => targets)
      .map(({ expr }, index) => ({
        record: `panel:${index}`,
        expr: expr.replaceAll("$__rate_interval", "5m"),
      }));
    await using temporary = await mkdtempDisposable(join(tmpdir(), "duranium-panels-"));
    const panels = join(temporary.path, "panels.yml");
    await writeFile(panels, JSON.stringify({ groups: [{ name: "panels", rules: asRules }] }));
    expect(run(["check", "rules", panels])).toContain(`${asRules.length} rules found`);
  });
});

const sandbox = () => ({ instances: 0, maxInstances: 0, waiting: 0 });
const executor = () => ({ attempts: 0, attemptsInFlight: 0, connections: 0 });
const restateNodes = async () =>
  await Promise.resolve([{ api: "ingress", address: "http://restate-1:8080", isUp: true }]);

/** Of a process that does everything. */
async function exportedMetrics(): Promise<ReadonlySet<string>> {
  const metrics = [...createInstruments(() => 0).metrics, createFuelMeter().metric];
  const text = await createMetricsService(
    createProcessMetrics({ sandbox, executor, restateNodes, metrics }),
  ).read();
  const types = [...text.matchAll(/^# TYPE (\w+) (\w+)$/gm)];
  return new Set(
    types.flatMap(([, name = "", type]) =>
      type === "histogram" ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
    ),
  );
}

function run(args: readonly string[]): string {
  return execFileSync(promtool ?? "", args, { cwd: folder, encoding: "utf8" });
}

/** Of Debian's package `prometheus`; `.ci/run` brings it. */
function findPromtool(): string | undefined {
  const folders = [
    join(root, "node_modules/.cache/promtool/usr/bin"),
    ...(process.env["PATH"] ?? "").split(":"),
  ];
  return folders.map((path) => join(path, "promtool")).find((path) => existsSync(path));
}
