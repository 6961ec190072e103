import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "wouter";
import { api } from "../../api.ts";
import { Button } from "../../components/button.tsx";
import { Loading } from "../../components/loading.tsx";
import { Empty } from "../../components/page.tsx";
import { Problem } from "../../components/problem.tsx";
import { useRefusal } from "../../session/session.tsx";
import { BulkBar } from "../bulk/bulk-bar.tsx";
import { useSelection } from "../bulk/use-selection.ts";
import { filterQuery, writeFilter } from "../filters/filter.ts";
import type { ExecutionFilter } from "../filters/filter.ts";
import { RetryAllDialog } from "../retry-all/retry-all-dialog.tsx";
import { ExecutionTable } from "./execution-table.tsx";

const pageItems = 50;

/** Longer lists are not polled. */
const livePages = 2;

/** The most executions that can be selected at once. */
const maxSelected = 1_000;

interface ListProps {
  readonly filter: ExecutionFilter;
  /** Whether all belong to one workflow, whose name is then omitted. */
  readonly ofWorkflow?: boolean;
}

/** Executions, newest first, updated live. A change of the filter clears the selection. */
export function ExecutionList(props: ListProps) {
  return <FilteredList key={writeFilter(props.filter)} {...props} />;
}

function FilteredList({ filter, ofWorkflow = false }: ListProps) {
  const query = useExecutions(filter);
  const items = query.data?.pages.flatMap((page) => page.items) ?? [];
  const selection = useSelection(items);
  const mayManage = useRefusal("executions:manage", filter.workflow);
  const selectMatching = async () => {
    let loaded = query;
    while (loaded.hasNextPage && itemsOf(loaded).length < maxSelected) {
      const next = await query.fetchNextPage();
      if (next.isError) break;
      loaded = next as typeof query;
    }
    selection.add(itemsOf(loaded).slice(0, maxSelected));
  };
  if (query.data === undefined) {
    return query.error === null ? (
      <Loading what="executions" />
    ) : (
      <Problem error={query.error} onRetry={() => void query.refetch()} />
    );
  }
  if (items.length === 0 && query.hasNextPage) return <NoneFound query={query} />;
  if (items.length === 0) return <NoExecutions filter={filter} ofWorkflow={ofWorkflow} />;
  return (
    <div className="stack">
      {query.error === null ? null : <Problem error={query.error} />}
      <ExecutionTable
        items={items}
        ofWorkflow={ofWorkflow}
        selection={selection}
        bar={
          <BulkBar
            items={items}
            selection={selection}
            refusal={mayManage}
            onSelectMatching={query.hasNextPage ? selectMatching : undefined}
          >
            <RetryThese filter={filter} refusal={mayManage} />
          </BulkBar>
        }
      />
      {query.hasNextPage ? (
        <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          Load more
        </Button>
      ) : null}
    </div>
  );
}

/** A page may be empty if a field of the payload is compared, although older executions match. */
function NoneFound({ query }: { readonly query: ReturnType<typeof useExecutions> }) {
  return (
    <Empty
      title="No matching executions so far"
      action={
        <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          Search older executions
        </Button>
      }
    >
      The newest executions do not match. Narrow the filter by workflow or time to search faster.
    </Empty>
  );
}

function itemsOf({ data }: ReturnType<typeof useExecutions>) {
  return data?.pages.flatMap((page) => page.items) ?? [];
}

function useExecutions(filter: ExecutionFilter) {
  return useInfiniteQuery({
    queryKey: ["executions", filter],
    queryFn: async ({ pageParam: cursor, signal }) =>
      await api.get("/executions", {
        params: {
          query: { ...filterQuery(filter), limit: pageItems, ...(cursor === undefined ? {} : { cursor }) },
        },
        signal,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ cursor }) => cursor,
    refetchInterval: ({ state }) => ((state.data?.pages.length ?? 0) > livePages ? false : 2_500),
  });
}

/** Retries all that match a status which allows it and have not been retried yet. */
function RetryThese({
  filter,
  refusal,
}: {
  readonly filter: ExecutionFilter;
  readonly refusal: string | undefined;
}) {
  const [isRetrying, setRetrying] = useState(false);
  const { status } = filter;
  if (status !== "failed" && status !== "cancelled") return null;
  return (
    <>
      <Button size="small" icon="retry" refusal={refusal} onClick={() => setRetrying(true)}>
        Retry these…
      </Button>
      {isRetrying ? (
        <RetryAllDialog filter={filter} status={status} onClose={() => setRetrying(false)} />
      ) : null}
    </>
  );
}

function NoExecutions({ filter, ofWorkflow }: Required<ListProps>) {
  const isFiltered = Object.keys(filter).some((name) => !(ofWorkflow && name === "workflow"));
  if (isFiltered) {
    return (
      <Empty
        title="No matching executions"
        action={
          <Link
            className="button"
            href={ofWorkflow ? `/workflows/${filter.workflow ?? ""}/executions` : "/executions"}
          >
            Clear filter
          </Link>
        }
      >
        Clear or widen the filter. Ended executions are deleted after their retention period, 30 days by
        default.
      </Empty>
    );
  }
  const { workflow } = filter;
  return (
    <Empty
      title="No executions yet"
      action={
        <Link
          className="button"
          href={workflow === undefined ? "/workflows" : `/workflows/${workflow}/editor`}
        >
          {workflow === undefined ? "Go to workflows" : "Open editor"}
        </Link>
      }
    >
      Execute a workflow from its editor, or with an API key:{" "}
      <code>
        curl -X POST -H "authorization: Bearer $DURANIUM_API_KEY"{" "}
        {`${location.origin}/workflows/${workflow ?? "NAME"}/execute`}
      </code>
    </Empty>
  );
}
