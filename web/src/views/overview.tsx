import type { Overview as Figures } from "#client";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import { useLocation, useSearch } from "wouter";
import { api } from "../api.ts";
import { Loading } from "../components/loading.tsx";
import { Page } from "../components/page.tsx";
import { Problem } from "../components/problem.tsx";
import { Segments } from "../components/segments.tsx";
import { Health } from "../overview/health.tsx";
import { Lists } from "../overview/lists.tsx";
import { NextSchedules } from "../overview/next-schedules.tsx";
import { windows } from "../overview/overview.ts";
import type { Window } from "../overview/overview.ts";
import { QueueDepth } from "../overview/queue-depth.tsx";
import { Tiles } from "../overview/tiles.tsx";
import { useRefusal } from "../session/session.tsx";
import { useNow } from "../time/now.ts";
import { Refused } from "./refused.tsx";
import "../overview/overview.css";

/** Loaded after the figures, because they bring a library. */
const RunsChart = lazy(async () => ({ default: (await import("../overview/charts.tsx")).RunsChart }));
const LatencyChart = lazy(async () => ({ default: (await import("../overview/charts.tsx")).LatencyChart }));

/** The home: whether everything is all right. */
export function Overview() {
  const refusal = useRefusal("executions:read");
  return refusal === undefined ? <OverviewPage /> : <Refused title="Overview" refusal={refusal} />;
}

function OverviewPage() {
  const [, navigate] = useLocation();
  const given = new URLSearchParams(useSearch()).get("window");
  const window = windows.find(([each]) => each === given)?.[0] ?? "PT24H";
  const { data, error, refetch } = useFigures(window);
  const now = useNow(true, 1_000);
  return (
    <Page
      title="Overview"
      actions={
        <Segments
          label="Period"
          options={windows}
          value={window}
          onChange={(next) => navigate(`/overview?window=${next}`, { replace: true })}
        />
      }
    >
      {error === null ? null : <Problem error={error} onRetry={() => void refetch()} />}
      {data === undefined ? (
        error === null ? (
          <Loading what="overview" />
        ) : null
      ) : (
        <>
          <Health figures={data} period={periods[window]} />
          <Tiles figures={data} />
          <Charts figures={data} />
          <Lists figures={data} now={now}>
            <NextSchedules schedules={data.schedules} now={now} />
            <QueueDepth queues={data.queues.items} />
          </Lists>
        </>
      )}
    </Page>
  );
}

const periods: Readonly<Record<Window, string>> = { PT1H: "hour", PT24H: "day", P7D: "week" };

function useFigures(window: Window) {
  return useQuery({
    queryKey: ["overview", window],
    queryFn: async ({ signal }): Promise<Figures> =>
      await api.get("/overview", { params: { query: { window } }, signal }),
    placeholderData: keepPreviousData,
    refetchInterval: 5_000,
  });
}

function Charts({ figures }: { readonly figures: Figures }) {
  return (
    <div className="overview-charts">
      <section className="card overview-panel" aria-label="Runs over time">
        <h2>Runs</h2>
        <Suspense fallback={<div className="chart-space" />}>
          <RunsChart figures={figures} />
        </Suspense>
      </section>
      <section className="card overview-panel" aria-label="Duration over time">
        <h2>Duration</h2>
        <Suspense fallback={<div className="chart-space" />}>
          <LatencyChart figures={figures} />
        </Suspense>
      </section>
    </div>
  );
}
