import type { Workflow } from "#client";
import type { Command } from "commander";
import { printableLine, shortened } from "../output/printable.ts";
import { table } from "../output/table.ts";
import { localTime } from "../output/times.ts";
import { command, connected, group, show } from "../shared/cli.ts";
import type { Cli, CommonOptions } from "../shared/cli.ts";
import { confirm, parseCount } from "../shared/input.ts";
import { firstItems } from "../shared/pages.ts";

/** `workflows list | show | versions | activate | pause | resume | remove` */
export function workflowCommands(cli: Cli): Command {
  return group("workflows", "Workflows", [
    listCommand(cli),
    showCommand(cli),
    versionsCommand(cli),
    activateCommand(cli),
    pauseCommand(cli),
    resumeCommand(cli),
    removeCommand(cli),
  ]);
}

type ListOptions = CommonOptions & { readonly limit: number };

function listCommand(cli: Cli): Command {
  return command("list", { summary: "List workflows", examples: ["workflows list", "workflows list --json"] })
    .option("--limit <count>", "maximum number of items", parseCount, 100)
    .action(async (options: ListOptions) => {
      const { client } = await connected(cli, options);
      const items = await firstItems(
        options.limit,
        async (query) => await client.get("/workflows", { params: { query } }),
      );
      show(cli, options, items, () =>
        items.length === 0
          ? [
              "No workflows. Create a project with `npx duranium init` and deploy it with `npx duranium deploy`",
            ]
          : table(
              ["workflow", "version", "since", "state"],
              items.map(({ workflowId, currentVersion, createdAt, paused }) => [
                printableLine(workflowId),
                String(currentVersion ?? "—"),
                localTime(createdAt),
                paused === undefined ? "" : pausedText(paused),
              ]),
            ),
      );
    });
}

function showCommand(cli: Cli): Command {
  return command("show", { summary: "Show a workflow", examples: ["workflows show purchase"] })
    .argument("<workflow>")
    .action(async (workflowId: string, options: CommonOptions) => {
      const { client } = await connected(cli, options);
      const workflow = await client.get("/workflows/{workflowId}", { params: { path: { workflowId } } });
      show(cli, options, workflow, () => [
        `${cli.terminal.style("bold", printableLine(workflow.workflowId))}  ${currentText(workflow.currentVersion)}`,
        `versions: ${workflow.latestVersion}, first deployed ${localTime(workflow.createdAt)}`,
        ...(workflow.paused === undefined ? [] : [pausedText(workflow.paused)]),
      ]);
    });
}

function versionsCommand(cli: Cli): Command {
  return command("versions", {
    summary: "List the versions of a workflow, newest first",
    examples: ["workflows versions purchase", "workflows versions purchase --limit 100 --json"],
  })
    .argument("<workflow>")
    .option("--limit <count>", "maximum number of items", parseCount, 20)
    .action(async (workflowId: string, options: ListOptions) => {
      const { client } = await connected(cli, options);
      const items = await firstItems(
        options.limit,
        async (query) =>
          await client.get("/workflows/{workflowId}/versions", { params: { path: { workflowId }, query } }),
      );
      show(cli, options, items, () =>
        table(
          ["version", "", "deployed", "by", "digest", "note"],
          items.map((version) => [
            String(version.version),
            version.current ? "current" : "",
            localTime(version.deployedAt),
            printableLine(version.deployedBy),
            printableLine(version.digest.slice(0, 12)),
            printableLine(shortened(version.note?.split("\n", 1)[0] ?? "", maxNoteCharacters)),
          ]),
        ),
      );
    });
}

/** Columns of a note's first line that fit next to the other columns. `--json` prints the whole note. */
const maxNoteCharacters = 60;

function activateCommand(cli: Cli): Command {
  return command("activate", {
    summary: "Activate a version for new executions",
    examples: ["workflows activate purchase 2"],
  })
    .argument("<workflow>")
    .argument("<version>", "version number", parseCount)
    .action(async (workflowId: string, version: number, options: CommonOptions) => {
      const { client } = await connected(cli, options);
      const activated = await client.post("/workflows/{workflowId}/activate", {
        params: { path: { workflowId } },
        body: { version },
      });
      show(cli, options, activated, () => [
        `New executions of ${printableLine(workflowId)} get version ${activated.version}.`,
      ]);
    });
}

type PauseOptions = CommonOptions & { readonly note?: string; readonly running?: true };

function pauseCommand(cli: Cli): Command {
  return command("pause", {
    summary: "Pause a workflow: new executions wait until it is resumed",
    examples: [
      'workflows pause purchase --note "database maintenance"',
      "workflows pause purchase --running",
    ],
  })
    .argument("<workflow>")
    .option("--note <text>", "why, for other operators")
    .option("--running", "pause executions that have started as well, each at its next step")
    .action(async (workflowId: string, { note, running, ...options }: PauseOptions) => {
      const { client } = await connected(cli, options);
      const workflow = await client.post("/workflows/{workflowId}/pause", {
        params: { path: { workflowId } },
        body: { ...(note === undefined ? {} : { note }), ...(running === undefined ? {} : { running }) },
      });
      show(cli, options, workflow, () => [`Paused ${printableLine(workflowId)}`]);
    });
}

function resumeCommand(cli: Cli): Command {
  return command("resume", {
    summary: "Resume a paused workflow, and the executions that its pause has paused",
    examples: ["workflows resume purchase"],
  })
    .argument("<workflow>")
    .action(async (workflowId: string, options: CommonOptions) => {
      const { client } = await connected(cli, options);
      const workflow = await client.post("/workflows/{workflowId}/resume", {
        params: { path: { workflowId } },
      });
      show(cli, options, workflow, () => [`Resumed ${printableLine(workflowId)}`]);
    });
}

function removeCommand(cli: Cli): Command {
  return command("remove", {
    summary: "Delete a workflow with its versions",
    examples: ["workflows remove purchase", "workflows remove purchase --yes"],
  })
    .argument("<workflow>")
    .option("--yes", "skip the confirmation")
    .action(async (workflowId: string, options: CommonOptions & { readonly yes?: true }) => {
      const { client } = await connected(cli, options);
      await confirm(cli, `Delete ${printableLine(workflowId)} with its versions?`, options.yes);
      await client.delete("/workflows/{workflowId}", { params: { path: { workflowId } } });
      show(cli, options, { removed: workflowId }, () => [`Deleted ${printableLine(workflowId)}`]);
    });
}

function currentText(currentVersion: number | undefined): string {
  return currentVersion === undefined ? "no version is deployed" : `version ${currentVersion} is current`;
}

function pausedText({ by, note, running }: NonNullable<Workflow["paused"]>): string {
  const what = running ? "paused, running executions as well," : "paused";
  return `${what} by ${printableLine(by)}${note === undefined ? "" : `: ${printableLine(note)}`}`;
}
