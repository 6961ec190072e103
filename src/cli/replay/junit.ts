import type { ReplayOutcome } from "../../domain/outcome.ts";
import type { ReplayItem } from "../../replay/replay-item.ts";
import { itemLines } from "./report-text.ts";

/** A report in the XML of JUnit, with one test case for each recording. */
export function junitReport(
  items: readonly ReplayItem[],
  { suite, failing }: { readonly suite: string; readonly failing: ReadonlySet<ReplayOutcome> },
): string {
  const failures = items.filter(({ outcome }) => failing.has(outcome)).length;
  const cases = items.map((item) => {
    const name = `testcase name="${escaped(item.executionId)}" classname="${escaped(suite)}"`;
    if (item.outcome === "same") return `    <${name}/>`;
    const [first = "", ...rest] = itemLines(item);
    const tag = failing.has(item.outcome) ? "failure" : "system-out";
    const message = tag === "failure" ? ` message="${escaped(first)}" type="${item.outcome}"` : "";
    return `    <${name}><${tag}${message}>${escaped([first, ...rest].join("\n"))}</${tag}></testcase>`;
  });
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites tests="${items.length}" failures="${failures}">`,
    `  <testsuite name="${escaped(suite)}" tests="${items.length}" failures="${failures}">`,
    ...cases,
    "  </testsuite>",
    "</testsuites>",
    "",
  ].join("\n");
}

/** XML 1.0 has no control characters except tabs and line breaks, not even escaped. */
function escaped(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "\ufffd")
    .replaceAll(/[<>&"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
