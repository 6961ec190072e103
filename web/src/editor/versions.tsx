import type { Version } from "#client";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "wouter";
import { Button } from "../components/button.tsx";
import { Loading } from "../components/loading.tsx";
import { Empty, Section } from "../components/page.tsx";
import { Problem } from "../components/problem.tsx";
import { Comparison } from "./versions/comparison.tsx";
import { readVersions } from "../model/versions-api.ts";
import { VersionsTable } from "./versions/versions-table.tsx";
import "./versions/versions.css";

/** The versions of a workflow, and a comparison of two of them. */
export function Versions({ workflowId }: { readonly workflowId: string }) {
  const { data, error, refetch, fetchNextPage, hasNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: ["versions", workflowId],
    queryFn: async ({ pageParam }) => await readVersions(workflowId, pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ cursor }) => cursor,
  });
  if (data === undefined) {
    return error === null ? <Loading what="versions" /> : <VersionsProblem error={error} onRetry={refetch} />;
  }
  const versions = data.pages.flatMap(({ items }) => items);
  if (versions.length === 0) return <NothingDeployed workflowId={workflowId} />;
  return (
    <>
      <VersionsList workflowId={workflowId} versions={versions} />
      {hasNextPage ? (
        <div>
          <Button busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            Load more
          </Button>
        </div>
      ) : null}
    </>
  );
}

function VersionsProblem({ error, onRetry }: { readonly error: Error; readonly onRetry: () => unknown }) {
  return <Problem error={error} onRetry={() => void onRetry()} />;
}

function VersionsList({
  workflowId,
  versions,
}: {
  readonly workflowId: string;
  readonly versions: readonly Version[];
}) {
  const [newest, before] = versions;
  const [chosen, choose] = useState<{ readonly from: number; readonly to: number }>();
  const to = chosen?.to ?? newest?.version ?? 1;
  const from = chosen?.from ?? before?.version ?? to;
  return (
    <>
      <VersionsTable
        workflowId={workflowId}
        versions={versions}
        onCompare={(version) => choose({ from: Math.max(1, version - 1), to: version })}
      />
      <Section title={from === to ? `Source of version ${to}` : "Changes"}>
        <Comparison
          workflowId={workflowId}
          numbers={versions.map(({ version }) => version)}
          from={from}
          to={to}
          onChoose={choose}
        />
      </Section>
    </>
  );
}

function NothingDeployed({ workflowId }: { readonly workflowId: string }) {
  return (
    <Empty
      title="No versions yet"
      action={
        <Link className="button" data-kind="primary" href={`/workflows/${workflowId}/editor`}>
          Open editor
        </Link>
      }
    >
      Each deploy creates an immutable version, which you can inspect, compare and activate again.
    </Empty>
  );
}
