import { readFile } from "node:fs/promises";
import type { Schedule, SetSchedule } from "#client";
import type { Command } from "commander";
import { usageError } from "../output/cli-error.ts";
import { printableLine } from "../output/printable.ts";
import { table } from "../output/table.ts";
import { localTime } from "../output/times.ts";
import { command, connected, group, show } from "../shared/cli.ts";
import type { Cli, CommonOptions } from "../shared/cli.ts";
import { collect, confirm, parseCount } from "../shared/input.ts";
import { firstItems } from "../shared/pages.ts";

/** `schedules list | show | set | delete | pause | resume | trigger | backfill` */
export function scheduleCommands(cli: Cli): Command {
  return group("schedules", "Schedules", [
    listCommand(cli),
    showCommand(cli),
    setCommand(cli),
    deleteCommand(cli),
    ...(["pause", "resume"] as const).map((verb) => pauseCommand(cli, verb)),
    triggerCommand(cli),
    backfillCommand(cli),
  ]);
}

function listCommand(cli: Cli): Command {
  return command("list", {
    summary: "List schedules with their next run",
    examples: ["schedules list", "schedules list --workflow purchase"],
  })
    .option("--workflow <workflow>", "filter by workflow")
    .option("--limit <count>", "maximum number of items", parseCount, 50)
    .action(async (options: CommonOptions & { readonly workflow?: string; readonly limit: number }) => {
      const { client } = await connected(cli, options);
      const filter = options.workflow === undefined ? {} : { workflow: options.workflow };
      const items = await firstItems(
        options.limit,
        async (page) => await client.get("/schedules", { params: { query: { ...filter, ...page } } }),
      );
      show(cli, options, items, () => (items.length === 0 ? ["No schedules"] : rows(items)));
    });
}

function rows(items: readonly Schedule[]): readonly string[] {
  return table(
    ["id", "workflow", "when", "next run", "last run"],
    items.map((item) => [
      printableLine(item.id),
      printableLine(item.workflowId),
      printableLine(whenOf(item)),
      item.paused === undefined ? timeOr(item.info.next[0]?.at, "none") : "paused",
      lastOf(item),
    ]),
  );
}

function lastOf({ info: { recent } }: Schedule): string {
  const [last] = recent;
  return last === undefined ? "—" : `${localTime(last.scheduledAt)} ${last.status ?? last.outcome}`;
}

function timeOr(time: string | undefined, fallback: string): string {
  return time === undefined ? fallback : localTime(time);
}

function whenOf({ spec: { cron = [], every, at = [], timeZone } }: Schedule): string {
  const parts = [
    ...cron,
    ...(every === undefined ? [] : [`every ${every}`]),
    ...(at.length === 0 ? [] : [`at ${at.join(", ")}`]),
  ];
  return `${parts.join("; ")}${timeZone === undefined ? "" : ` (${timeZone})`}`;
}

function showCommand(cli: Cli): Command {
  return command("show", {
    summary: "Show a schedule with its next and latest runs",
    examples: ["schedules show nightly-report"],
  })
    .argument("<schedule>")
    .action(async (scheduleId: string, options: CommonOptions) => {
      const { client } = await connected(cli, options);
      const schedule = await client.get("/schedules/{scheduleId}", { params: { path: { scheduleId } } });
      show(cli, options, schedule, () => details(schedule));
    });
}

function details(schedule: Schedule): readonly string[] {
  const { info, managedBy, paused } = schedule;
  return [
    `${printableLine(schedule.id)} runs ${printableLine(schedule.workflowId)}: ${printableLine(whenOf(schedule))}`,
    ...(managedBy === "api"
      ? []
      : [`Managed by the code: version ${managedBy.version} of ${printableLine(managedBy.workflow)}`]),
    ...(paused === undefined
      ? []
      : [
          `Paused at ${localTime(paused.at)} by ${printableLine(paused.by)}${paused.note === undefined ? "" : `: ${printableLine(paused.note)}`}`,
        ]),
    `Started ${info.started}, skipped ${info.skipped}, missed ${info.missed}, waiting ${info.buffered}`,
    "",
    ...info.next.map(
      ({ at, note }) => `next  ${localTime(at)}${note === undefined ? "" : `  ${printableLine(note)}`}`,
    ),
    ...info.recent.map(
      ({ scheduledAt, outcome, executionId, status }) =>
        `last  ${localTime(scheduledAt)}  ${status ?? outcome}  ${printableLine(executionId ?? "")}`,
    ),
  ];
}

interface SetOptions extends CommonOptions {
  readonly file?: string;
  readonly workflow?: string;
  readonly cron?: readonly string[];
  readonly every?: string;
  readonly at?: readonly string[];
  readonly timeZone?: string;
  readonly entryPoint?: string;
  readonly overlap?: NonNullable<SetSchedule["overlap"]>;
  readonly payload?: string;
}

function setCommand(cli: Cli): Command {
  return command("set", {
    summary: "Create or replace a schedule",
    examples: [
      'schedules set nightly-report --workflow report --cron "0 2 * * *" --time-zone Europe/Berlin',
      "schedules set nightly-report --file schedule.json",
    ],
  })
    .argument("<schedule>")
    .option("--workflow <workflow>", "workflow to execute")
    .option("--cron <pattern>", "5 fields, or 6 with seconds first; repeatable", collect)
    .option("--every <duration>", "interval, such as PT5M")
    .option("--at <instant>", "instant, such as 2026-12-24T18:00:00+01:00; repeatable", collect)
    .option("--time-zone <zone>", "IANA time zone of the patterns; UTC by default")
    .option("--entry-point <name>", "entry point of the workflow")
    .option("--payload <json>", "payload of each execution")
    .option("--overlap <policy>", "skip, buffer-one, buffer-all, cancel-running or allow")
    .option("--file <path>", "JSON file with the whole definition, as the API takes it")
    .action(async (scheduleId: string, options: SetOptions) => {
      const { client } = await connected(cli, options);
      const body = options.file === undefined ? definitionOf(options) : await readDefinition(options.file);
      const schedule = await client.put("/schedules/{scheduleId}", {
        params: { path: { scheduleId } },
        body,
      });
      const next = timeOr(schedule.info.next[0]?.at, "never");
      show(cli, options, schedule, () => [`Schedule ${printableLine(schedule.id)} set. Next run: ${next}`]);
    });
}

function definitionOf(options: SetOptions): SetSchedule {
  const { workflow: workflowId, cron, every, at, timeZone, entryPoint, overlap, payload } = options;
  if (workflowId === undefined)
    throw usageError("--workflow is missing", "Name the workflow, or give --file");
  const spec = { cron, every, at, timeZone };
  return {
    workflowId,
    spec: defined(spec),
    ...defined({ entryPoint, overlap }),
    ...(payload === undefined ? {} : { payload: parseJson(payload, "--payload") }),
  };
}

type Defined<T> = { readonly [Key in keyof T]?: Exclude<T[Key], undefined> };

function defined<T extends object>(members: T): Defined<T> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Defined<T>;
}

async function readDefinition(path: string): Promise<SetSchedule> {
  return parseJson(await readFile(path, "utf8"), path) as SetSchedule;
}

function parseJson(text: string, source: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw usageError(`${source} is not valid JSON`);
  }
}

function deleteCommand(cli: Cli): Command {
  return command("delete", { summary: "Delete a schedule", examples: ["schedules delete nightly-report"] })
    .argument("<schedule>")
    .option("--yes", "do not ask for confirmation")
    .action(async (scheduleId: string, options: CommonOptions & { readonly yes?: true }) => {
      const { client } = await connected(cli, options);
      await confirm(cli, `Delete schedule ${printableLine(scheduleId)}?`, options.yes);
      await client.delete("/schedules/{scheduleId}", { params: { path: { scheduleId } } });
      show(cli, options, { deleted: scheduleId }, () => [`Deleted ${printableLine(scheduleId)}`]);
    });
}

function pauseCommand(cli: Cli, verb: "pause" | "resume"): Command {
  return command(verb, {
    summary: verb === "pause" ? "Pause a schedule" : "Resume a paused schedule",
    examples: [`schedules ${verb} nightly-report`],
  })
    .argument("<schedule>")
    .option("--note <text>", "reason, shown with the schedule")
    .action(async (scheduleId: string, options: CommonOptions & { readonly note?: string }) => {
      const { client } = await connected(cli, options);
      const request = {
        params: { path: { scheduleId } },
        body: options.note === undefined ? {} : { note: options.note },
      };
      const schedule =
        verb === "pause"
          ? await client.post("/schedules/{scheduleId}/pause", request)
          : await client.post("/schedules/{scheduleId}/resume", request);
      const outcome =
        verb === "pause" ? "paused" : `resumed. Next run: ${timeOr(schedule.info.next[0]?.at, "never")}`;
      show(cli, options, schedule, () => [`Schedule ${printableLine(scheduleId)} ${outcome}`]);
    });
}

function triggerCommand(cli: Cli): Command {
  return command("trigger", { summary: "Run a schedule now", examples: ["schedules trigger nightly-report"] })
    .argument("<schedule>")
    .action(async (scheduleId: string, options: CommonOptions) => {
      const { client } = await connected(cli, options);
      const started = await client.post("/schedules/{scheduleId}/trigger", {
        params: { path: { scheduleId } },
      });
      show(cli, options, started, () => [started.executionId]);
    });
}

interface BackfillOptions extends CommonOptions {
  readonly start: string;
  readonly end: string;
  readonly overlap?: NonNullable<SetSchedule["overlap"]>;
}

function backfillCommand(cli: Cli): Command {
  return command("backfill", {
    summary: "Run the instants of a past period",
    examples: ["schedules backfill nightly-report --start 2026-11-01T00:00:00Z --end 2026-11-08T00:00:00Z"],
  })
    .argument("<schedule>")
    .requiredOption("--start <instant>", "first possible instant")
    .requiredOption("--end <instant>", "last possible instant")
    .option(
      "--overlap <policy>",
      "skip, buffer-one, buffer-all, cancel-running or allow; by default sequentially",
    )
    .action(async (scheduleId: string, options: BackfillOptions) => {
      const { client } = await connected(cli, options);
      const { start, end, overlap } = options;
      const result = await client.post("/schedules/{scheduleId}/backfill", {
        params: { path: { scheduleId } },
        body: { start, end, ...(overlap === undefined ? {} : { overlap }) },
      });
      show(cli, options, result, () => [
        `Started ${result.started}, waiting ${result.buffered}, skipped ${result.skipped}`,
      ]);
    });
}
