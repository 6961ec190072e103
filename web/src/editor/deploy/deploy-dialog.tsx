import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { maxVersionNoteLength } from "#domain/limits.ts";
import { Dialog } from "../../components/dialog.tsx";
import { TextArea } from "../../components/field.tsx";
import { Loading } from "../../components/loading.tsx";
import { Problem } from "../../components/problem.tsx";
import type { Draft } from "../../drafts/draft.ts";
import { versionQuery } from "../../model/versions-api.ts";
import { CasesStatus } from "../cases/cases-status.tsx";
import type { Cases } from "../cases/use-cases.ts";
import { placeInDraft } from "../check/check-panel.tsx";
import { DeployCheck } from "../check/deploy-check.tsx";
import { differing } from "../check/outcome-words.ts";
import type { Check } from "../check/use-check.ts";
import type { Place } from "../monaco/code-editor.tsx";
import { ProblemsList } from "../problems/problems-list.tsx";
import type { EditorProblem } from "../problems/problems.ts";
import { SourceDiff } from "../versions/source-diff.tsx";
import { RequiredCheck } from "./required-check.tsx";
import type { Deploy } from "./use-deploy.ts";

/**
 * Shows the changes and problems before a deploy. It stays open if the workflow requires a replay check that has not
 * passed, and then offers to run it or to give a reason to skip it.
 */
export function DeployDialog({
  workflowId,
  draft,
  currentVersion,
  hasChanges,
  problems,
  check,
  cases,
  deploy,
  onGo,
  onShowCheck,
  onClose,
}: {
  readonly workflowId: string;
  readonly draft: Draft;
  readonly currentVersion: number | undefined;
  readonly hasChanges: boolean;
  readonly problems: readonly EditorProblem[];
  readonly check: Check;
  readonly cases: Cases;
  readonly deploy: Pick<Deploy, "note" | "setNote" | "start">;
  readonly onGo: (place: Place) => void;
  /** Shows the report of the check in the results. */
  readonly onShowCheck: () => void;
  readonly onClose: () => void;
}) {
  const { isRefused, reason, setReason, skipsCheck, submit } = useSubmit(deploy);
  const isDoubtful =
    !hasChanges ||
    cases.failed > 0 ||
    cases.problem !== undefined ||
    problems.some(({ severity }) => severity === "error") ||
    hasDifferences(check);
  const goTo = (place: Place) => {
    onClose();
    onGo(place);
  };
  const usual = isDoubtful ? "Deploy anyway" : "Deploy";
  return (
    <Dialog
      title={`Deploy ${workflowId}`}
      submit={skipsCheck ? "Deploy without check" : usual}
      wide={currentVersion !== undefined && hasChanges}
      onSubmit={submit}
      onClose={onClose}
    >
      <p>{effectOf(currentVersion, hasChanges)}</p>
      <ProblemsList problems={problems} onGo={goTo} />
      <TextArea
        label="Note"
        value={deploy.note}
        onChange={deploy.setNote}
        rows={2}
        maxLength={maxVersionNoteLength}
        hint="Optional. What this version changes and why. Shown in the list of versions."
      />
      <CasesStatus cases={cases} />
      <DeployCheck
        check={check}
        onShow={(group) => {
          onClose();
          check.choose(group?.key);
          const place = group === undefined ? undefined : placeInDraft(group.items[0]);
          if (place !== undefined) onGo(place);
          onShowCheck();
        }}
      />
      {isRefused ? <RequiredCheck check={check} reason={reason} onReason={setReason} /> : null}
      {currentVersion === undefined || !hasChanges ? null : (
        <Changes workflowId={workflowId} currentVersion={currentVersion} draft={draft} />
      )}
    </Dialog>
  );
}

/** Deploys. Once it was refused, a reason can be given to skip the check that the workflow requires. */
function useSubmit(deploy: Pick<Deploy, "start">) {
  const [isRefused, setRefused] = useState(false);
  const [reason, setReason] = useState("");
  const skipReason = reason.trim() === "" ? undefined : reason.trim();
  const submit = async () => {
    try {
      await deploy.start(skipReason);
    } catch (error) {
      setRefused(true);
      throw error;
    }
  };
  return { isRefused, reason, setReason, skipsCheck: skipReason !== undefined, submit };
}

function hasDifferences({ report, isOutdated }: Check): boolean {
  return report !== undefined && !isOutdated && differing(report.summary) > 0;
}

function effectOf(currentVersion: number | undefined, hasChanges: boolean): string {
  if (currentVersion === undefined) return "This deploys the first version.";
  if (!hasChanges)
    return `No changes since version ${currentVersion}. Deploying creates an identical version.`;
  return `New executions run this draft instead of version ${currentVersion}. Running executions keep their version.`;
}

function Changes({
  workflowId,
  currentVersion,
  draft,
}: {
  readonly workflowId: string;
  readonly currentVersion: number;
  readonly draft: Draft;
}) {
  const { data, error } = useQuery(versionQuery(workflowId, currentVersion));
  if (error !== null) return <Problem error={error} />;
  if (data === undefined) return <Loading what="current version" />;
  return (
    <SourceDiff
      before={data.source}
      after={draft}
      beforeName={`version ${currentVersion}`}
      afterName="this draft"
    />
  );
}
