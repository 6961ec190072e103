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
  return group("settings", "What a workflow may reach and use, and how long its executions are kept", [
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
    summary: "Change settings of a workflow; those that are not named stay as they are",
    examples: [
      "settings set purchase --retention-hours 48 --allow api.stripe.com",
      "settings set purchase --limit memoryMib=32 --unset egress",
      "settings set purchase @settings.json",
    ],
  })
    .argument("<workflow>")
    .argument("[settings]", "in place of all that are set: JSON, @file, or - for standard input")
    .option("--allow <host>", "where it may fetch from, and nowhere else; can be given again", collect)
    .option("--method <method>", "what it may fetch with; can be given again", collect)
    .option("--limit <name=value>", "what an execution may use; can be given again", collect)
    .option("--retention-hours <hours>", "how long an execution is kept after its end", parseCount)
    .option(
      "--traceparent",
      "its fetches send a traceparent header, so that their servers continue the trace",
    )
    .option("--unset <name>", "a setting, as `settings show` has it; can be given again", collect)
    .option("--yes", "without asking where executions are kept for less long than before")
    .addHelpText("after", "\nThe limits are explained in docs/reference/limits.md.")
    .action(async (workflowId: string, given: string | undefined, options: SetOptions) => {
      const { url: _url, json: _json, yes, ...change } = options;
      if (given === undefined && Object.keys(change).length === 0)
        throw usageError("Nothing is to be set", "--help shows what can be");
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

/** What is in it is for the server to judge. */
async function readSettings(cli: Cli, given: string): Promise<WorkflowSettings> {
  const settings = await readJson(cli, given, "settings");
  if (typeof settings === "object" && settings !== null && !Array.isArray(settings)) return settings;
  throw usageError("The settings are not an object", `Write them as '{ "retentionHours": 48 }'`);
}

/** Where nothing is set, they are kept for as long as anything can be set to. */
function hasShorterRetention(now: WorkflowSettings, before: WorkflowSettings): boolean {
  return (now.retentionHours ?? Infinity) < (before.retentionHours ?? Infinity);
}

function removalQuestion(workflowId: string, { retentionHours }: WorkflowSettings): string {
  return `Remove executions of ${printableLine(workflowId)} that ended more than ${retentionHours} h ago?`;
}

function lines(settings: WorkflowSettings): readonly string[] {
  const rows = settingRows(settings).map((row) => row.map(printableLine));
  return rows.length === 0
    ? ["Nothing is set: everything is as it is for all workflows."]
    : table(["setting", "value"], rows);
}
