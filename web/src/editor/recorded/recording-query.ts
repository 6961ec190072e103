import { queryOptions } from "@tanstack/react-query";
import type { Recording } from "#recordings/recording.ts";
import { api } from "../../api.ts";

/** The recording of an execution, with the arguments of its calls. It is read once, because previews run on it. */
export function recordingQuery(executionId: string | null) {
  return queryOptions({
    queryKey: ["recording", executionId],
    queryFn: async () => {
      const path = { executionId: executionId ?? "" };
      // The API's type and this one are derived from the same schema.
      return (await api.get("/executions/{executionId}/recording", { params: { path } })) as Recording;
    },
    enabled: executionId !== null,
    staleTime: Infinity,
    gcTime: 0,
    refetchOnReconnect: false,
  });
}
