import { Link, useLocation, useSearch } from "wouter";
import { api } from "../api.ts";
import { Button } from "../components/button.tsx";
import { Icon } from "../components/icon.tsx";
import { Loading } from "../components/loading.tsx";
import { Empty, Page } from "../components/page.tsx";
import { Problem } from "../components/problem.tsx";
import { useList } from "../components/use-list.ts";
import { WorkflowChip } from "../executions/filters/workflow-chip.tsx";
import { useWorkflowIds } from "../workflow-ids.ts";
import { whyNotWorkflowId } from "../model/workflow-id.ts";
import { ScheduleTable } from "../schedules/schedule-table.tsx";
import { useRefusal } from "../session/session.tsx";
import { useNow } from "../time/now.ts";
import { Refused } from "./refused.tsx";

/** Schedules of all workflows, or of the one in the URL. */
export function Schedules() {
  const refusal = useRefusal("executions:read");
  return refusal === undefined ? <SchedulesPage /> : <Refused title="Schedules" refusal={refusal} />;
}

function SchedulesPage() {
  const given = new URLSearchParams(useSearch()).get("workflow") ?? "";
  const workflow = given === "" || whyNotWorkflowId(given) !== undefined ? undefined : given;
  const [, navigate] = useLocation();
  const workflows = useWorkflowIds();
  const { items, error, more } = useList(
    ["schedules", workflow],
    async (page, signal) =>
      await api.get("/schedules", {
        params: { query: { ...page, ...(workflow === undefined ? {} : { workflow }) } },
        signal,
      }),
    { refetchMs: 5_000 },
  );
  const now = useNow(true, 1_000);
  const create = (
    <Link
      href={`/schedules/new${workflow === undefined ? "" : `?workflow=${workflow}`}`}
      className="button"
      data-kind="primary"
    >
      <Icon name="plus" />
      New schedule
    </Link>
  );
  const isEmpty = items?.length === 0;
  return (
    <Page title="Schedules" actions={isEmpty && workflow === undefined ? undefined : create}>
      {isEmpty && workflow === undefined ? null : (
        <div className="filter-chips" role="search" aria-label="Filter schedules">
          <WorkflowChip
            workflow={workflow}
            workflows={workflows}
            onChange={(next) => navigate(next === undefined ? "/schedules" : `/schedules?workflow=${next}`)}
          />
        </div>
      )}
      {error === null ? null : <Problem error={error} />}
      {items === undefined && error === null ? <Loading what="schedules" /> : null}
      {isEmpty ? (
        <Empty
          title={workflow === undefined ? "No schedules yet" : `No schedules of ${workflow}`}
          action={create}
        >
          A schedule executes a workflow at times of the calendar, at an interval, or once. Workflows can also
          export their schedules in the code.
        </Empty>
      ) : null}
      {items === undefined || isEmpty ? null : <ScheduleTable schedules={items} now={now} />}
      {more === undefined ? null : <Button onClick={more}>Load more</Button>}
    </Page>
  );
}
