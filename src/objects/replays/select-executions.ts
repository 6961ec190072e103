import { isFinal } from "../../domain/execution.ts";
import type { ExecutionId } from "../../domain/ids.ts";
import { maxPageItems } from "../../domain/limits.ts";
import { listExecutions } from "../../read-model/lists/execution-list.ts";
import { readPaths } from "../../read-model/recordings/paths.ts";
import type { RestateSql } from "../../read-model/restate-sql.ts";
import type { ReplayCheckInput, ReplaySelection } from "../../replay/check-state.ts";
import { selectionFactor } from "./limits.ts";

type Listed = Awaited<ReturnType<typeof listExecutions>>["items"][number];

/** Selects the executions of a check: the given ones, or the latest ones that have ended. */
export async function selectExecutions(
  restate: RestateSql,
  { workflowId, select }: ReplayCheckInput,
): Promise<readonly ExecutionId[]> {
  const { last, executionIds, status, version, entryPoint, perEntryPoint = false, perPath = false } = select;
  const isWide = perEntryPoint || perPath;
  const found: Listed[] = [];
  const wanted = isWide ? last * selectionFactor : last;
  const filter = { workflowId, executionIds, status, version, entryPoint };
  let after: Parameters<typeof listExecutions>[2]["after"];
  do {
    const page = await listExecutions(restate, filter, { after, limit: maxPageItems });
    // An execution that flow control skipped never ran.
    found.push(...page.items.filter((each) => isFinal(each.status) && each.status !== "skipped"));
    after = page.next;
  } while (after !== undefined && found.length < wanted);
  const candidates = found.slice(0, wanted);
  if (!isWide) return candidates.map(({ executionId }) => executionId);
  const paths = perPath ? await readPaths(restate, candidates.map(idOf)) : new Map<string, string>();
  return spread(candidates, { select, paths });
}

function idOf({ executionId }: Listed): ExecutionId {
  return executionId;
}

/** The first execution of each kind, and then the latest ones. */
function spread(
  executions: readonly Listed[],
  {
    select: { last, perEntryPoint = false },
    paths,
  }: { readonly select: ReplaySelection; readonly paths: ReadonlyMap<string, string> },
): readonly ExecutionId[] {
  const kinds = new Map<string, ExecutionId>();
  for (const { executionId, entryPoint } of executions) {
    const path = paths.get(executionId) ?? "";
    const kind = JSON.stringify([perEntryPoint ? entryPoint : undefined, path]);
    if (!kinds.has(kind)) kinds.set(kind, executionId);
  }
  return [...new Set([...kinds.values(), ...executions.map(idOf)])].slice(0, last);
}
