import { api } from "../../api.ts";
import { useList } from "../../components/use-list.ts";
import { filterQuery } from "../filter.ts";
import type { ExecutionFilter } from "../filter.ts";

/** How many executions are chosen at first, and how many more each time. */
const pageItems = 100;

/** The executions that a filter finds and that have not been retried, the newest first. */
export function useCandidates(filter: ExecutionFilter) {
  return useList(["executions", "retry-candidates", filter], async (page, signal) => {
    const query = { ...filterQuery(filter), retried: "false" as const, limit: pageItems, ...page };
    return await api.get("/executions", { params: { query }, signal });
  });
}
