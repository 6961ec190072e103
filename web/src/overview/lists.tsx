import type { Overview as Figures } from "#client";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { ErrorText } from "../executions/list/error-text.tsx";
import { RelativeTime } from "../time/moment.tsx";
import "../components/table.css";
import { number, percent } from "./figures-text.ts";
import { Panel, shownItems } from "./panel.tsx";

interface ListsProps {
  readonly figures: Figures;
  readonly now: number;
}

/** What fails, what is open, what was changed, and what comes next. */
export function Lists({ figures, now, children }: ListsProps & { readonly children?: ReactNode }) {
  return (
    <div className="overview-lists">
      <Failing figures={figures} now={now} />
      <Incidents figures={figures} now={now} />
      <Deploys figures={figures} now={now} />
      {children}
    </div>
  );
}

function Failing({ figures: { failing }, now }: ListsProps) {
  return (
    <Panel title="Failing workflows" href="/failures" empty="No workflow fails." count={failing.length}>
      {failing.map(({ workflowId, failed, failureRate, lastFailure }) => (
        <li key={workflowId} className="overview-item">
          <span className="row">
            <Link href={`/failures?workflow=${workflowId}`}>{workflowId}</Link>
            <strong className="bad">{percent(failureRate)}</strong>
            <span className="faint">{number(failed)} failed</span>
          </span>
          {lastFailure === undefined ? null : (
            <>
              <span className="faint nowrap overview-when">
                <RelativeTime at={lastFailure.endedAt} now={now} />
              </span>
              <Link href={`/executions/${lastFailure.executionId}`} className="plain-link overview-more">
                <ErrorText error={lastFailure} />
              </Link>
            </>
          )}
        </li>
      ))}
    </Panel>
  );
}

function Incidents({ figures: { incidents }, now }: ListsProps) {
  return (
    <Panel title="Open incidents" href="/alerts/sent" empty="No open incidents." count={incidents.length}>
      {incidents.map(({ ruleId, workflowId, openedAt, executionId, summary }) => (
        <li key={`${ruleId} ${workflowId}`} className="overview-item">
          {executionId === undefined ? (
            <span>{summary}</span>
          ) : (
            <Link href={`/executions/${executionId}`}>{summary}</Link>
          )}
          <span className="faint nowrap overview-when">
            <RelativeTime at={openedAt} now={now} />
          </span>
        </li>
      ))}
    </Panel>
  );
}

function Deploys({ figures: { deploys }, now }: ListsProps) {
  return (
    <Panel
      title="Recent deploys"
      href="/workflows"
      empty={
        <>
          No deploys yet. <Link href="/workflows">Create a workflow</Link>, or deploy one from your terminal.
        </>
      }
      count={deploys.length}
    >
      {deploys.slice(0, shownItems).map(({ workflowId, version, deployedAt, deployedBy, note }) => (
        <li key={`${workflowId} ${version}`} className="overview-item">
          <span className="row">
            <Link href={`/workflows/${workflowId}/versions`}>
              {workflowId} {version}
            </Link>
            {deployedBy === undefined ? null : <span className="faint">by {deployedBy}</span>}
          </span>
          <span className="faint nowrap overview-when">
            <RelativeTime at={deployedAt} now={now} />
          </span>
          {note === undefined || note === "" ? null : (
            <span className="soft small overview-more">{note}</span>
          )}
        </li>
      ))}
    </Panel>
  );
}
