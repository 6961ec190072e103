import type { FailureGroup } from "#client";
import { useState } from "react";
import { useLocation, useSearch } from "wouter";
import { api } from "../api.ts";
import { Button } from "../components/button.tsx";
import { SelectField } from "../components/field.tsx";
import { Loading } from "../components/loading.tsx";
import { Empty, Page } from "../components/page.tsx";
import { Problem } from "../components/problem.tsx";
import { useList } from "../components/use-list.ts";
import { WorkflowChip } from "../executions/filters/workflow-chip.tsx";
import { FailureTable } from "../failures/failure-table.tsx";
import { ForkFailureDialog } from "../failures/fork-failure-dialog.tsx";
import { RetryFailureDialog } from "../failures/retry-failure-dialog.tsx";
import { whyNotWorkflowId } from "../model/workflow-id.ts";
import { useWorkflowIds } from "../workflow-ids.ts";
import { useRefusal } from "../session/session.tsx";
import { Refused } from "./refused.tsx";

const periods = { "1h": 3_600_000, "24h": 86_400_000, "7d": 7 * 86_400_000, "30d": 30 * 86_400_000 } as const;

type Period = keyof typeof periods;

const periodLabels: readonly (readonly [Period, string])[] = [
  ["1h", "Last hour"],
  ["24h", "Last 24 hours"],
  ["7d", "Last 7 days"],
  ["30d", "Last 30 days"],
];

/** Failures grouped by cause, most recent first. */
export function Failures() {
  const refusal = useRefusal("executions:read");
  return refusal === undefined ? <FailuresPage /> : <Refused title="Failures" refusal={refusal} />;
}

/** What a dialog asks for about the executions of a failure. */
interface Asked {
  readonly action: "retry" | "fork";
  readonly failure: FailureGroup;
  readonly since: string;
}

function FailuresPage() {
  const { workflow, period } = readAddress(useSearch());
  const [, navigate] = useLocation();
  const workflows = useWorkflowIds();
  const [asked, setAsked] = useState<Asked>();
  const go = (next: { readonly workflow?: string | undefined; readonly period: Period }) =>
    navigate(addressOf(next), { replace: true });
  const { items, error, more } = useList(
    ["failures", workflow, period],
    async (page, signal) => {
      const query = { since: since(period), ...page, ...(workflow === undefined ? {} : { workflow }) };
      return await api.get("/failures", { params: { query }, signal });
    },
    { refetchMs: 5_000 },
  );
  return (
    <Page title="Failures">
      <div className="filter-chips" role="search" aria-label="Filter failures">
        <SelectField
          label="Period"
          hideLabel
          value={period}
          options={periodLabels}
          onChange={(next) => go({ workflow, period: next })}
        />
        <WorkflowChip
          workflow={workflow}
          workflows={workflows}
          onChange={(next) => go({ workflow: next, period })}
        />
      </div>
      {error === null ? null : <Problem error={error} />}
      {items === undefined && error === null ? <Loading what="failures" /> : null}
      {items?.length === 0 ? <Empty title="No failures">No execution failed in this period.</Empty> : null}
      {items === undefined || items.length === 0 ? null : (
        <FailureTable
          failures={items}
          onRetry={(failure) => setAsked({ action: "retry", failure, since: since(period) })}
          onFork={(failure) => setAsked({ action: "fork", failure, since: since(period) })}
        />
      )}
      {more === undefined ? null : <Button onClick={more}>Load more</Button>}
      {asked?.action === "retry" ? (
        <RetryFailureDialog {...asked} onClose={() => setAsked(undefined)} />
      ) : asked?.action === "fork" ? (
        <ForkFailureDialog {...asked} onClose={() => setAsked(undefined)} />
      ) : null}
    </Page>
  );
}

function since(period: Period): string {
  return new Date(Date.now() - periods[period]).toISOString();
}

function readAddress(search: string): { readonly workflow: string | undefined; readonly period: Period } {
  const given = new URLSearchParams(search);
  const workflow = given.get("workflow") ?? "";
  const within = given.get("within") ?? "";
  return {
    workflow: workflow === "" || whyNotWorkflowId(workflow) !== undefined ? undefined : workflow,
    period: Object.hasOwn(periods, within) ? (within as Period) : "24h",
  };
}

function addressOf({
  workflow,
  period,
}: {
  readonly workflow?: string | undefined;
  readonly period: Period;
}): string {
  const query = new URLSearchParams({ within: period, ...(workflow === undefined ? {} : { workflow }) });
  return `/failures?${query}`;
}
