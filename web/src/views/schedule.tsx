import type { Schedule as ScheduleBody } from "#client";
import { Link } from "wouter";
import { hasCode } from "../api.ts";
import { Facts } from "../components/facts.tsx";
import { Icon } from "../components/icon.tsx";
import { JsonView } from "../components/json-view.tsx";
import { Loading } from "../components/loading.tsx";
import { Empty, Page, Section } from "../components/page.tsx";
import { Problem } from "../components/problem.tsx";
import { overlapLabels } from "../schedules/editor/more-fields.tsx";
import { NextRuns } from "../schedules/next-runs.tsx";
import { RecentRuns } from "../schedules/recent-runs.tsx";
import { ScheduleActions } from "../schedules/schedule-actions.tsx";
import { ScheduleState } from "../schedules/schedule-state.tsx";
import { useSchedule } from "../schedules/schedules-api.ts";
import { specText } from "../schedules/spec-text.ts";
import { useRefusal } from "../session/session.tsx";
import { durationText } from "../time/iso-duration.ts";
import { Moment } from "../time/moment.tsx";
import { Refused } from "./refused.tsx";
import "./execution.css";

/** One schedule: its next and last runs, and what can be done with it. */
export function Schedule({ scheduleId }: { readonly scheduleId: string }) {
  const refusal = useRefusal("executions:read");
  if (refusal !== undefined) return <Refused title="Schedule" refusal={refusal} />;
  return <SchedulePage scheduleId={scheduleId} />;
}

function SchedulePage({ scheduleId }: { readonly scheduleId: string }) {
  const { data, error, refetch } = useSchedule(scheduleId);
  if (data === undefined) {
    return (
      <Page title="Schedule">
        {error === null ? (
          <Loading what="schedule" />
        ) : hasCode(error, "schedule-not-found") ? (
          <Empty
            title={`No schedule ${scheduleId}`}
            action={
              <Link className="button" href="/schedules">
                Back to schedules
              </Link>
            }
          />
        ) : (
          <Problem error={error} onRetry={() => void refetch()} />
        )}
      </Page>
    );
  }
  const { spec, info } = data;
  const { timeZone = "UTC" } = spec;
  return (
    <Page
      title={scheduleId}
      heading={
        <span className="row">
          {scheduleId}
          <ScheduleState schedule={data} />
        </span>
      }
      actions={<ScheduleActions schedule={data} />}
      intro={spec.cron === undefined ? specText(spec) : `${specText(spec)}, ${timeZone}`}
    >
      {error === null ? null : <Problem error={error} />}
      <Notices schedule={data} />
      <ScheduleFacts schedule={data} />
      <Section title="Next runs">
        {data.paused === undefined ? (
          <NextRuns next={info.next} recent={info.recent} timeZone={timeZone} />
        ) : (
          <p className="soft">No runs start while the schedule is paused.</p>
        )}
      </Section>
      <Section title="Recent runs">
        <RecentRuns recent={info.recent} timeZone={timeZone} />
      </Section>
      {data.payload === undefined || data.payload === null ? null : (
        <JsonView value={data.payload} label="Payload" />
      )}
    </Page>
  );
}

function Notices({ schedule: { managedBy, paused } }: { readonly schedule: ScheduleBody }) {
  return (
    <>
      {paused === undefined ? null : (
        <div className="notice" data-kind="warn">
          <Icon name="pause" />
          <p>
            Paused {paused.by === "pauseOnFailure" ? "after failures in a row" : `by ${paused.by}`} at{" "}
            <Moment at={paused.at} />
            {paused.note === undefined || paused.note === "" ? "." : `: ${paused.note}`}
          </p>
        </div>
      )}
      {managedBy === "api" ? null : (
        <div className="notice">
          <Icon name="workflow" />
          <p>
            Managed by the code of{" "}
            <Link href={`/workflows/${managedBy.workflow}/versions`}>
              {managedBy.workflow}, version {managedBy.version}
            </Link>
            . Change it there and deploy.
          </p>
        </div>
      )}
    </>
  );
}

function ScheduleFacts({ schedule }: { readonly schedule: ScheduleBody }) {
  const { workflowId, entryPoint, version, spec, overlap, catchUp, pauseOnFailure, remaining, info } =
    schedule;
  return (
    <Facts
      facts={[
        [
          "Workflow",
          <Link key="workflow" href={`/workflows/${workflowId}`}>
            {workflowId}
          </Link>,
        ],
        ["Entry point", entryPoint],
        ["Version", version ?? "current"],
        ["Cron", spec.cron === undefined ? undefined : <code key="cron">{spec.cron.join(", ")}</code>],
        ["Time zone", spec.timeZone ?? "UTC"],
        ["While a run is in progress", overlapLabels[overlap]],
        ["Catch-up window", durationText(catchUp)],
        ["Pauses after failures in a row", pauseOnFailure],
        ["Remaining runs", remaining],
        ["Started", info.started],
        ["Skipped", info.skipped],
        [
          "Missed",
          info.missed > 0 ? (
            <strong key="missed" className="bad">
              {info.missed}
            </strong>
          ) : (
            0
          ),
        ],
        ["Note", schedule.note],
      ]}
    />
  );
}
