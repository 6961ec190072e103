import type { ExecutionId } from "../../domain/ids.ts";
import { isStep } from "../../journal/steps.ts";
import type { RestateSql } from "../restate-sql.ts";

/** Reads the path of executions: the names of their steps in order, where repeated steps count once. */
export async function readPaths(
  restate: RestateSql,
  executionIds: readonly ExecutionId[],
): Promise<ReadonlyMap<string, string>> {
  const paths = new Map<string, string>();
  for (let at = 0; at < executionIds.length; at += concurrentQueries) {
    const ids = executionIds.slice(at, at + concurrentQueries);
    const read = await Promise.all(ids.map(async (id) => await readPath(restate, id)));
    for (const [place, path] of read.entries()) paths.set(ids[place] ?? "", path);
  }
  return paths;
}

const concurrentQueries = 8;

async function readPath(restate: RestateSql, id: ExecutionId): Promise<string> {
  const rows = await restate.query(
    `SELECT name FROM sys_journal WHERE id = '${id}' AND entry_type LIKE 'Command: %' ORDER BY index`,
  );
  const names = rows.map(({ name }) => String(name)).filter(isStep);
  return names.filter((name, place) => name !== names[place - 1]).join("\n");
}
