import { DuraniumError } from "../../domain/errors.ts";
import type { ReplayCheckService, ReplayCheckView } from "../contract/replay-check.ts";
import { testTime } from "./in-memory-list.ts";

const none = {
  same: 0,
  otherResult: 0,
  different: 0,
  asksForMore: 0,
  endsEarlier: 0,
  throws: 0,
  notComparable: 0,
};

/** Checks that run until a request waits for them, and then have found one execution that is the same. */
export function inMemoryReplayChecks(): ReplayCheckService {
  const checks = new Map<string, ReplayCheckView>();
  const find = (workflowId: string, id: string): ReplayCheckView => {
    const check = checks.get(id);
    if (check?.workflowId === workflowId) return check;
    throw new DuraniumError("replay-check-not-found", `There is no replay check "${id}"`);
  };
  return {
    async start({ workflowId, requestedBy }) {
      const id = `chk_${String(checks.size + 1).padStart(24, "0")}`;
      const status = "running" as const;
      const check = {
        id,
        workflowId,
        status,
        requestedBy,
        createdAt: testTime,
        done: 0,
        summary: none,
        items: [],
      };
      checks.set(id, check);
      return { id };
    },
    get: async (workflowId, id) => find(workflowId, id),
    async wait(workflowId, id, timeoutMs) {
      const check = find(workflowId, id);
      if (check.status !== "running" || timeoutMs === 0) return check;
      const items = [{ executionId: "inv_000000000000000000000001", outcome: "same" as const }];
      const ended = { ...check, status: "completed" as const, done: 1, items, summary: { ...none, same: 1 } };
      checks.set(id, ended);
      return ended;
    },
    list: async (workflowId) => [...checks.values()].filter((check) => check.workflowId === workflowId),
    async cancel(workflowId, id) {
      checks.set(id, { ...find(workflowId, id), status: "cancelled" });
    },
  };
}
