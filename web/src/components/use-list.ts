import { useInfiniteQuery } from "@tanstack/react-query";

/** One page of a list of the API. */
interface ListPage<Item> {
  readonly items: readonly Item[];
  readonly cursor?: string;
}

const livePages = 2;

/** A list of the API that loads further pages on request. */
export function useList<Item>(
  queryKey: readonly unknown[],
  load: (page: { readonly cursor?: string }, signal: AbortSignal) => Promise<ListPage<Item>>,
  { refetchMs }: { /** Short lists are polled at this interval. */ readonly refetchMs?: number } = {},
) {
  const query = useInfiniteQuery({
    queryKey,
    queryFn: async ({ pageParam, signal }) =>
      await load(pageParam === undefined ? {} : { cursor: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ cursor }) => cursor,
    refetchInterval: ({ state }) =>
      (state.data?.pages.length ?? 0) > livePages ? false : (refetchMs ?? false),
  });
  return {
    items: query.data?.pages.flatMap(({ items }) => items),
    error: query.error,
    more: query.hasNextPage ? () => void query.fetchNextPage() : undefined,
  };
}
