import type { DuraniumClient, ExecutionStatus } from "#client";
import type { Command } from "commander";
import { parseDuration } from "../../base/duration.ts";
import { exitCodes, usageError } from "../output/cli-error.ts";
import { refusalLines } from "../output/refusals.ts";
import { connected, show } from "./cli.ts";
import type { Cli, CommonOptions } from "./cli.ts";
import { collect, confirm, parseCount } from "./input.ts";

/** Commands on many executions, which a filter selects. */

export interface FilterOptions extends CommonOptions {
  readonly workflow?: string;
  readonly status?: ExecutionStatus;
  readonly version?: number;
  readonly entryPoint?: string;
  readonly created?: string;
  readonly tag?: readonly string[];
  readonly search?: string;
  readonly payload?: string;
}

/** Adds the options that select executions. */
export function withFilter(each: Command): Command {
  return each
    .option("--workflow <workflow>", "filter by workflow")
    .option("--status <status>", "filter by status: running, suspended, completed, failed…")
    .option("--version <version>", "filter by version", parseCount)
    .option("--entry-point <name>", "filter by entry point")
    .option("--created <period>", "filter by the time since the creation: 1h, 7d")
    .option("--tag <tag>", "filter by tag; repeatable", collect)
    .option("--search <text>", "filter by the start of the ID, or a part of the error")
    .option("--payload <field>", "filter by a field of the payload: /customer/id:42");
}

/** The options as the query of a list. @throws {CliError} */
export function filterQuery(options: FilterOptions) {
  const { workflow, status, version, entryPoint, created, tag, search, payload } = options;
  return {
    ...(workflow === undefined ? {} : { workflow }),
    ...(status === undefined ? {} : { status }),
    ...(version === undefined ? {} : { version }),
    ...(entryPoint === undefined ? {} : { "entry-point": entryPoint }),
    ...(created === undefined ? {} : { "created-after": createdAfter(created) }),
    ...(tag === undefined ? {} : { tag: tag.join(",") }),
    ...(search === undefined ? {} : { search }),
    ...(payload === undefined ? {} : { payload }),
  };
}

type Filter = ReturnType<typeof filterQuery>;

function createdAfter(period: string): string {
  const ms = parseDuration(period);
  if (!Number.isNaN(ms) && ms <= Date.now()) return new Date(Date.now() - ms).toISOString();
  throw usageError(`Invalid period "${period}" of --created`, "Use a duration such as 30m, 24h or 7d");
}

export type BulkVerb = "cancel" | "pause" | "resume" | "delete" | "retry";

export interface BulkOptions extends FilterOptions {
  readonly yes?: true;
  readonly from?: "start" | "failed-step";
  readonly current?: true;
}

interface Outcome {
  readonly executionId: string;
  readonly retryExecutionId?: string;
  readonly error?: { readonly code: string; readonly detail: string };
}

const done: Record<BulkVerb, string> = {
  cancel: "Cancellation requested for",
  pause: "Pause requested for",
  resume: "Resumed",
  delete: "Deleted",
  retry: "Retried",
};

/**
 * Counts the executions that the options select, asks for confirmation, and operates them a page at a time. Ctrl-C stops
 * after the current page. The exit code is 1 if an execution was refused.
 *
 * @throws {CliError} if no filter is given, so that a command without its argument does not act on everything
 */
export async function operateMany(cli: Cli, verb: BulkVerb, options: BulkOptions): Promise<void> {
  const filter = filterQuery(options);
  if (Object.keys(filter).length === 0)
    throw usageError(
      "No execution given",
      "Name one, or select several with a filter such as --status failed",
    );
  const { client } = await connected(cli, options);
  const unretried = verb === "retry" ? { retried: "false" as const } : {};
  const { count, isExact } = await client.get("/executions/count", {
    params: { query: { ...filter, ...unretried } },
  });
  const matching = `${isExact ? "" : "at least "}${count} matching executions`;
  if (count > 0) await confirm(cli, `${capitalized(verb)} those of ${matching} that allow it?`, options.yes);
  const signal = cli.interrupted();
  const outcomes: Outcome[] = [];
  for await (const page of pagesOf(client, verb, { filter, options })) {
    outcomes.push(...page);
    cli.terminal.progress(`${done[verb]} ${outcomes.length} of ${matching}`);
    if (signal.aborted) break;
  }
  cli.terminal.progress("");
  report(cli, options, { verb, count, outcomes, isInterrupted: signal.aborted });
}

async function* pagesOf(
  client: DuraniumClient,
  verb: BulkVerb,
  { filter, options }: { readonly filter: Filter; readonly options: BulkOptions },
): AsyncGenerator<readonly Outcome[]> {
  let cursor: string | undefined;
  do {
    const from = cursor === undefined ? {} : { cursor };
    if (verb === "retry") {
      const query = { ...filter, retried: "false" as const, limit: pageItems, ...from };
      const page = await client.get("/executions", { params: { query } });
      yield await retryPage(client, page.items, options);
      ({ cursor } = page);
    } else {
      const page = await client.post(`/executions/${verb}`, { body: { ...bodyOf(filter), ...from } });
      yield page.items;
      ({ cursor } = page);
    }
  } while (cursor !== undefined);
}

const pageItems = 100;

async function retryPage(
  client: DuraniumClient,
  items: readonly { readonly executionId: string; readonly status: ExecutionStatus }[],
  { from = "start", current }: BulkOptions,
): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const status of ["failed", "cancelled"] as const) {
    const executionIds = items.filter((item) => item.status === status).map(({ executionId }) => executionId);
    if (executionIds.length === 0) continue;
    const version = current === true ? "current" : "same";
    const { items: retried } = await client.post("/executions/retry", {
      body: { executionIds, status, from, version },
    });
    outcomes.push(...retried);
  }
  return outcomes;
}

function bodyOf({ "entry-point": entryPoint, "created-after": createdAfter, ...filter }: Filter) {
  return {
    ...filter,
    ...(entryPoint === undefined ? {} : { entryPoint }),
    ...(createdAfter === undefined ? {} : { createdAfter }),
  };
}

function report(
  cli: Cli,
  options: CommonOptions,
  {
    verb,
    count,
    outcomes,
    isInterrupted,
  }: {
    readonly verb: BulkVerb;
    readonly count: number;
    readonly outcomes: readonly Outcome[];
    readonly isInterrupted: boolean;
  },
): void {
  const refused = outcomes.filter(({ error }) => error !== undefined);
  if (refused.length > 0) cli.exitWith(exitCodes.failed);
  if (isInterrupted) cli.exitWith(exitCodes.interrupted);
  const succeeded = outcomes.length - refused.length;
  const value = { matching: count, succeeded, refused: refused.length, isInterrupted, items: outcomes };
  show(cli, options, value, () => [
    `${done[verb]} ${succeeded} of ${count} matching executions${isInterrupted ? ", then stopped" : ""}`,
    ...refusalLines(refused),
  ]);
}

function capitalized(verb: string): string {
  return `${verb[0]?.toUpperCase()}${verb.slice(1)}`;
}
