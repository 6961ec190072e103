import { api } from "../../api.ts";
import { useList } from "../../components/use-list.ts";
import { filterQuery } from "../filters/filter.ts";
import type { ExecutionFilter } from "../filters/filter.ts";

/** The number of executions per page. */
const pageItems = 100;

/** The executions that match a filter and have not been retried, newest first. */
export function useCandidates(filter: ExecutionFilter) {
  return useList(["executions", "retry-candidates", filter], async (page, signal) => {
    const query = { ...filterQuery(filter), retried: "false" as const, limit: pageItems, ...page };
    return await api.get("/executions", { params: { query }, signal });
  });
}
