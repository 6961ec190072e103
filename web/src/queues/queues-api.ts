import type { QueueDetail, Schemas } from "#client";
import { useQuery } from "@tanstack/react-query";
import { api } from "../api.ts";

const liveMs = 2_000;

export function useQueue(queueId: string) {
  return useQuery({
    queryKey: ["queue", queueId],
    queryFn: async ({ signal }): Promise<QueueDetail> =>
      await api.get("/queues/{queueId}", { params: { path: { queueId } }, signal }),
    refetchInterval: liveMs,
  });
}

export function useQueues() {
  return useQuery({
    queryKey: ["queues"],
    queryFn: async ({ signal }) => await api.get("/queues", { signal }),
    refetchInterval: liveMs,
  });
}

/** Pauses or resumes a queue, or overrides single limits; `null` restores those of the workflow. */
export async function changeQueue(queueId: string, change: Schemas["ChangeQueue"]): Promise<void> {
  await api.patch("/queues/{queueId}", { params: { path: { queueId } }, body: change });
}

export async function drainQueue(queueId: string, note: string): Promise<void> {
  await api.post("/queues/{queueId}/drain", {
    params: { path: { queueId } },
    body: note === "" ? {} : { note },
  });
}

export async function purgeQueue(queueId: string): Promise<void> {
  await api.post("/queues/{queueId}/purge", { params: { path: { queueId } }, body: {} });
}
