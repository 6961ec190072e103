import type { AuditEntry, operations } from "#client";
import type { Command } from "commander";
import { printableLine } from "../output/printable.ts";
import { table } from "../output/table.ts";
import { localTime } from "../output/times.ts";
import { command, connected, show } from "../shared/cli.ts";
import type { Cli, CommonOptions } from "../shared/cli.ts";
import { parseCount } from "../shared/input.ts";
import { firstItems } from "../shared/pages.ts";

type AuditQuery = NonNullable<operations["listAuditLog"]["parameters"]["query"]>;

type AuditOptions = CommonOptions &
  Pick<AuditQuery, "actor" | "action" | "workflow"> & { readonly limit: number };

/** Values from the command line, sent unchanged: the API validates them. */
function filterOf({ actor, action, workflow }: AuditOptions): AuditQuery {
  return {
    ...(actor === undefined ? {} : { actor }),
    ...(action === undefined ? {} : { action }),
    ...(workflow === undefined ? {} : { workflow }),
  };
}

/** `audit`: the audit log. */
export function auditCommand(cli: Cli): Command {
  return command("audit", {
    summary: "List changes and denied attempts, newest first",
    examples: [
      "audit",
      "audit --workflow purchase --action deployWorkflow",
      "audit --actor ci --limit 1000 --json",
    ],
  })
    .option("--actor <name>", "filter by the name of the API key")
    .option("--action <operation>", "filter by API operation, such as deployWorkflow")
    .option("--workflow <workflow>", "filter by workflow")
    .option("--limit <count>", "maximum number of items", parseCount, 20)
    .action(async (options: AuditOptions) => {
      const { client } = await connected(cli, options);
      const items = await firstItems(
        options.limit,
        async (page) =>
          await client.get("/audit-log", { params: { query: { ...page, ...filterOf(options) } } }),
      );
      show(cli, options, items, () => (items.length === 0 ? ["No entries"] : rows(items, cli)));
    });
}

function rows(items: readonly AuditEntry[], { terminal: { style } }: Cli): readonly string[] {
  const lines = table(
    ["time", "actor", "action", "target", "address", "status"],
    items.map(({ at, actor, action, subject, address, status }) => [
      localTime(at),
      ...[actor, action, subject, address, String(status)].map(printableLine),
    ]),
  );
  return lines.map((line, index) => ((items[index - 1]?.status ?? 0) >= 400 ? style("red", line) : line));
}
