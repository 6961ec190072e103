import { ProblemError } from "#client";
import type { DuraniumClient, ReplayCheck } from "#client";
import type { ReplayItem } from "../../replay/replay-item.ts";
import { CliError, exitCodes } from "../output/cli-error.ts";
import { printableLine } from "../output/printable.ts";
import type { Cli } from "../shared/cli.ts";
import type { ProjectSource } from "../shared/project.ts";
import { sentSource } from "../shared/sent-source.ts";
import { parseFailOn } from "./fail-on.ts";
import { reportLines, summaryText } from "./report-text.ts";

/** Seconds that one request waits for the report. */
const waitSeconds = 10;

/**
 * Replays the latest executions of a workflow on a source. Prints what differs. Without `failOn`, an execution that failed and
 * no longer does is no reason against the deploy.
 *
 * @throws {CliError} if one of the outcomes must prevent the deploy, or the check failed
 */
export async function checkBeforeDeploy(
  { terminal }: Cli,
  {
    client,
    workflowId,
    source,
    last,
    failOn,
  }: {
    readonly client: DuraniumClient;
    readonly workflowId: string;
    readonly source: ProjectSource;
    readonly last: number;
    readonly failOn: string | undefined;
  },
): Promise<void> {
  const failing = parseFailOn(failOn);
  const path = { workflowId };
  terminal.progress(`Checking against the last ${last} ended executions…`);
  const started = client.post("/workflows/{workflowId}/replay-checks", {
    params: { path, query: { wait: waitSeconds } },
    body: { ...sentSource(source), select: { last } },
  });
  let check: ReplayCheck | undefined = await started.catch(undefinedIfNew);
  if (check === undefined) return terminal.note("Not checked: the workflow is new, so it has no executions");
  while (check.status === "running") {
    terminal.progress(`Checking against ${check.done} of ${check.total ?? last} ended executions…`);
    check = await client.get("/workflows/{workflowId}/replay-checks/{checkId}", {
      params: { path: { ...path, checkId: check.id }, query: { wait: waitSeconds } },
    });
  }
  terminal.progress("");
  if (check.status !== "completed") throw notChecked(check);
  const items = check.items as readonly ReplayItem[];
  for (const line of reportLines(items, terminal)) terminal.note(line);
  terminal.note(
    `Checked against ${items.length} ended executions, and none in progress: ${summaryText(items)}`,
  );
  const isFix = (item: ReplayItem) => failOn === undefined && item.fixed === true;
  const found = items.filter((item) => failing.has(item.outcome) && !isFix(item)).length;
  if (found === 0) return;
  throw new CliError(`Not deployed: the check found ${found} of ${items.length} executions that differ`, {
    exitCode: exitCodes.failed,
    hint: "Deploy without --check, or name the outcomes that matter with --fail-on",
  });
}

function undefinedIfNew(error: unknown): undefined {
  if (!(error instanceof ProblemError) || error.code !== "workflow-not-found") throw error;
}

function notChecked({ status, problem }: ReplayCheck): CliError {
  const why = problem === undefined ? `its status is ${status}` : problem.detail;
  return new CliError(`Not deployed: the check did not complete: ${printableLine(why)}`, {
    exitCode: problem?.code === "compile-failed" ? exitCodes.doesNotCompile : exitCodes.failed,
    diagnostics: problem?.diagnostics ?? [],
  });
}
