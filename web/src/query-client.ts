import { ProblemError } from "#client";
import { QueryCache, QueryClient } from "@tanstack/react-query";

/** What the page knows of the server. A session that has ended shows at the next answer, wherever that is. */
export function createQueryClient(): QueryClient {
  const queries: QueryClient = new QueryClient({
    queryCache: new QueryCache({
      onError: (error) => {
        if (error instanceof ProblemError && error.status === 401) queries.setQueryData(["session"], null);
      },
    }),
    defaultOptions: {
      // A server on one's own machine answers without a network too: whether it does is found out by asking.
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

/** Whether asking again may be answered otherwise. */
function mayPass(error: Error): boolean {
  return error instanceof ProblemError && [0, 429, 502, 503, 504].includes(error.status);
}
