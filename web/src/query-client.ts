import { ProblemError } from "#client";
import { QueryCache, QueryClient } from "@tanstack/react-query";

/** The cache of server data. Any response with 401 ends the session in the web UI. */
export function createQueryClient(): QueryClient {
  const queries: QueryClient = new QueryClient({
    queryCache: new QueryCache({
      onError: (error) => {
        if (error instanceof ProblemError && error.status === 401) queries.setQueryData(["session"], null);
      },
    }),
    defaultOptions: {
      // A server on the local machine is reachable offline, so requests are always sent.
      queries: {
        networkMode: "always",
        staleTime: 2_000,
        retry: (count, error) => count < 2 && mayPass(error),
      },
      mutations: { networkMode: "always", retry: false },
    },
  });
  return queries;
}

/** Whether a retry may succeed. */
function mayPass(error: Error): boolean {
  return error instanceof ProblemError && [0, 429, 502, 503, 504].includes(error.status);
}
