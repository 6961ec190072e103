import type { SharedLimit } from "#client";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "../../api.ts";

/** The limits that several workflows share. */
export function useSharedLimits() {
  return useQuery({
    queryKey: ["limits"],
    queryFn: async ({ signal }) => await api.get("/limits", { signal }),
  });
}

export async function setSharedLimit({ name, limit }: SharedLimit): Promise<void> {
  await api.put("/limits/{name}", { params: { path: { name } }, body: limit });
}

export async function removeSharedLimit(name: string): Promise<void> {
  await api.delete("/limits/{name}", { params: { path: { name } } });
}

/** Returns a function that reads the limits, and the queues that they apply to, again after a change. */
export function useReloadLimits(): () => Promise<void> {
  const queries = useQueryClient();
  return async () => {
    await queries.invalidateQueries({ queryKey: ["limits"] });
    await queries.invalidateQueries({ queryKey: ["queues"] });
  };
}
