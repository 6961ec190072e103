import type { WorkflowSettings } from "#client";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "../api.ts";
import { useToast } from "../components/toast.tsx";

export function useSettings(workflowId: string) {
  return useQuery({
    queryKey: ["settings", workflowId],
    queryFn: async ({ signal }) =>
      await api.get("/workflows/{workflowId}/settings", { params: { path: { workflowId } }, signal }),
  });
}

/** Changes a part of the settings and keeps the rest as it is on the server. */
export function useChangeSettings(workflowId: string) {
  const queries = useQueryClient();
  const toast = useToast();
  return async (change: (settings: WorkflowSettings) => WorkflowSettings) => {
    const path = { workflowId };
    const settings = await api.get("/workflows/{workflowId}/settings", { params: { path } });
    const body = change(settings);
    queries.setQueryData(
      ["settings", workflowId],
      await api.put("/workflows/{workflowId}/settings", { params: { path }, body }),
    );
    toast.done("Settings saved");
  };
}
