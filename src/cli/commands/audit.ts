import type { AuditEntry } from "#client";
import type { Command } from "commander";
import { command, connected, show } from "../cli.ts";
import type { Cli, CommonOptions } from "../cli.ts";
import { parseCount } from "../input.ts";
import { firstItems } from "../pages.ts";
import { printableLine } from "../printable.ts";
import { table } from "../table.ts";
import { localTime } from "../times.ts";

/** `audit`: the audit log. */
export function auditCommand(cli: Cli): Command {
  return command("audit", {
    summary: "List who changed what, or was not allowed to, the newest first",
    examples: ["audit", "audit --limit 1000 --json"],
  })
    .option("--limit <count>", "how many at most", parseCount, 20)
    .action(async (options: CommonOptions & { readonly limit: number }) => {
      const { client } = await connected(cli, options);
      const items = await firstItems(
        options.limit,
        async (query) => await client.get("/audit-log", { params: { query } }),
      );
      show(cli, options, items, () => (items.length === 0 ? ["Nothing was changed yet."] : rows(items, cli)));
    });
}

function rows(items: readonly AuditEntry[], { terminal: { style } }: Cli): readonly string[] {
  const lines = table(
    ["at", "who", "did", "to", "from", "answer"],
    items.map(({ at, actor, action, subject, address, status }) => [
      localTime(at),
      ...[actor, action, subject, address, String(status)].map(printableLine),
    ]),
  );
  return lines.map((line, index) => ((items[index - 1]?.status ?? 0) >= 400 ? style("red", line) : line));
}
