import type { Queue, QueueDetail } from "#client";
import type { Command } from "commander";
import { usageError } from "../output/cli-error.ts";
import { printableLine } from "../output/printable.ts";
import { table } from "../output/table.ts";
import { localTime } from "../output/times.ts";
import { command, connected, group, show } from "../shared/cli.ts";
import type { Cli, CommonOptions } from "../shared/cli.ts";
import { confirm, parseCount } from "../shared/input.ts";

/** `queues list | show | pause | resume | override | drain | purge` */
export function queueCommands(cli: Cli): Command {
  return group("queues", "Queues of flow control: what runs, what waits, and overrides", [
    listCommand(cli),
    showCommand(cli),
    pauseCommand(cli, "pause", "Stop all starts of a queue; running executions continue"),
    pauseCommand(cli, "resume", "End the pause or the drain of a queue"),
    overrideCommand(cli),
    operateCommand(cli, "drain", "Start what waits now, hold what arrives later, then pause the queue"),
    operateCommand(cli, "purge", "Skip the executions that wait in a queue; running ones continue"),
  ]);
}

function listCommand(cli: Cli): Command {
  return command("list", { summary: "List the queues", examples: ["queues list"] }).action(
    async (options: CommonOptions) => {
      const { client } = await connected(cli, options);
      const { items } = await client.get("/queues", {});
      show(cli, options, items, () => (items.length === 0 ? ["No queues"] : rows(items)));
    },
  );
}

function rows(queues: readonly Queue[]): readonly string[] {
  return table(
    ["queue", "running", "queued", "limits", "state"],
    queues.map((queue) => [
      printableLine(queue.id),
      String(queue.running),
      String(queue.queued),
      limitsText(queue.limits),
      stateOf(queue),
    ]),
  );
}

function limitsText({ total, perKey, rate, debounce, singleton, batch }: Queue["limits"]): string {
  const parts = [
    total === undefined ? "" : `${total} in total`,
    perKey === undefined ? "" : `${perKey} per key`,
    rate === undefined ? "" : `${rate.limit} in ${rate.periodMs} ms`,
    debounce === undefined ? "" : `debounce ${debounce.periodMs} ms`,
    singleton === undefined ? "" : `singleton (${singleton})`,
    batch === undefined ? "" : `batches of ${batch.size}`,
  ];
  return parts.filter((part) => part !== "").join(", ") || "—";
}

function stateOf({ paused, workflowPaused, draining, override }: Queue): string {
  const states = [
    workflowPaused === undefined ? "" : `workflow paused${noteText(workflowPaused)}`,
    paused === undefined ? "" : `paused${noteText(paused)}`,
    draining === undefined ? "" : `draining${noteText(draining)}`,
    override === undefined ? "" : "limits overridden",
  ];
  return states.filter((state) => state !== "").join(", ") || "—";
}

function noteText({ by, note }: { readonly by?: string; readonly note?: string }): string {
  const who = by === undefined ? "" : ` by ${printableLine(by)}`;
  return note === undefined ? who : `${who}: ${printableLine(note)}`;
}

function showCommand(cli: Cli): Command {
  return command("show", {
    summary: "Show a queue: its limits, what runs, and what waits",
    examples: ["queues show workflow:purchase", "queues show shared:postgres"],
  })
    .argument("<queue>", "ID from `queues list`")
    .action(async (queueId: string, options: CommonOptions) => {
      const { client } = await connected(cli, options);
      const queue = await client.get("/queues/{queueId}", { params: { path: { queueId } } });
      show(cli, options, queue, () => detailLines(queue));
    });
}

function detailLines(queue: QueueDetail): readonly string[] {
  const members = [
    ...queue.holders.map((member) => ({ ...member, status: "running" })),
    ...queue.waiting.map((member) => ({ ...member, status: "queued" })),
  ];
  return [
    ...rows([queue]),
    ...(members.length === 0 ? [] : [""]),
    ...(members.length === 0
      ? []
      : table(
          ["execution", "status", "key", "since"],
          members.map(({ executionId, status, key, since }) => [
            executionId,
            status,
            printableLine(key) || "—",
            localTime(since),
          ]),
        )),
  ];
}

type NoteOptions = CommonOptions & { readonly note?: string };

function pauseCommand(cli: Cli, action: "pause" | "resume", summary: string): Command {
  return command(action, { summary, examples: [`queues ${action} workflow:purchase`] })
    .argument("<queue>", "ID from `queues list`")
    .option("--note <text>", "why, for other operators")
    .action(async (queueId: string, { note, ...options }: NoteOptions) => {
      const { client } = await connected(cli, options);
      const queue = await client.patch("/queues/{queueId}", {
        params: { path: { queueId } },
        body: { paused: action === "pause", ...(note === undefined ? {} : { note }) },
      });
      show(cli, options, queue, () => [`${action === "pause" ? "Paused" : "Resumed"} ${queue.id}`]);
    });
}

type OverrideOptions = NoteOptions & {
  readonly total?: number;
  readonly perKey?: number;
  readonly clear?: true;
};

function overrideCommand(cli: Cli): Command {
  return command("override", {
    summary: "Raise or lower limits of a queue at once, until the override is cleared",
    examples: ["queues override workflow:purchase --total 50", "queues override workflow:purchase --clear"],
  })
    .argument("<queue>", "ID from `queues list`")
    .option("--total <slots>", "slots in total", parseCount)
    .option("--per-key <slots>", "slots for each key", parseCount)
    .option("--clear", "restore the limits of the workflow")
    .option("--note <text>", "why, for other operators")
    .action(async (queueId: string, { total, perKey, clear, note, ...options }: OverrideOptions) => {
      if ((clear === true) === (total !== undefined || perKey !== undefined))
        throw usageError("No override given", "Use --total, --per-key, or --clear alone");
      const limits = {
        ...(total === undefined ? {} : { total }),
        ...(perKey === undefined ? {} : { perKey }),
      };
      const { client } = await connected(cli, options);
      const queue = await client.patch("/queues/{queueId}", {
        params: { path: { queueId } },
        body: { override: clear === true ? null : limits, ...(note === undefined ? {} : { note }) },
      });
      show(cli, options, queue, () => rows([queue]));
    });
}

function operateCommand(cli: Cli, action: "drain" | "purge", summary: string): Command {
  return command(action, { summary, examples: [`queues ${action} workflow:purchase`] })
    .argument("<queue>", "ID from `queues list`")
    .option("--note <text>", "why, for other operators")
    .option("--yes", "skip the confirmation")
    .action(async (queueId: string, { note, yes, ...options }: NoteOptions & { readonly yes?: true }) => {
      if (action === "purge")
        await confirm(cli, `Skip everything that waits in ${printableLine(queueId)}?`, yes);
      const { client } = await connected(cli, options);
      const queue = await client.post(`/queues/{queueId}/${action}`, {
        params: { path: { queueId } },
        body: note === undefined ? {} : { note },
      });
      show(cli, options, queue, () => rows([queue]));
    });
}
