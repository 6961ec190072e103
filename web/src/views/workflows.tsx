import type { Workflow } from "#client";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useEffect, useState } from "react";
import { Link } from "wouter";
import { api } from "../api.ts";
import { Badge } from "../components/badge.tsx";
import { Button } from "../components/button.tsx";
import { TextField } from "../components/field.tsx";
import { Loading } from "../components/loading.tsx";
import { Empty, Page } from "../components/page.tsx";
import { Problem } from "../components/problem.tsx";
import { Table } from "../components/table.tsx";
import { useRefusal } from "../session/session.tsx";
import { RelativeTime } from "../time/moment.tsx";
import { useNow } from "../time/now.ts";
import { RecentBars } from "../workflows/recent-bars.tsx";
import { Refused } from "./refused.tsx";

/** Loaded on demand, because it contains the sources of the templates. */
const NewWorkflowDialog = lazy(async () => ({
  default: (await import("../workflows/new-workflow-dialog.tsx")).NewWorkflowDialog,
}));

const recentCount = 20;

/** Longer lists are not polled. */
const livePages = 2;

/** All workflows, including those with only a draft. */
export function Workflows() {
  const refusal = useRefusal("workflows:read");
  return refusal === undefined ? <ExecutionPage /> : <Refused title="Workflows" refusal={refusal} />;
}

function ExecutionPage() {
  const [search, setSearch] = useState("");
  const [isCreating, setCreating] = useState(false);
  const mayDeploy = useRefusal("workflows:deploy");
  const workflows = useWorkflows(search.trim() !== "");
  const drafts = useUndeployedDrafts(workflows.items, workflows.more !== undefined);
  const isShown = ({ workflowId }: { readonly workflowId: string }) =>
    workflowId.includes(search.trim().toLowerCase());
  const shown = workflows.items?.filter(isShown) ?? [];
  const shownDrafts = drafts.filter(isShown);
  const isEmpty = workflows.items?.length === 0 && drafts.length === 0;
  const create = (
    <Button kind="primary" icon="plus" refusal={mayDeploy} onClick={() => setCreating(true)}>
      New workflow
    </Button>
  );
  return (
    <Page title="Workflows" actions={isEmpty ? undefined : create}>
      {workflows.error === null ? null : <Problem error={workflows.error} onRetry={workflows.retry} />}
      {workflows.items === undefined && workflows.error === null ? <Loading what="workflows" /> : null}
      {isEmpty ? (
        <Empty title="Write your first workflow" action={create}>
          A workflow is plain TypeScript. Write it here, or on your machine with{" "}
          <code>npx duranium init</code>. It runs to completion even if the server restarts.
        </Empty>
      ) : null}
      {workflows.items === undefined || isEmpty ? null : (
        <>
          <div className="search">
            <TextField
              type="search"
              label="Search by name"
              hideLabel
              placeholder="Search by name"
              value={search}
              onChange={setSearch}
            />
          </div>
          {shown.length + shownDrafts.length > 0 ? (
            <WorkflowTable workflows={shown} drafts={shownDrafts} />
          ) : workflows.more === undefined ? (
            <p className="soft">No workflow name contains “{search}”.</p>
          ) : (
            <Loading what="workflows" />
          )}
          {workflows.more === undefined ? null : <Button onClick={workflows.more}>Load more</Button>}
        </>
      )}
      {isCreating ? (
        <Suspense>
          <NewWorkflowDialog onClose={() => setCreating(false)} />
        </Suspense>
      ) : null}
    </Page>
  );
}

interface Draft {
  readonly workflowId: string;
  readonly updatedAt: string;
}

function WorkflowTable({
  workflows,
  drafts,
}: {
  readonly workflows: readonly Workflow[];
  readonly drafts: readonly Draft[];
}) {
  const now = useNow(true, 5_000);
  return (
    <Table label="Workflows" columns={["Name", "Version", "Recent executions", "Last execution"]}>
      {drafts.map(({ workflowId, updatedAt }) => (
        <tr key={workflowId}>
          <th scope="row">
            <Link href={`/workflows/${workflowId}/editor`}>{workflowId}</Link>
          </th>
          <td>
            <span className="badge">draft</span>
          </td>
          <td className="faint">Not deployed yet</td>
          <td className="soft">
            Edited <RelativeTime at={updatedAt} now={now} />
          </td>
        </tr>
      ))}
      {workflows.map(({ workflowId, currentVersion, paused, recent = [] }) => (
        <tr key={workflowId}>
          <th scope="row">
            <Link href={`/workflows/${workflowId}/editor`}>{workflowId}</Link>
          </th>
          <td>
            {currentVersion === undefined ? <span className="faint">None yet</span> : currentVersion}{" "}
            {paused === undefined ? null : <Badge kind="warn">paused</Badge>}
          </td>
          <td>
            <Link href={`/workflows/${workflowId}/executions`} className="plain-link">
              <RecentBars recent={recent} count={recentCount} />
            </Link>
          </td>
          <td className="soft">
            {recent[0] === undefined ? null : <RelativeTime at={recent[0].createdAt} now={now} />}
          </td>
        </tr>
      ))}
    </Table>
  );
}

/** @param all whether to load all pages, which a search needs */
function useWorkflows(all: boolean) {
  const query = useInfiniteQuery({
    queryKey: ["workflows"],
    queryFn: async ({ pageParam: cursor, signal }) =>
      await api.get("/workflows", {
        params: { query: { recent: recentCount, ...(cursor === undefined ? {} : { cursor }) } },
        signal,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ cursor }) => cursor,
    refetchInterval: ({ state }) => ((state.data?.pages.length ?? 0) > livePages ? false : 5_000),
  });
  const { hasNextPage, isFetching, isError, fetchNextPage } = query;
  useEffect(() => {
    if (all && hasNextPage && !isFetching && !isError) void fetchNextPage();
  }, [all, hasNextPage, isFetching, isError, fetchNextPage]);
  return {
    items: query.data?.pages.flatMap(({ items }) => items),
    error: query.error,
    retry: () => void query.refetch(),
    more: query.hasNextPage ? () => void query.fetchNextPage() : undefined,
  };
}

/**
 * Drafts of workflows that are not deployed.
 *
 * @param hasMore whether there are further workflows. Both lists are sorted by name, so drafts after the last loaded workflow may be deployed
 */
function useUndeployedDrafts(workflows: readonly Workflow[] | undefined, hasMore: boolean): readonly Draft[] {
  const { data = [] } = useQuery({
    queryKey: ["drafts"],
    queryFn: async ({ signal }) => await readDrafts(signal),
    refetchInterval: 10_000,
  });
  if (workflows === undefined) return [];
  const deployed = new Set(workflows.map(({ workflowId }) => workflowId));
  const last = hasMore ? (workflows.at(-1)?.workflowId ?? "") : undefined;
  return data.filter(
    ({ workflowId }) => !deployed.has(workflowId) && (last === undefined || workflowId < last),
  );
}

/** All drafts, without their files. */
async function readDrafts(signal: AbortSignal): Promise<readonly Draft[]> {
  const drafts: Draft[] = [];
  let cursor: string | undefined;
  do {
    const query = { limit: 200, ...(cursor === undefined ? {} : { cursor }) };
    const page = await api.get("/drafts", { params: { query }, signal });
    drafts.push(...page.items);
    cursor = page.cursor;
  } while (cursor !== undefined);
  return drafts;
}
