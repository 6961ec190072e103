import { useQuery } from "@tanstack/react-query";
import { api } from "./api.ts";
import { useRefusal } from "./session/session.tsx";

/** The names of the first workflows, as suggestions; other names can be typed. */
export function useWorkflowIds(): readonly string[] {
  const isRefused = useRefusal("workflows:read") !== undefined;
  const { data } = useQuery({
    queryKey: ["workflow-ids"],
    queryFn: async ({ signal }) => await api.get("/workflows", { params: { query: { limit: 100 } }, signal }),
    staleTime: 60_000,
    enabled: !isRefused,
  });
  return data?.items.map(({ workflowId }) => workflowId) ?? [];
}
