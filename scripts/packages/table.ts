import { groups, packages } from "./packages.ts";
import type { ListedPackage } from "./packages.ts";
import { reasons } from "./reasons.ts";
import type { CaseResult } from "./run-case.ts";

/**
 * `docs/packages.md`, without a place for what changes from one run to the next.
 *
 * @param results those that were run; the page says how many of the list were not
 */
export function tableOf(results: Readonly<Record<string, CaseResult>>): string {
  const isSame = (name: string) => results[name]?.outcome === "same";
  const run = packages.filter(({ name }) => results[name] !== undefined);
  const count = run.filter(({ name }) => isSame(name)).length;
  const rows = groups.flatMap((group) => {
    const listed = run.filter((each) => each.group === group);
    const passed = listed.filter(({ name }) => isSame(name)).length;
    return [
      `## ${group}: ${passed} of ${listed.length}`,
      "",
      "| package | version | result |",
      "| --- | --- | --- |",
      ...listed.map(
        (each) =>
          `| ${nameAndVersion(each).join(" | ")} | ${isSame(each.name) ? sameText(results[each.name]) : reasonOf(each.name, results)} |`,
      ),
      "",
    ];
  });
  return [
    "# Packages",
    "",
    `${count} of ${run.length} packages that workflows are likely to use give the results that they give in Node. Each was installed`,
    "from the registry, and a small workflow that uses what the package is for (`scripts/packages/cases`) was run in Node and in",
    "the sandbox, against a server on loopback where it is a client. Results, and the requests that the server got, were compared.",
    "`npm run packages` makes this page.",
    "",
    ...(run.length < packages.length
      ? [
          `The list (\`scripts/packages/packages.ts\`) has ${packages.length}; the others were not run with this version.`,
          "",
        ]
      : []),
    ...rows,
  ].join("\n");
}

/** An older version beside the last one is installed under a name of its own, as `npm:name@version`. */
function nameAndVersion(listed: ListedPackage): readonly [string, string] {
  const [, name, version] = /^npm:(.+)@(.+)$/.exec(listed.version) ?? [];
  return [name ?? listed.package, version ?? listed.version];
}

function sameText(result: CaseResult | undefined): string {
  return result?.memoryMib === undefined
    ? "as in Node"
    : `as in Node, with \`memoryMib\` of ${result.memoryMib}`;
}

/** One sentence why. */
function reasonOf(name: string, results: Readonly<Record<string, CaseResult>>): string {
  const [line = ""] = (results[name]?.detail ?? "not run").split("\n");
  return (reasons[name] ?? line.slice(0, 200)).replaceAll("|", "\\|");
}
