import type { DirectoryCount } from "./comparison.ts";
import type { ExpectedFailures } from "./expected-failures.ts";
import type { Report } from "./report.ts";

const columns = ["tests", "Node", "sandbox", "listed", "unlisted"];

/** For a terminal. */
export function formatCounts(name: string, counts: readonly DirectoryCount[]): string {
  const width = Math.max(9, ...counts.map(({ directory }) => directory.length));
  const row = (cells: readonly (string | number)[]): string =>
    cells
      .map((cell, index) => (index === 0 ? String(cell).padEnd(width) : String(cell).padStart(9)))
      .join(" ");
  return `${[row([name, ...columns]), ...[...counts, totalOf(counts)].map((count) => row(cellsOf(count)))].join("\n")}\n`;
}

/** `docs/conformance.md` */
export function formatPage(report: Report, expected: ExpectedFailures): string {
  return [
    "# Conformance",
    intro(new Date().toISOString().slice(0, 10)),
    "## web-platform-tests",
    formatTable(report.countsOf("web-platform-tests")),
    "## test262",
    formatTable(report.countsOf("test262")),
    "## What Node passes and the sandbox does not",
    "Each test of the column “listed” has one of these reasons; `expected-failures.json` in `scripts/conformance` names the tests.",
    formatReasons(report, expected),
    "",
  ].join("\n\n");
}

function intro(date: string): string {
  return [
    `Tests of [web-platform-tests](https://github.com/web-platform-tests/wpt) and [test262](https://github.com/tc39/test262) that`,
    `pass in the sandbox, beside Node ${process.versions.node}, which runs Duranium, on ${date}. \`npm run conformance -- --wpt DIR`,
    `--test262 DIR --json FILE --page docs/conformance.md\` writes this page; [scripts/conformance](../scripts/conformance/README.md) says how it`,
    `works. A program starts from an image as a deploy makes it: with the polyfills of what it names (\`Temporal\`, \`URLPattern\`), and with`,
    "Unicode properties in its regular expressions expanded. Left out is what needs a page, HTTP/2, CORS, modules, several realms or threads.",
  ].join("\n");
}

function formatTable(counts: readonly DirectoryCount[]): string {
  return [
    tableRow(["directory", ...columns]),
    tableRow(["---", ...columns.map(() => "---:")]),
    ...[...counts, totalOf(counts)].map((count) => tableRow(cellsOf(count))),
  ].join("\n");
}

function tableRow(cells: readonly (string | number)[]): string {
  return `| ${cells.join(" | ")} |`;
}

function cellsOf({
  directory,
  tests,
  node,
  sandbox,
  expected,
  unexpected,
}: DirectoryCount): readonly (string | number)[] {
  return [directory, tests, node, sandbox, expected, unexpected];
}

function totalOf(counts: readonly DirectoryCount[]): DirectoryCount {
  const sum = (key: "tests" | "node" | "sandbox" | "expected" | "unexpected"): number =>
    counts.reduce((total, count) => total + count[key], 0);
  return {
    directory: "all",
    tests: sum("tests"),
    node: sum("node"),
    sandbox: sum("sandbox"),
    expected: sum("expected"),
    unexpected: sum("unexpected"),
  };
}

function formatReasons({ shortfalls }: Report, expected: ExpectedFailures): string {
  const byReason = Map.groupBy(shortfalls, (test) => expected.reasonOf(test) ?? "");
  byReason.delete("");
  const rows = [...byReason]
    .toSorted(([, a], [, b]) => b.length - a.length)
    .map(([reason, tests]) => `| ${reason} | ${tests.length} |`);
  return ["| reason | tests |", "| --- | ---: |", ...rows].join("\n");
}
