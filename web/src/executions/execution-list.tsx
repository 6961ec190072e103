import type { ExecutionSummary } from "#client";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "wouter";
import { isFinal } from "#domain/execution.ts";
import { api } from "../api.ts";
import { Button } from "../components/button.tsx";
import { Loading } from "../components/loading.tsx";
import { Empty } from "../components/page.tsx";
import { Problem } from "../components/problem.tsx";
import { Status } from "../components/status.tsx";
import { Table } from "../components/table.tsx";
import { useRefusal } from "../session/session.tsx";
import { formatDuration } from "../time/duration.ts";
import { RelativeTime } from "../time/moment.tsx";
import { useNow } from "../time/now.ts";
import { ErrorText } from "./error-text.tsx";
import { filterQuery } from "./filter.ts";
import type { ExecutionFilter } from "./filter.ts";
import { RetryAllDialog } from "./retry-all/retry-all-dialog.tsx";
import { shortId } from "./short-id.ts";

const pageItems = 50;

/** Longer lists are not polled. */
const livePages = 2;

/** Executions, newest first, updated live. */
export function ExecutionList({
  filter,
  ofWorkflow = false,
}: {
  readonly filter: ExecutionFilter;
  /** Whether all belong to one workflow, whose name is then omitted. */
  readonly ofWorkflow?: boolean;
}) {
  const query = useExecutions(filter);
  const [isRetrying, setRetrying] = useState(false);
  const mayManage = useRefusal("executions:manage", filter.workflow);
  const { status } = filter;
  if (query.data === undefined) {
    return query.error === null ? (
      <Loading what="executions" />
    ) : (
      <Problem error={query.error} onRetry={() => void query.refetch()} />
    );
  }
  const items = query.data.pages.flatMap((page) => page.items);
  if (items.length === 0) return <NoExecutions filter={filter} ofWorkflow={ofWorkflow} />;
  return (
    <div className="stack">
      {query.error === null ? null : <Problem error={query.error} />}
      {status === "failed" || status === "cancelled" ? (
        <div className="row">
          <Button icon="retry" refusal={mayManage} onClick={() => setRetrying(true)}>
            Retry these…
          </Button>
        </div>
      ) : null}
      <ExecutionTable items={items} ofWorkflow={ofWorkflow} />
      {query.hasNextPage ? (
        <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          Load more
        </Button>
      ) : null}
      {isRetrying && (status === "failed" || status === "cancelled") ? (
        <RetryAllDialog filter={filter} status={status} onClose={() => setRetrying(false)} />
      ) : null}
    </div>
  );
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

function ExecutionTable({
  items,
  ofWorkflow,
}: {
  readonly items: readonly ExecutionSummary[];
  readonly ofWorkflow: boolean;
}) {
  const now = useNow();
  const columns = ["Execution", "Status", "Version", "Entry point", "Created", "Duration"];
  return (
    <Table label="Executions" columns={columns}>
      {items.map((execution) => {
        const { executionId, workflowId, status, version, entryPoint, createdAt, completedAt, failure } =
          execution;
        const end = completedAt === undefined ? now : Date.parse(completedAt);
        return (
          <tr key={executionId}>
            <th scope="row">
              <Link href={`/executions/${executionId}`} className="execution-link">
                {ofWorkflow ? null : <span>{workflowId}</span>}
                <span className={ofWorkflow ? "mono" : "mono faint"}>{shortId(executionId)}</span>
              </Link>
            </th>
            <td>
              <Status status={status} />
              {failure === undefined || status === "cancelled" ? null : <ErrorText error={failure} />}
            </td>
            <td>{version}</td>
            <td className="mono">{entryPoint}</td>
            <td className="soft">
              <RelativeTime at={createdAt} now={now} />
            </td>
            <td className={isFinal(status) ? "nowrap" : "nowrap soft"}>
              {formatDuration(Math.max(0, end - Date.parse(createdAt)))}
              {isFinal(status) ? "" : "…"}
            </td>
          </tr>
        );
      })}
    </Table>
  );
}

function NoExecutions({
  filter,
  ofWorkflow,
}: {
  readonly filter: ExecutionFilter;
  readonly ofWorkflow: boolean;
}) {
  const isFiltered = Object.keys(filter).some((name) => !(ofWorkflow && name === "workflow"));
  if (isFiltered) {
    return (
      <Empty title="No matching executions">
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
