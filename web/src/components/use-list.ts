import { useInfiniteQuery } from "@tanstack/react-query";

/** One page of a list of the API. */
interface ListPage<Item> {
  readonly items: readonly Item[];
  readonly cursor?: string;
}

/** A list of the API that loads further pages on request. */
export function useList<Item>(
  queryKey: readonly unknown[],
  load: (page: { readonly cursor?: string }, signal: AbortSignal) => Promise<ListPage<Item>>,
) {
  const query = useInfiniteQuery({
    queryKey,
    queryFn: async ({ pageParam, signal }) =>
      await load(pageParam === undefined ? {} : { cursor: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ cursor }) => cursor,
  });
  return {
    items: query.data?.pages.flatMap(({ items }) => items),
    error: query.error,
    more: query.hasNextPage ? () => void query.fetchNextPage() : undefined,
  };
}
