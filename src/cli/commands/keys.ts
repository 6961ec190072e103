import type { ApiKey } from "#client";
import type { Command } from "commander";
import { parseTimestamp } from "../../base/time.ts";
import { scopes } from "../../domain/permissions.ts";
import { usageError } from "../output/cli-error.ts";
import { printableLine } from "../output/printable.ts";
import { table } from "../output/table.ts";
import { localTime } from "../output/times.ts";
import { command, connected, group, show } from "../shared/cli.ts";
import type { Cli, CommonOptions } from "../shared/cli.ts";
import { collect, parseCount } from "../shared/input.ts";
import { firstItems } from "../shared/pages.ts";

/** `keys create | list | revoke` */
export function keyCommands(cli: Cli): Command {
  return group("keys", "API keys", [createCommand(cli), listCommand(cli), revokeCommand(cli)]);
}

interface CreateOptions extends CommonOptions {
  readonly scope?: ApiKey["scopes"];
  readonly workflow?: readonly string[];
  readonly expires?: string;
}

function createCommand(cli: Cli): Command {
  return command("create", {
    summary: "Create a key; it is shown only once",
    examples: [
      "keys create ci --scope workflows:deploy --scope workflows:read --expires 90d",
      "keys create shop --scope executions:run --workflow purchase",
    ],
  })
    .argument("<name>", "name of the key")
    .option(
      "--scope <scope>",
      "what the key may do; repeatable. Defaults to workflows and executions",
      collect,
    )
    .option("--workflow <workflow>", "limit the key to a workflow; repeatable. Defaults to all", collect)
    .option("--expires <when>", "after a duration (90d, 12h) or at a time (2027-01-31T00:00:00Z)")
    .addHelpText("after", `\nScopes: ${scopes.join(", ")}`)
    .action(async (name: string, options: CreateOptions) => {
      const { client } = await connected(cli, options);
      const { scope, workflow, expires } = options;
      const created = await client.post("/api-keys", {
        body: {
          name,
          ...(scope === undefined ? {} : { scopes: scope }),
          ...(workflow === undefined ? {} : { workflows: workflow }),
          ...(expires === undefined ? {} : { expiresAt: timeOf(expires) }),
        },
      });
      if (options.json !== true) cli.terminal.note("Key (shown only once):");
      show(cli, options, created, () => [printableLine(created.key)]);
    });
}

function listCommand(cli: Cli): Command {
  return command("list", { summary: "List keys, without their secret part", examples: ["keys list"] })
    .option("--limit <count>", "maximum number of items", parseCount, 100)
    .action(async (options: CommonOptions & { readonly limit: number }) => {
      const { client } = await connected(cli, options);
      const items = await firstItems(
        options.limit,
        async (query) => await client.get("/api-keys", { params: { query } }),
      );
      show(cli, options, items, () =>
        table(
          ["id", "name", "prefix", "scopes", "workflows", "expires", "last used"],
          items.map((key) => [
            printableLine(key.id),
            printableLine(key.name),
            printableLine(key.prefix),
            key.scopes.length === scopes.length ? "all" : printableLine(key.scopes.join(" ")),
            printableLine(key.workflows?.join(" ") ?? "all"),
            localTime(key.expiresAt) || "never",
            localTime(key.lastUsedAt) || "never",
          ]),
        ),
      );
    });
}

function revokeCommand(cli: Cli): Command {
  return command("revoke", {
    summary: "Revoke a key immediately",
    examples: ["keys revoke key_4fQ… # the ID from `keys list`"],
  })
    .argument("<id>", "ID of the key, not the key itself")
    .action(async (apiKeyId: string, options: CommonOptions) => {
      const { client } = await connected(cli, options);
      await client.delete("/api-keys/{apiKeyId}", { params: { path: { apiKeyId } } });
      show(cli, options, { revoked: apiKeyId }, () => [`Revoked ${printableLine(apiKeyId)}`]);
    });
}

const unitsInMs = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;

/** Converts a time, a day in UTC, or a duration from now to RFC 3339. */
function timeOf(text: string): string {
  const [, count, unit] = /^(\d{1,5})([mhdw])$/.exec(text) ?? [];
  const time =
    count === undefined
      ? (parseTimestamp(text) ?? parseTimestamp(`${text}T00:00:00Z`))
      : Date.now() + Number(count) * unitsInMs[unit as keyof typeof unitsInMs];
  if (time === undefined) throw usageError(`Invalid time "${text}"`, "Use 90d, 12h, or 2027-01-31T00:00:00Z");
  return new Date(time).toISOString();
}
