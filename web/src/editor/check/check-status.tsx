import { Button } from "../../components/button.tsx";
import { Problem } from "../../components/problem.tsx";
import { checkedExecutions, type CheckReport } from "./check-api.ts";
import { summaryText } from "./outcome-words.ts";
import type { Check } from "./use-check.ts";
import "./check.css";

/** How a check is going, or went, in one sentence, with its progress. Nothing if the workflow has no executions. */
export function CheckStatus({ check }: { readonly check: Check }) {
  const { report, error, isUnderWay, isOutdated, cancel } = check;
  if (error !== undefined) return <Problem error={error} onRetry={check.start} />;
  if (report === undefined || report.total === 0) return null;
  return (
    <div className="check-status">
      <p role="status">
        {sentenceOf(report)}
        {isOutdated ? <span className="soft"> The draft has changed since.</span> : null}
      </p>
      {isUnderWay ? (
        <>
          <progress
            aria-label="Checked executions"
            {...(report.total === undefined ? {} : { value: report.done, max: report.total })}
          />
          <Button size="small" icon="stop" onClick={cancel}>
            Cancel check
          </Button>
        </>
      ) : null}
    </div>
  );
}

/** `Checking against the last 50 executions… 47 same, 2 different, 1 asks for more` */
function sentenceOf({ status, total = checkedExecutions, done, summary, problem }: CheckReport): string {
  const against = total === 1 ? "the last execution" : `the last ${total} executions`;
  const counts = summaryText(summary);
  switch (status) {
    case "running":
      return `Checking against ${against}…${counts === "" ? "" : ` ${counts}`}`;
    case "completed":
      return `Checked against ${against}: ${counts}.`;
    case "cancelled":
      return `Check cancelled after ${done} of ${total} executions${counts === "" ? "" : `: ${counts}`}.`;
    default:
      return `Check failed. ${problem?.detail ?? ""}`;
  }
}
