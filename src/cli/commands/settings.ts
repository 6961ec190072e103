import type { WorkflowSettings } from "#client";
import type { Command } from "commander";
import { usageError } from "../output/cli-error.ts";
import { printableLine } from "../output/printable.ts";
import { table } from "../output/table.ts";
import { command, connected, group, show } from "../shared/cli.ts";
import type { Cli, CommonOptions } from "../shared/cli.ts";
import { collect, confirm, parseCount, readJson } from "../shared/input.ts";
import { changeSettings, settingRows } from "../shared/workflow-settings.ts";
import type { SettingsChange } from "../shared/workflow-settings.ts";

/** `settings show | set` */
export function settingsCommands(cli: Cli): Command {
  return group("settings", "Workflow settings: egress, limits, retention and tracing", [
    showCommand(cli),
    setCommand(cli),
  ]);
}

function showCommand(cli: Cli): Command {
  return command("show", {
    summary: "Show the settings of a workflow",
    examples: ["settings show purchase", "settings show purchase --json > settings.json"],
  })
    .argument("<workflow>")
    .action(async (workflowId: string, options: CommonOptions) => {
      const { client } = await connected(cli, options);
      const settings = await client.get("/workflows/{workflowId}/settings", {
        params: { path: { workflowId } },
      });
      show(cli, options, settings, () => lines(settings));
    });
}

type SetOptions = CommonOptions & SettingsChange & { readonly yes?: true };

function setCommand(cli: Cli): Command {
  return command("set", {
    summary: "Change settings of a workflow; others stay unchanged",
    examples: [
      "settings set purchase --retention-hours 48 --allow api.stripe.com",
      "settings set purchase --limit memoryMib=32 --unset egress",
      "settings set purchase --rate api.stripe.com=25/1s,concurrency=5",
      "settings set purchase @settings.json",
    ],
  })
    .argument("<workflow>")
    .argument("[settings]", "replace all settings: JSON, @file, or - for standard input")
    .option("--allow <host>", "allow fetches only from this host; repeatable", collect)
    .option("--method <method>", "allow fetches only with this method; repeatable", collect)
    .option(
      "--rate <host=rate>",
      "limit requests to a host: 10/1s,burst=5,concurrency=2; repeatable",
      collect,
    )
    .option("--limit <name=value>", "limit of an execution; repeatable", collect)
    .option("--retention-hours <hours>", "how long an ended execution is retained", parseCount)
    .option("--traceparent", "send a traceparent header with fetches, so that servers continue the trace")
    .option(
      "--redact-header <name>",
      "redact this header in recordings and reports of replays; repeatable",
      collect,
    )
    .option(
      "--redact-body <pointer>",
      "redact what this JSON Pointer names in payloads and bodies, such as /items/*/card; repeatable",
      collect,
    )
    .option(
      "--require-replay-check <count>",
      "require a passed replay check of this many executions before a deploy",
      parseCount,
    )
    .option("--unset <name>", "remove a setting, named as in `settings show`; repeatable", collect)
    .option("--yes", "skip the confirmation of a shorter retention")
    .addHelpText("after", "\nThe limits are explained in docs/reference/limits.md.")
    .action(async (workflowId: string, given: string | undefined, options: SetOptions) => {
      const { url: _url, json: _json, yes, ...change } = options;
      if (given === undefined && Object.keys(change).length === 0)
        throw usageError("No settings given", "Use --help for the available settings");
      const { client } = await connected(cli, options);
      const params = { path: { workflowId } };
      const whole = given === undefined ? undefined : await readSettings(cli, given);
      const before = await client.get("/workflows/{workflowId}/settings", { params });
      const settings = changeSettings(whole ?? before, change);
      if (hasShorterRetention(settings, before))
        await confirm(cli, removalQuestion(workflowId, settings), yes);
      const now = await client.put("/workflows/{workflowId}/settings", { params, body: settings });
      show(cli, options, now, () => lines(now));
    });
}

/** The server validates the contents. */
async function readSettings(cli: Cli, given: string): Promise<WorkflowSettings> {
  const settings = await readJson(cli, given, "settings");
  if (typeof settings === "object" && settings !== null && !Array.isArray(settings)) return settings;
  throw usageError("Invalid settings: not an object", `Write them as '{ "retentionHours": 48 }'`);
}

/** Without a setting, executions are retained for at least as long as any setting allows. */
function hasShorterRetention(now: WorkflowSettings, before: WorkflowSettings): boolean {
  return (now.retentionHours ?? Infinity) < (before.retentionHours ?? Infinity);
}

function removalQuestion(workflowId: string, { retentionHours }: WorkflowSettings): string {
  return `Delete executions of ${printableLine(workflowId)} that ended more than ${retentionHours} h ago?`;
}

function lines(settings: WorkflowSettings): readonly string[] {
  const rows = settingRows(settings).map((row) => row.map(printableLine));
  return rows.length === 0 ? ["No settings: the defaults apply"] : table(["setting", "value"], rows);
}
