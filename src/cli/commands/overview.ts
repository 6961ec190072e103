import { ProblemError } from "#client";
import type { ExecutorReport, Overview } from "#client";
import type { Command } from "commander";
import { formatDuration } from "../../base/duration-text.ts";
import { usageError } from "../output/cli-error.ts";
import { printableLine } from "../output/printable.ts";
import { localTime } from "../output/times.ts";
import { command, connected, show } from "../shared/cli.ts";
import type { Cli, CommonOptions } from "../shared/cli.ts";

const windows = ["PT1H", "PT24H", "P7D"] as const;

interface OverviewOptions extends CommonOptions {
  readonly window: string;
}

/** `overview` */
export function overviewCommand(cli: Cli): Command {
  return command("overview", {
    summary: "Show whether everything is all right",
    examples: ["overview", "overview --window PT1H --json"],
  })
    .option("--window <duration>", `the time that the figures are about: ${windows.join(", ")}`, "PT24H")
    .action(async (options: OverviewOptions) => {
      const window = windows.find((each) => each === options.window);
      if (window === undefined)
        throw usageError(`Invalid value "${options.window}" of --window`, `Use ${windows.join(", ")}`);
      const { client } = await connected(cli, options);
      const overview = await client.get("/overview", { params: { query: { window } } });
      const executors = await withoutPermission(async () => (await client.get("/executors")).items);
      show(cli, options, { ...overview, ...(executors && { executors }) }, () => [
        ...lines(overview),
        ...executorLines(executors ?? []),
      ]);
    });
}

/** Undefined if the key must not read metrics. */
async function withoutPermission<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof ProblemError && error.status === 403) return undefined;
    throw error;
  }
}

function executorLines(executors: readonly ExecutorReport[]): readonly string[] {
  const all = executors.reduce((sum, { attempts }) => sum + attempts, 0);
  return executors.map(({ host, process, attempts, attemptsInFlight, connections }) => {
    const share = all === 0 ? "" : ` (${Math.round((attempts / all) * 100)} %)`;
    const name = `${printableLine(host)}#${process}`;
    return `executor   ${name}: ${attempts} attempts${share}, ${attemptsInFlight} in flight, ${connections} connections`;
  });
}

function lines({ health, runs, current, queues, schedules, failing }: Overview): readonly string[] {
  const { completed, failed, skipped, failureRate, p95Ms } = runs;
  const rate = failureRate === null ? "" : ` (${(failureRate * 100).toFixed(1)} %)`;
  const slowest = p95Ms === undefined ? "" : `, 95 % within ${formatDuration(p95Ms)}`;
  return [
    `health     ${health.status}`,
    ...health.problems.map(({ severity, message }) => `           ${severity}: ${printableLine(message)}`),
    `ended      ${completed} completed, ${failed} failed${rate}, ${skipped} skipped${slowest}`,
    `now        ${Object.entries(current)
      .map(([status, count]) => `${count} ${status}`)
      .join(", ")}`,
    `queues     ${queues.queued} waiting, ${queues.running} running`,
    ...queues.items.map(({ id, queued, running, paused }) => {
      const state = paused === undefined ? "" : ", paused";
      return `           ${printableLine(id)}: ${queued} waiting, ${running} running${state}`;
    }),
    ...schedules.map(({ id, at }) => `next       ${localTime(at)}  ${printableLine(id)}`),
    ...failing.map(
      ({ workflowId, failed: count }) => `failing    ${printableLine(workflowId)}: ${count} failed`,
    ),
  ];
}
