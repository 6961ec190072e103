import type { Alert, AlertRule } from "#client";
import type { Command } from "commander";
import { usageError } from "../../output/cli-error.ts";
import { printableLine } from "../../output/printable.ts";
import { table } from "../../output/table.ts";
import { localTime } from "../../output/times.ts";
import { command, connected, group, show } from "../../shared/cli.ts";
import type { Cli, CommonOptions } from "../../shared/cli.ts";
import { collect, parseCount, readJson } from "../../shared/input.ts";
import { firstItems } from "../../shared/pages.ts";

/** `alerts list | incidents | rules | show | set | delete | test` */
export function alertCommands(cli: Cli): Command {
  return group("alerts", "Alerts", [
    listCommand(cli),
    incidentsCommand(cli),
    rulesCommand(cli),
    showCommand(cli),
    setCommand(cli),
    deleteCommand(cli),
    testCommand(cli),
  ]);
}

function listCommand(cli: Cli): Command {
  return command("list", {
    summary: "List alerts with their deliveries, newest first",
    examples: ["alerts list", "alerts list --rule order-failures --json"],
  })
    .option("--rule <rule>", "filter by rule")
    .option("--limit <count>", "maximum number of items", parseCount, 20)
    .action(async (options: CommonOptions & { readonly rule?: string; readonly limit: number }) => {
      const { client } = await connected(cli, options);
      const filter = options.rule === undefined ? {} : { rule: options.rule };
      const items = await firstItems(
        options.limit,
        async (page) => await client.get("/alerts", { params: { query: { ...filter, ...page } } }),
      );
      show(cli, options, items, () => (items.length === 0 ? ["No alerts"] : items.flatMap(alertLines)));
    });
}

function alertLines({ createdAt, kind, ruleName, incidents, deliveries }: Alert): readonly string[] {
  return [
    `${localTime(createdAt)}  ${kind}  ${printableLine(ruleName)}`,
    ...incidents.map(({ workflowId, summary }) => printableLine(`  ${workflowId}: ${summary}`)),
    ...deliveries.map(({ channel, target, state, attempts, error }) =>
      printableLine(
        `  ${channel} ${target}: ${state}${attempts > 1 ? ` after ${attempts} attempts` : ""}${error === undefined ? "" : ` (${error})`}`,
      ),
    ),
  ];
}

function incidentsCommand(cli: Cli): Command {
  return command("incidents", {
    summary: "List open incidents, the one that opened last first",
    examples: ["alerts incidents", "alerts incidents --workflow purchase"],
  })
    .option("--workflow <workflow>", "filter by workflow")
    .action(async (options: CommonOptions & { readonly workflow?: string }) => {
      const { client } = await connected(cli, options);
      const workflow = options.workflow === undefined ? {} : { workflow: options.workflow };
      const { items } = await client.get("/alerts/incidents", {
        params: { query: { open: "true", ...workflow } },
      });
      show(cli, options, items, () =>
        items.length === 0
          ? ["No open incidents"]
          : table(
              ["since", "workflow", "rule", "summary"],
              items.map(({ openedAt, workflowId, ruleId, summary }) => [
                localTime(openedAt),
                ...[workflowId, ruleId, summary].map(printableLine),
              ]),
            ),
      );
    });
}

function rulesCommand(cli: Cli): Command {
  return command("rules", { summary: "List the rules of alerts", examples: ["alerts rules"] }).action(
    async (options: CommonOptions) => {
      const { client } = await connected(cli, options);
      const { items } = await client.get("/alerts/rules");
      show(cli, options, items, () =>
        items.length === 0 ? ["No rules. Add one with `npx duranium alerts set`"] : ruleRows(items),
      );
    },
  );
}

function ruleRows(items: readonly AlertRule[]): readonly string[] {
  return table(
    ["rule", "workflow", "condition", "channels", "state"],
    items.map(({ ruleId, workflow = "all", on, channels, enabled, openIncidents }) => [
      ...[ruleId, workflow, on.kind, channels.map(({ kind }) => kind).join(", ")].map(printableLine),
      enabled ? (openIncidents === 0 ? "ok" : `${openIncidents} open`) : "disabled",
    ]),
  );
}

function showCommand(cli: Cli): Command {
  return command("show", { summary: "Show a rule as JSON", examples: ["alerts show order-failures"] })
    .argument("<rule>")
    .action(async (ruleId: string, options: CommonOptions) => {
      const { client } = await connected(cli, options);
      const rule = await client.get("/alerts/rules/{ruleId}", { params: { path: { ruleId } } });
      show(cli, options, rule, () => [JSON.stringify(rule, undefined, 2)]);
    });
}

interface SetOptions extends CommonOptions {
  readonly file?: string;
  readonly workflow?: string;
  readonly failuresInARow?: number;
  readonly email?: readonly string[];
  readonly webhook?: string;
  readonly slack?: string;
  readonly execute?: string;
}

function setCommand(cli: Cli): Command {
  return command("set", {
    summary: "Add or replace a rule",
    examples: [
      "alerts set order-failures --workflow order --email ops@example.com",
      "alerts set flaky --failures-in-a-row 5 --webhook https://hooks.example/duranium",
      "alerts set slow --file @rule.json",
    ],
  })
    .argument("<rule>", "ID of the rule")
    .option("--workflow <workflow>", "the workflow that the rule is about; by default all")
    .option(
      "--failures-in-a-row <count>",
      "failures that open an incident; by default the first one",
      parseCount,
    )
    .option("--email <address>", "send e-mails to this address; repeatable", collect)
    .option("--webhook <url>", "post signed webhooks to this URL")
    .option("--slack <url>", "post messages to this Slack-compatible URL")
    .option("--execute <workflow>", "execute this workflow with the alert as its payload")
    .option("--file <json>", "the whole rule as JSON, @ and a file name, or - for standard input")
    .action(async (ruleId: string, options: SetOptions) => {
      const { client } = await connected(cli, options);
      const body = options.file === undefined ? ruleOf(options) : await readJson(cli, options.file, "rule");
      const rule = await client.put("/alerts/rules/{ruleId}", {
        params: { path: { ruleId } },
        // The API validates a rule that was read from a file.
        body: body as ReturnType<typeof ruleOf>,
      });
      const secrets = rule.channels.flatMap((channel) =>
        "secret" in channel && channel.secret !== undefined ? [channel.secret] : [],
      );
      if (options.json !== true && secrets.length > 0) cli.terminal.note("Signing secret (shown only once):");
      show(cli, options, rule, () =>
        secrets.length > 0 ? secrets.map(printableLine) : [`Saved rule ${printableLine(ruleId)}`],
      );
    });
}

function ruleOf({ workflow, failuresInARow, email, webhook, slack, execute }: SetOptions) {
  const channels = [
    ...(email === undefined ? [] : [{ kind: "email" as const, to: [...email] }]),
    ...(webhook === undefined ? [] : [{ kind: "webhook" as const, url: webhook }]),
    ...(slack === undefined ? [] : [{ kind: "slack" as const, url: slack }]),
    ...(execute === undefined ? [] : [{ kind: "workflow" as const, workflow: execute }]),
  ];
  if (channels.length === 0)
    throw usageError("The rule has no channel: use --email, --webhook, --slack, --execute or --file");
  const on =
    failuresInARow === undefined
      ? { kind: "first-failure" as const }
      : { kind: "failures-in-a-row" as const, count: failuresInARow };
  return { ...(workflow === undefined ? {} : { workflow }), on, channels };
}

function deleteCommand(cli: Cli): Command {
  return command("delete", { summary: "Delete a rule", examples: ["alerts delete order-failures"] })
    .argument("<rule>")
    .action(async (ruleId: string, options: CommonOptions) => {
      const { client } = await connected(cli, options);
      await client.delete("/alerts/rules/{ruleId}", { params: { path: { ruleId } } });
      show(cli, options, { deleted: ruleId }, () => [`Deleted ${printableLine(ruleId)}`]);
    });
}

function testCommand(cli: Cli): Command {
  return command("test", {
    summary: "Send a test alert to the channels of a rule",
    examples: ["alerts test order-failures"],
  })
    .argument("<rule>")
    .action(async (ruleId: string, options: CommonOptions) => {
      const { client } = await connected(cli, options);
      const sent = await client.post("/alerts/rules/{ruleId}/test", { params: { path: { ruleId } } });
      show(cli, options, sent, () => [
        "Test alert created. See its deliveries with `npx duranium alerts list`",
      ]);
    });
}
