import { useEffect, useRef, useState } from "react";
import { type Draft, isSameDraft } from "../../drafts/draft.ts";
import { useRefusal } from "../../session/session.tsx";
import {
  cancelCheck,
  checkedExecutions,
  type CheckReport,
  hasExecutions,
  readCheck,
  requiredExecutions,
  startCheck,
} from "./check-api.ts";

/** A check of the draft against recent executions, before it is deployed. */
export interface Check {
  /** The progress, or the report; absent before the first check, and if the workflow has no executions. */
  readonly report: CheckReport | undefined;
  /** Why the check could not be started or followed. */
  readonly error: unknown;
  readonly isUnderWay: boolean;
  /** Whether the draft has changed since. */
  readonly isOutdated: boolean;
  /** Why the key may not check, as a sentence. */
  readonly refusal: string | undefined;
  /** Checks the draft, also if it was checked before. */
  readonly start: () => void;
  /** Checks the draft before a deploy, unless that is done or not possible. */
  readonly startIfNeeded: () => void;
  readonly cancel: () => void;
  /** The key of the difference that is shown; the first one without it. */
  readonly chosen: string | undefined;
  readonly choose: (key: string | undefined) => void;
}

interface Checked {
  readonly draft: Draft;
  readonly report?: CheckReport;
  readonly error?: unknown;
  readonly isUnderWay: boolean;
}

export function useCheck(workflowId: string, draft: Draft, isDeployed: boolean): Check {
  const [checked, setChecked] = useState<Checked>();
  const [chosen, choose] = useState<string>();
  const following = useRef<AbortController>(undefined);
  useEffect(() => () => following.current?.abort(), []);
  const refusal = useCheckRefusal(workflowId, isDeployed);

  const run = async (signal: AbortSignal) => {
    const show = (change: Omit<Checked, "draft">) => {
      if (!signal.aborted) setChecked({ draft, ...change });
    };
    show({ isUnderWay: true });
    let report: CheckReport | undefined;
    try {
      const required = await requiredExecutions(workflowId);
      // A required check must have completed even if there is nothing to check against.
      if (required === undefined && !(await hasExecutions(workflowId))) return show({ isUnderWay: false });
      report = await startCheck(workflowId, draft, Math.max(checkedExecutions, required ?? 0));
      while (report.status === "running" && !signal.aborted) {
        show({ report, isUnderWay: true });
        report = await readCheck(report, signal);
      }
      show({ report, isUnderWay: false });
    } catch (error) {
      show({ ...(report === undefined ? {} : { report }), error, isUnderWay: false });
    }
  };
  const start = () => {
    choose(undefined);
    following.current?.abort();
    following.current = new AbortController();
    void run(following.current.signal);
  };
  const isOutdated = checked !== undefined && !isSameDraft(checked.draft, draft);
  return {
    report: checked?.report,
    error: checked?.error,
    isUnderWay: checked?.isUnderWay ?? false,
    isOutdated,
    refusal,
    chosen,
    choose,
    start,
    startIfNeeded: () => {
      const isKnown = checked !== undefined && !isOutdated && checked.error === undefined;
      const isWanted = checked?.report?.status !== "cancelled";
      if (refusal === undefined && !(isKnown && isWanted)) start();
    },
    cancel: () => {
      const report = checked?.report;
      if (report === undefined) return;
      // The progress that is followed ends with the cancelled report.
      cancelCheck(report).catch((error: unknown) =>
        setChecked({ ...checked, draft, error, isUnderWay: false }),
      );
    },
  };
}

function useCheckRefusal(workflowId: string, isDeployed: boolean): string | undefined {
  const mayDeploy = useRefusal("workflows:deploy", workflowId);
  const mayRead = useRefusal("executions:read", workflowId);
  if (!isDeployed) return "Nothing is deployed yet, so there are no executions to check against.";
  return mayDeploy ?? mayRead;
}
